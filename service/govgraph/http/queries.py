"""/api/v1/queries: every entry of the catalogue as a typed, documented route."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from govgraph.catalog.entry import Entry
from govgraph.catalog.evidence import evidence
from govgraph.catalog.files import MEDIA, written
from govgraph.catalog.index import entries, find_entry
from govgraph.catalog.present import about, document
from govgraph.catalog.run import Result
from govgraph.edge.form import pairs
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.http.common import in_thread, name_release, releases
from govgraph.http.queryschema import described
from govgraph.http.state import Opened

router = APIRouter(prefix="/api/v1/queries", tags=["queries"])
JSON = "application/json"
#: Rows of a page, and the most that one may have: whole answers are had as files.
PAGE, LONGEST = 100, 10_000
#: Rows of a page with evidence.
PROVED = 20
_OURS = ("limit", "offset", "format", "release", "evidence")
_OFFERED = {JSON: "json"} | {media.partition(";")[0]: kind for kind, media in MEDIA.items()}


@router.get("", summary="The named queries")
def list_queries() -> list[dict[str, Any]]:
    """Every query of the catalogue with its parameters, columns and chart hint."""
    return [about(entry) | {"url": f"{router.prefix}/{entry.name}"} for entry in entries().values()]


async def _answer(request: Request, entry: Entry) -> Response:
    """One page as JSON, or the whole answer as a file."""
    texts = _texts(request)
    kind = _kind(request, texts)
    proved = _flag(texts, "evidence")
    page = _page(texts, whole=kind != "json", proved=proved)
    asked = {name: found for name, found in texts.items() if name not in _OURS}

    def work() -> tuple[Opened, Response]:
        release = releases(request).open(_one(texts, "release"))
        result = release.answer(entry, asked)
        if kind == "json":
            return release, JSONResponse(_document(release, result, page, proved=proved))
        body = written(release.context, _cut(result, page), kind, release.release.id)
        return release, Response(body, media_type=MEDIA[kind], headers=_named(entry, kind))

    release, response = await in_thread(request, work)
    name_release(response, release, response.headers["content-type"])
    return response


def _document(
    release: Opened, result: Result, page: tuple[int, int | None], *, proved: bool
) -> dict[str, Any]:
    offset, limit = page
    cut = _cut(result, page)
    after = offset + cut.frame.height
    more = after < result.frame.height
    url = f"{router.prefix}/{result.entry.name}"
    asked = [(name, text) for name, texts in result.given.items() for text in texts]
    paged = [("limit", str(limit)), ("offset", str(after))]
    pinned = [*asked, ("release", release.release.id)]
    proof = {"evidence": evidence(release.context, result, offset, limit or 0)} if proved else {}
    return (
        document(release.context, cut)
        | proof
        | {
            "release": release.release.id,
            "total": result.frame.height,
            "offset": offset,
            "limit": limit,
            "next": f"{url}?{urlencode([*pinned, *paged])}" if more else None,
            "permalink": f"{url}?{urlencode(pinned)}",
        }
    )


def _cut(result: Result, page: tuple[int, int | None]) -> Result:
    return Result(result.entry, result.given, result.frame.slice(*page), result.coverage)


def _named(entry: Entry, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{entry.name}.{kind}"'}


# -- what the caller asks ------------------------------------------------------------------------


def _texts(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in pairs(request.scope["query_string"]):
        found.setdefault(name, []).append(text)
    return found


def _one(texts: dict[str, list[str]], name: str) -> str | None:
    found = texts.get(name, [])
    if len(found) > 1:
        why, why_zh = "it may be given only once", "只能出现一次"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return found[0] if found and found[0] else None


def _kind(request: Request, texts: dict[str, list[str]]) -> str:
    asked = _one(texts, "format")
    if asked is None:
        return negotiate.require(negotiate.accepted(request), _OFFERED)[1]
    if asked != "json" and asked not in MEDIA:
        raise GovgraphError("not-acceptable", offered=", ".join(("json", *MEDIA)))
    return asked


def _page(texts: dict[str, list[str]], *, whole: bool, proved: bool) -> tuple[int, int | None]:
    """Offset and limit; a file is whole unless a limit is given."""
    limit = _number(texts, "limit", 1, None if whole else LONGEST)
    usual = None if whole else PROVED if proved else PAGE
    return _number(texts, "offset", 0, None) or 0, limit or usual


def _flag(texts: dict[str, list[str]], name: str) -> bool:
    text = (_one(texts, name) or "false").lower()
    if text not in ("true", "false"):
        why, why_zh = "write true or false", "应为 true 或 false"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return text == "true"


def _number(texts: dict[str, list[str]], name: str, least: int, most: int | None) -> int | None:
    text = _one(texts, name)
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
    if number < least or (most is not None and number > most):
        until = f" to {most}" if most else " on"
        why, why_zh = f"write a number from {least}{until}", f"应为不小于 {least} 的整数"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return number


# -- the routes ----------------------------------------------------------------------------------


def _endpoint(entry: Entry) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def endpoint(request: Request) -> Response:
        return await _answer(request, entry)

    return endpoint


def add_routes(catalogue: APIRouter) -> None:
    """A route for each entry, and one that says that there is no such query."""
    for entry in entries().values():
        add = partial(catalogue.add_api_route, f"/{entry.name}", _endpoint(entry))
        add(methods=["HEAD"], include_in_schema=False)
        add(
            methods=["GET"],
            name=entry.name,
            summary=entry.title_en,
            description=f"{entry.description_en}\n\n{entry.title_zh}。{entry.description_zh}",
            openapi_extra=described(entry),
            response_class=Response,
            responses={},
        )

    @catalogue.get("/{name}", include_in_schema=False)
    def unknown(name: str) -> None:
        find_entry(name)


add_routes(router)
