"""/docs: the OpenAPI description as plain pages: all operations by topic, each on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from govgraph.catalog.index import entries
from govgraph.errors import GovgraphError
from govgraph.pages.frame import respond
from govgraph.pages.page import Page

router = APIRouter(include_in_schema=False)
#: Where Chinese begins, with the marks that open a sentence; words that only English has in a row.
_CHINESE = re.compile(r"[“《（]*[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"(?:[A-Za-z]+ ){4}")
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """A method of a path as the description has it; `name` is the last part of its page's address."""

    name: str
    method: str
    path: str
    topic: str
    about: Mapping[str, Any]

    @property
    def summary(self) -> Mapping[str, str]:
        """What it does in a line; a named query has its titles from the catalogue."""
        entry = entries().get(self.path.rpartition("/")[2]) if self.topic == "queries" else None
        if entry is not None:
            return {"zh": entry.title_zh, "en": entry.title_en}
        return both(self.about.get("summary", ""))

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [_parameter(parameter) for parameter in self.about.get("parameters", ())]

    @property
    def bodies(self) -> Sequence[str]:
        """The media types that a body may have."""
        return tuple(self.about.get("requestBody", {}).get("content", ()))

    def example(self, root: str) -> str | None:
        """A link that tries it."""
        return _example(root + self.path, self.parameters) if self.method == "GET" else None


@router.get("/docs")
async def docs(request: Request) -> Response:
    """All operations by their topics, in the order of the description."""
    description = request.app.openapi()
    topics: dict[str, list[Operation]] = {}
    for operation in _operations(description).values():
        topics.setdefault(operation.topic, []).append(operation)
    return respond("docs.html", Page.of(request), info=description["info"], topics=topics)


@router.get("/docs/{name}")
async def one(request: Request, name: str) -> Response:
    """An operation with its parameters, its answers and a link or command that tries it.
    GovgraphError(no-such-path)."""
    description = request.app.openapi()
    found = _operations(description).get(name)
    if found is None:
        raise GovgraphError("no-such-path")
    return respond(
        "operation.html", Page.of(request), info=description["info"], operation=found, both=both
    )


def both(text: str) -> dict[str, str]:
    """A text by language, if its English is followed by the same in Chinese.

    >>> both("A row. 一行。"), both("post · 岗位"), both("西园 is a place of ours and theirs")
    ({'en': 'A row.', 'zh': '一行。'}, {'en': 'post', 'zh': '岗位'}, {'en': '西园 is a place of ours and theirs'})
    """
    found = _CHINESE.search(text)
    if found is None or _ENGLISH.search(text[found.start() :]):
        return {"en": text}
    english, chinese = text[: found.start()].rstrip(" ·"), text[found.start() :]
    return {"en": english, "zh": chinese} if english else {"zh": chinese}


def _operations(description: Mapping[str, Any]) -> dict[str, Operation]:
    found = {}
    for path, methods in description["paths"].items():
        for method in (name for name in _METHODS if name in methods):
            about = methods[method]
            name = re.sub(r"[^A-Za-z0-9]+", "-", f"{method}{path}").strip("-")
            found[name] = Operation(name, method.upper(), path, about["tags"][0], about)
    return found


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    examples = schema.get("examples") or [
        e for s in schema.get("anyOf", ()) for e in s.get("examples", ())
    ]
    kinds = [
        s["type"] for s in schema.get("anyOf", [schema]) if s.get("type") not in (None, "null")
    ]
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter.get("required", False),
        "type": " or ".join(kinds),
        "description": both(parameter.get("description") or schema.get("description", "")),
        "example": examples[0] if examples else None,
    }


def _example(url: str, parameters: list[dict[str, Any]]) -> str | None:
    """A URL with the examples of its parameters, None if a required one has none."""
    query = {}
    for parameter in parameters:
        example = parameter["example"]
        if example is None and parameter["required"]:
            return None
        if parameter["in"] == "path":
            url = url.replace("{" + parameter["name"] + "}", str(example))
        elif example is not None:
            query[parameter["name"]] = example
    return url + (f"?{urlencode(query)}" if query else "")
