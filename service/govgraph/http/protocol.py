"""What a request of the SPARQL 1.1 Protocol carries: in the URL, in a form, or as its body."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import Literal

from fastapi import Request
from pyoxigraph import NamedNode

from govgraph.edge import coding
from govgraph.edge.form import pairs
from govgraph.engine.base import Dataset
from govgraph.errors import GovgraphError

BODY_LIMIT = 1 << 20
FORM = "application/x-www-form-urlencoded"
Parameters = dict[str, list[str]]


@dataclass(frozen=True)
class Operation:
    """A query operation as the protocol carries it."""

    query: str
    dataset: Dataset
    release: str | None
    format: str | None
    explain: Literal["false", "true", "analyze"] = "false"


def operation(parameters: Parameters) -> Operation:
    """The query operation of a request's parameters. GovgraphError if they are not one."""
    return Operation(
        only(parameters, "query"),
        dataset(parameters, "default-graph-uri", "named-graph-uri"),
        one(parameters, "release"),
        one(parameters, "format"),
        _explain(parameters),
    )


async def posted(request: Request, name: str, limit: int = BODY_LIMIT) -> Parameters:
    """The parameters of a POST: a form, or the `query` or `update` of that name as the body.

    GovgraphError(unsupported-media-type, body-too-large, not-utf8, <name>-repeated)."""
    media = media_type(request.headers.get("content-type"))
    if media not in (FORM, f"application/sparql-{name}"):
        raise GovgraphError("unsupported-media-type", given=media or "(none)")
    content = await body(request, limit)
    if media == FORM:
        return _parameters(request.scope["query_string"], content)
    parameters = in_url(request)
    if name in parameters:
        raise GovgraphError(f"{name}-repeated")
    return parameters | {name: [decoded(content)]}


def in_url(request: Request) -> Parameters:
    """The parameters of a request's URL."""
    return _parameters(request.scope["query_string"])


def media_type(header: str | None) -> str:
    """The media type of a Content-Type header in lower case, "" without one. All our texts are
    UTF-8. GovgraphError(unsupported-media-type) for a header that says otherwise."""
    if header is None:
        return ""
    message = Message()
    message["content-type"] = header
    charset = message.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise GovgraphError("unsupported-media-type", given=header)
    return header.partition(";")[0].strip().lower()


async def body(request: Request, limit: int, *packed: str) -> bytes:
    """A request's body, out of its content coding, of `limit` bytes at most; in a coding of `packed`
    it is wanted as it is.

    GovgraphError(body-too-large, content-coding, unsupported-media-type)."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise GovgraphError("body-too-large", limit=limit)
    said = request.headers.get("content-encoding", "").strip().lower()
    return bytes(content) if said in packed else coding.decoded(bytes(content), said, limit)


def decoded(content: bytes) -> str:
    """Bytes as text. GovgraphError(not-utf8)."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise GovgraphError("not-utf8") from None


def _parameters(*encoded: bytes) -> Parameters:
    parameters: Parameters = {}
    for name, value in (pair for form in encoded for pair in pairs(form)):
        parameters.setdefault(name, []).append(value)
    return parameters


def one(parameters: Parameters, name: str) -> str | None:
    """The first value of a parameter, None without one or if it is empty."""
    values = parameters.get(name, [])
    return values[0] if values and values[0] else None


def only(parameters: Parameters, name: str) -> str:
    """The value of `query` or `update`. GovgraphError(<name>-missing, <name>-repeated)."""
    values = parameters.get(name, [])
    if len(values) != 1:
        raise GovgraphError(f"{name}-repeated" if values else f"{name}-missing")
    return values[0]


def dataset(parameters: Parameters, default: str, named: str) -> Dataset:
    """The dataset that parameters of these names ask for."""
    return Dataset(
        _iris(parameters, default), _iris(parameters, named), _flag(parameters, "inference")
    )


def _iris(parameters: Parameters, name: str) -> list[str] | None:
    values = parameters.get(name)
    return values and [iri(value, name) for value in values]


def iri(value: str, name: str) -> str:
    """An absolute IRI as it is. GovgraphError(invalid-parameter) for another value of `name`."""
    try:
        return NamedNode(value).value
    except ValueError as error:
        why, why_zh = str(error), "不是 IRI"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh) from None


def _explain(parameters: Parameters) -> Literal["false", "true", "analyze"]:
    text = (one(parameters, "explain") or "false").lower()
    if text in ("analyze", "analyse"):
        return "analyze"
    if text not in _SWITCH:
        why, why_zh = "write true, false or analyze", "应为 true、false 或 analyze"
        raise GovgraphError("invalid-parameter", name="explain", why=why, why_zh=why_zh)
    return "true" if _SWITCH[text] else "false"


_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _flag(parameters: Parameters, name: str) -> bool:
    """A switch that is on unless it is turned off."""
    text = (one(parameters, name) or "true").lower()
    if text not in _SWITCH:
        why, why_zh = "write true or false", "应为 true 或 false"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return _SWITCH[text]


def url_of(request: Request) -> str:
    """The URL that a request came to, as it was written, without its parameters."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    return f"{request.url.scheme}://{request.headers['host']}{path.decode('ascii', 'replace')}"
