"""A query as it is asked of the editor: evaluated for a page, or what is wrong with it and where."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from pyoxigraph import parse_query_results as read_results

from govgraph.engine.base import Answer, Dataset, Formats
from govgraph.engine.guard import guard
from govgraph.engine.oxigraph import form_of
from govgraph.errors import GovgraphError
from govgraph.observed import current
from govgraph.pages.editor.rows import Answered, Order, of_solutions
from govgraph.pages.language import Language
from govgraph.pages.page import Page
from govgraph.pages.words import say

#: Bytes of an answer that a page reads, and a sheet; other files have all.
LARGEST, LARGEST_SHEET = 8 << 20, 64 << 20
#: Characters of a graph that a page shows.
_GRAPH = 60_000
_FORMATS: Formats = {
    "select": QueryResultsFormat.JSON,
    "ask": QueryResultsFormat.JSON,
    "graph": RdfFormat.TURTLE,
}
_PLACE = re.compile(r"error at (\d+):(\d+)")
_WORD = re.compile(r"[\w:.-]+|\S")
#: Errors of ours that are the query's own doing.
_LIMITS = ("query-timeout", "query-memory", "query-spill", "query-ended-worker")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a query. `lines` are those around the place, which is (line, column), 1 for
    the first; `length` characters are marked there. Without a place all three are 0."""

    error: GovgraphError
    line: int = 0
    column: int = 0
    length: int = 0
    lines: tuple[tuple[int, str], ...] = ()
    undeclared: bool = False

    def message(self, language: Language) -> str:
        """What is wrong in plain words. What the parser says that it expected is mostly beside the
        point, and long."""
        if not self.line:
            return self.error.message_zh if language == "zh" else self.error.message_en
        return say(language, "editor.undeclared" if self.undeclared else "editor.unexpected")


@dataclass(frozen=True)
class Outcome:
    """What became of a query: an answer or a fault, after so many seconds, by which engine."""

    answer: Answered | None = None
    fault: Fault | None = None
    seconds: float = 0.0
    engine: str = ""


def outcome(page: Page, text: str, order: Order) -> Outcome:
    """The answer to a query, in order, or its fault. GovgraphError for what is not its own doing."""
    began = time.perf_counter()
    answer, found = None, None
    try:
        answer = _answered(page, text, order)
    except GovgraphError as error:
        if error.status >= 500 and error.code not in _LIMITS:
            raise
        found = fault(error, text)
    observed = current()
    return Outcome(answer, found, time.perf_counter() - began, observed.engine if observed else "")


def checked(text: str) -> Fault | None:
    """What is wrong with a query before it is run."""
    try:
        guard(text)
        form_of(text)
    except GovgraphError as error:
        if error.status >= 500:
            raise
        return fault(error, text)
    return None


def solutions(page: Page, text: str, largest: int) -> QuerySolutions | None:
    """The solutions of a SELECT query, None if they have more bytes than that.

    GovgraphError(not-acceptable) for another form."""
    answer = _begun(page, text)
    if answer.form != "select":
        answer.chunks.close()
        raise GovgraphError("not-acceptable", offered="turtle, json")
    content = _content(answer, largest)
    if content is None:
        return None
    found = read_results(content, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return found


def _answered(page: Page, text: str, order: Order) -> Answered:
    answer = _begun(page, text)
    content = _content(answer, LARGEST)
    if content is None:
        return Answered(answer.form, too_large=True)
    if answer.form == "graph":
        shown = content.decode()
        return Answered("graph", text=shown[:_GRAPH], cut=len(shown) > _GRAPH)
    results = read_results(content, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return Answered("ask", truth=bool(results))
    assert isinstance(results, QuerySolutions)
    return of_solutions(page, results, order)


def _begun(page: Page, text: str) -> Answer:
    assert page.opened is not None
    guard(text)
    return page.opened.engine.answer(text, _FORMATS, Dataset(inference=page.inference))


def _content(answer: Answer, largest: int) -> bytes | None:
    """The bytes of an answer; None, and the work is stopped, if there are more than that."""
    content = bytearray()
    for chunk in answer.chunks:
        content += chunk
        if len(content) > largest:
            answer.chunks.close()
            return None
    return bytes(content)


def fault(error: GovgraphError, text: str) -> Fault:
    """The error with the lines around its place, where the parser names one."""
    found = _PLACE.search(error.message_en)
    if error.code != "query-syntax" or not found:
        return Fault(error)
    said = error.message_en[found.end() :]
    lines = text.splitlines() or [""]
    line = min(int(found[1]), len(lines))
    undeclared = "Prefix not found" in said
    column, length = _marked(lines[line - 1], int(found[2]), before=undeclared)
    shown = tuple(enumerate(lines, start=1))[max(0, line - 3) : line + 1]
    return Fault(error, line, column, length, shown, undeclared)


def _marked(line: str, column: int, *, before: bool) -> tuple[int, int]:
    """The column and the length of the word at a place; `before` it, or where no word is, of the
    last one that ends there."""
    words = [(word.start() + 1, word.end() - word.start()) for word in _WORD.finditer(line)]
    at = [(start, length) for start, length in words if start <= column < start + length]
    if at and not before:
        return at[0]
    earlier = [(start, length) for start, length in words if start + length <= column]
    return earlier[-1] if earlier else (column, 1)
