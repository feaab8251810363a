"""/query: a query written by hand, its answer as a table, an error with its place marked.

With scripts the same text is written in an editor, which asks for the parts of the page: the answer
(/query/answer), what is wrong (/query/check), what may be written (/query/terms)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from govgraph.catalog.entry import Entry
from govgraph.catalog.files import MEDIA
from govgraph.catalog.index import entries, find_entry
from govgraph.catalog.readable import readable
from govgraph.catalog.values import Given, as_texts, given
from govgraph.edge.form import pairs
from govgraph.errors import GovgraphError
from govgraph.http import protocol
from govgraph.http.common import FRESH, in_thread, name_release
from govgraph.pages.address import Address
from govgraph.pages.common import Shown
from govgraph.pages.editor import sheet, terms
from govgraph.pages.editor.asked import Fault, Outcome, checked, outcome
from govgraph.pages.editor.rows import ROWS, Order
from govgraph.pages.editor.snippets import of_query
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.static_files import built
from govgraph.vocabulary import PREFIXES

router = APIRouter(include_in_schema=False)
PATH = "/query"
_FIRST = """SELECT ?post ?person ?start ?end WHERE {
  ?appointment gov:onPost ?post ; org:member ?person .
  OPTIONAL { ?appointment gov:start ?start }
  OPTIONAL { ?appointment gov:end ?end }
}
LIMIT 20"""


@router.get(PATH)
async def shown(request: Request, page: Shown) -> Response:
    """The editor, and the answer to the query of the address."""
    return await in_thread(request, lambda: _page(page, "editor.html"))


@router.post(PATH)
async def posted(request: Request, page: Shown) -> Response:
    """The same for queries too long for an address."""
    asked = await _posted(request, page)
    return await in_thread(request, lambda: _page(asked, "editor.html"))


@router.get(f"{PATH}/answer")
async def answer(request: Request, page: Shown) -> Response:
    """The part of the page that has the answer."""
    asked = replace(page, address=Address(PATH, page.address.parameters))
    return await in_thread(request, lambda: _page(asked, "editor-answer.html"))


@router.post(f"{PATH}/answer")
async def posted_answer(request: Request, page: Shown) -> Response:
    """The same for queries too long for an address."""
    asked = await _posted(request, page)
    return await in_thread(request, lambda: _page(asked, "editor-answer.html"))


@router.post(f"{PATH}/check")
async def check(request: Request, page: Shown) -> Response:
    """What is wrong with a query and where, as JSON; it is not run."""
    asked = await _posted(request, page)
    found = await in_thread(request, lambda: checked(_text(asked)))
    return JSONResponse({"fault": found and _told(found)})


@router.get(f"{PATH}/terms")
async def known(request: Request, page: Shown) -> Response:
    """Prefixes, classes and properties for completion; fixed for a release."""
    assert page.opened is not None
    opened = page.opened
    response = JSONResponse(await in_thread(request, lambda: terms.of_release(opened)))
    name_release(response, opened)
    return response


@router.get(f"{PATH}/rows.xlsx")
async def workbook(request: Request, page: Shown) -> Response:
    """The rows of a SELECT query as a spreadsheet. GovgraphError(not-acceptable, too-many-rows)."""
    assert page.opened is not None
    content = await in_thread(request, lambda: sheet.written(page, _text(page)))
    headers = {"Content-Disposition": 'attachment; filename="rows.xlsx"'}
    response = Response(content, media_type=MEDIA["xlsx"], headers=headers)
    name_release(response, page.opened, "xlsx", fixed=not FRESH.search(_text(page)))
    return response


async def _posted(request: Request, page: Page) -> Page:
    """The page whose parameters came as a form."""
    content = await protocol.body(request, protocol.BODY_LIMIT)
    kept = [pair for pair in page.address.parameters if pair[0] != "q"]
    return replace(page, address=Address(PATH, (*pairs(content), *kept)))


def _page(page: Page, template: str) -> Response:
    example = _example(page)
    text = _text(page) or (_example_text(page, example) if example else "")
    asked = bool(_text(page).strip())
    found = outcome(page, text, _order(page)) if asked else Outcome()
    status = found.fault.error.status if found.fault and template == "editor.html" else 200
    response = respond(
        template, page, "query", status=status, text=text or _FIRST, asked=asked, outcome=found,
        example=example, prefixes=PREFIXES, order=_order(page), step=ROWS, lively=built("editor.js"),
        snippets=of_query(page, text, found.answer.form) if found.answer else (),
        examples=[entry for entry in entries().values() if entry.query is not None],
    )  # fmt: skip
    if FRESH.search(text) or not built("editor.js"):  # it may be built later
        del response.headers["etag"]
    return response


def _text(page: Page) -> str:
    return next(iter(page.address.values("q")), "")


def _order(page: Page) -> Order:
    column = next(iter(page.address.values("sort")), "")
    offset = next(iter(page.address.values("offset")), "")
    number = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 9 else 0
    return Order(column, number)


def _example(page: Page) -> Entry | None:
    """The entry of the catalogue that is to be opened. GovgraphError(unknown-query)."""
    name = next(iter(page.address.values("example")), "")
    return find_entry(name) if name else None


def _example_text(page: Page, entry: Entry) -> str:
    """The entry's query with the examples of its parameters in place; "" for a function."""
    assert page.opened is not None
    if entry.query is None:
        return ""
    asked = {p.name: as_texts(p.example) for p in entry.parameters if p.required}
    try:
        return readable(entry, given(page.opened.context, entry, asked))
    except GovgraphError:  # the release has not what the example names
        return readable(entry, Given({}, {}))


def _told(fault: Fault) -> Mapping[str, Any]:
    """A fault for the editor: in both languages, at its place."""
    return {
        "code": fault.error.code, "line": fault.line, "column": fault.column,
        "length": fault.length, "message_zh": fault.message("zh"), "message_en": fault.message("en"),
    }  # fmt: skip
