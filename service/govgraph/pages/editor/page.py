"""/query: a query written by hand, its answer as a table, an error with its place marked."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from pyoxigraph import parse_query_results as read_results

from govgraph.catalog.index import entries
from govgraph.edge.form import pairs
from govgraph.engine.base import Dataset, Formats
from govgraph.engine.guard import guard
from govgraph.errors import GovgraphError
from govgraph.http import protocol
from govgraph.http.common import in_thread
from govgraph.pages.common import Shown
from govgraph.pages.editor.rows import Answered, of_solutions
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.vocabulary import PREFIXES

router = APIRouter(include_in_schema=False)
#: Bytes of an answer that a page reads; files have all.
LARGEST = 8 << 20
_FORMATS: Formats = {
    "select": QueryResultsFormat.JSON,
    "ask": QueryResultsFormat.JSON,
    "graph": RdfFormat.TURTLE,
}
_PLACE = re.compile(r"\bat (\d+):(\d+)")
_FIRST = """SELECT ?post ?person ?start ?end WHERE {
  ?appointment gov:onPost ?post ; org:member ?person .
  OPTIONAL { ?appointment gov:start ?start }
  OPTIONAL { ?appointment gov:end ?end }
}
LIMIT 20"""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a query; `lines` are those around the place, which is (line, column)."""

    error: GovgraphError
    line: int = 0
    column: int = 0
    lines: tuple[tuple[int, str], ...] = ()


@router.get("/query")
async def shown(request: Request, page: Shown, q: str = "") -> Response:
    """The editor, and the answer to the query of the address."""
    return await in_thread(request, lambda: _page(page, q))


@router.post("/query")
async def posted(request: Request, page: Shown) -> Response:
    """The same for queries too long for an address."""
    form = dict(pairs(await protocol.body(request, protocol.BODY_LIMIT)))
    return await in_thread(request, lambda: _page(page, form.get("q", "")))


def _page(page: Page, text: str) -> Response:
    answer, fault, seconds = _answered(page, text) if text.strip() else (None, None, 0.0)
    status = fault.error.status if fault else 200
    return respond(
        "editor.html", page, "query", status=status,
        text=text or _FIRST, asked=bool(text.strip()), answer=answer, fault=fault, seconds=seconds,
        prefixes=PREFIXES, examples=[e for e in entries().values() if e.query is not None],
    )  # fmt: skip


def _answered(page: Page, text: str) -> tuple[Answered | None, Fault | None, float]:
    began = time.perf_counter()
    try:
        found = _evaluated(page, text)
    except GovgraphError as error:
        if error.status >= 500 and error.code not in _LIMITS:
            raise
        return None, _fault(error, text), time.perf_counter() - began
    return found, None, time.perf_counter() - began


#: Errors of ours that are the query's own doing.
_LIMITS = ("query-timeout", "query-memory", "query-spill", "query-ended-worker")


def _evaluated(page: Page, text: str) -> Answered:
    assert page.opened is not None
    guard(text)
    answer = page.opened.engine.answer(text, _FORMATS, Dataset(inference=page.inference))
    content = bytearray()
    for chunk in answer.chunks:
        content += chunk
        if len(content) > LARGEST:
            answer.chunks.close()
            return Answered(form=answer.form, too_large=True)
    if answer.form == "graph":
        return Answered(form="graph", text=content.decode())
    results = read_results(bytes(content), format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return Answered(form="ask", truth=bool(results))
    assert isinstance(results, QuerySolutions)
    return of_solutions(page, results)


def _fault(error: GovgraphError, text: str) -> Fault:
    """The error with the lines around its place, where the parser names one."""
    found = _PLACE.search(error.message_en)
    if error.code != "query-syntax" or not found:
        return Fault(error)
    line, column = int(found[1]), int(found[2])
    every = list(enumerate(text.splitlines(), start=1))
    return Fault(error, line, column, tuple(every[max(0, line - 3) : line + 1]))
