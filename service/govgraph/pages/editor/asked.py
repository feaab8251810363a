"""A query as it is asked of the editor: evaluated for a page, or what is wrong with it and where."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from pyoxigraph import parse_query_results as read_results

from govgraph.engine.base import Answer, Dataset, Formats
from govgraph.engine.guard import guard, tokens
from govgraph.engine.oxigraph import form_of
from govgraph.errors import GovgraphError
from govgraph.observed import current
from govgraph.pages.editor.rows import Answered, Order, of_solutions
from govgraph.pages.language import Language
from govgraph.pages.page import Page
from govgraph.pages.words import say
from govgraph.vocabulary import PREFIXES

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
_DECLARED = re.compile(r"(?i)\bPREFIX\s+([\w.-]*)\s*:")
#: What of a prefix stands before its last word, as `my-` of `my-data:x`.
_BEFORE = re.compile(r"[\w.-]*$")
#: Line and column, from 1 on, and length.
Place = tuple[int, int, int]
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
    lines = text.splitlines() or [""]
    unknown = _undeclared(text)
    line, column, length = unknown or _marked(lines, int(found[1]), int(found[2]))
    shown = tuple(enumerate(lines, start=1))[max(0, line - 3) : line + 1]
    return Fault(error, line, column, length, shown, unknown is not None)


def _undeclared(text: str) -> Place | None:
    """The first name whose prefix nobody has declared; the parser gives another place."""
    declared = {*PREFIXES, *_DECLARED.findall(text)}
    for token in tokens(text):
        prefix, colon, _ = token[0].partition(":")
        if token.lastgroup == "word" and colon:
            start = token.start() - len(_BEFORE.search(text, 0, token.start())[0])  # type: ignore[index]
            if text[start : token.start()] + prefix not in declared:
                line = text.count("\n", 0, start) + 1
                return line, start - text.rfind("\n", 0, start), token.end() - start
    return None


def _marked(lines: Sequence[str], number: int, column: int) -> Place:
    """The word at a place, or where no word is, the last one that ends there."""
    number = min(number, len(lines))
    words = [(word.start() + 1, len(word[0])) for word in _WORD.finditer(lines[number - 1])]
    at = [(start, length) for start, length in words if start <= column < start + length]
    earlier = [(start, length) for start, length in words if start + length <= column]
    return number, *(at or earlier[-1:] or [(column, 1)])[0]
