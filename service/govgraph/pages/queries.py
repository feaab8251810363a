"""/queries: the named questions as a gallery; each as a form, its answer as picture and table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.catalog.entry import Entry, Parameter
from govgraph.catalog.index import entries, find_entry
from govgraph.catalog.readable import readable
from govgraph.catalog.run import Result
from govgraph.catalog.values import Given, as_texts, given
from govgraph.errors import GovgraphError
from govgraph.http.common import in_thread
from govgraph.pages.charts.picture import picture
from govgraph.pages.citing.box import Citation, as_file, citation
from govgraph.pages.common import Shown
from govgraph.pages.editor.snippets import of_address
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.results import PROVED, table

router = APIRouter(include_in_schema=False)
#: Rows of a page.
ROWS = 100
_FILES = {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet", "json": "JSON"}


@dataclass(frozen=True)
class Field:
    """A parameter as a field of the form, with what stands in it."""

    name: str
    title: str
    values: tuple[str, ...]
    example: str
    parameter: Parameter


@router.get("/queries")
async def gallery(page: Shown) -> Response:
    """All named queries by topic."""
    topics: dict[str, list[Entry]] = {}
    for entry in entries().values():
        topics.setdefault(entry.topic, []).append(entry)
    return respond("queries.html", page, "query", topics=topics)


@router.get("/queries/{name}")
async def form(request: Request, name: str, page: Shown) -> Response:
    """A query's form and its answer. GovgraphError(unknown-query)."""
    entry = find_entry(name)
    return await in_thread(request, lambda: _page(page, entry))


def _page(page: Page, entry: Entry) -> Response:
    assert page.opened is not None
    asked = _asked(page, entry)
    result, error = _answered(page, entry, asked)
    proved = page.request.query_params.get("evidence") == "true"
    offset = _offset(page)
    shown = None
    if result is not None:
        shown = table(page, result, limit=ROWS, offset=offset, proved=proved)
    cited = None if result is None else _citation(page, entry, result)
    if cited and (file := as_file(page, cited)):
        return file
    files = _files(page, entry, result)
    return respond(
        "query.html", page, "query", status=error.status if error else 200,
        entry=entry, fields=_fields(page, entry, asked), error=error, table=shown, result=result,
        picture=picture(page, result) if result is not None else None,
        text=_text(page, entry, result), numbers=numbers, files=files, labels=_FILES, citation=cited,
        snippets=of_address(page.origin + files["csv"]) if files else (),
        step=PROVED if proved else ROWS, proved=proved, missing=_missing(entry, asked),
    )  # fmt: skip


def _citation(page: Page, entry: Entry, result: Result) -> Citation:
    """An answer is cited by its question and what was given for its parameters."""
    assert page.opened is not None
    base = page.opened.context.base
    given = [
        f"{name}={text.removeprefix(base)}"
        for name, texts in result.given.items()
        for text in texts
    ]
    told = page.t("queries.cited", given=", ".join(given)) if given else ""
    english = f" ({', '.join(given)})" if given else ""
    own = entry.title_zh if page.language == "zh" else entry.title_en
    return citation(
        page, own + told, entry.title_en + english, "-".join(("query", entry.name, *given))
    )


def _asked(page: Page, entry: Entry) -> dict[str, list[str]]:
    """What the address gives for the query's parameters."""
    names = {parameter.name for parameter in entry.parameters}
    found: dict[str, list[str]] = {}
    for name, text in page.address.parameters:
        if name in names and text.strip():
            found.setdefault(name, []).append(text)
    return found


def _missing(entry: Entry, asked: dict[str, list[str]]) -> list[Parameter]:
    return [p for p in entry.parameters if p.required and p.name not in asked]


def _answered(
    page: Page, entry: Entry, asked: dict[str, list[str]]
) -> tuple[Result | None, GovgraphError | None]:
    """The answer, or what is wrong with what was asked; neither while something is missing."""
    assert page.opened is not None
    if _missing(entry, asked):
        return None, None
    try:
        return page.opened.answer(entry, asked), None
    except GovgraphError as error:
        if error.status >= 500:
            raise
        return None, error


def _fields(page: Page, entry: Entry, asked: dict[str, list[str]]) -> Iterable[Field]:
    for parameter in entry.parameters:
        title = parameter.zh if page.language == "zh" else parameter.en
        values = asked.get(parameter.name) or as_texts(parameter.default)
        example = next(iter(as_texts(parameter.example)), "")
        yield Field(parameter.name, title, tuple(values), example, parameter)


def _offset(page: Page) -> int:
    text = page.request.query_params.get("offset", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _text(page: Page, entry: Entry, result: Result | None) -> str | None:
    """The SPARQL of an entry, with the values of an answer in place; a function has none."""
    assert page.opened is not None
    if entry.query is None:
        return None
    asked = Given({}, {}) if result is None else given(page.opened.context, entry, result.given)
    return readable(entry, asked)


def _files(page: Page, entry: Entry, result: Result | None) -> dict[str, str]:
    """Where the whole answer is had as a file."""
    if result is None:
        return {}
    asked: dict[str, Any] = dict(result.given)
    url = f"/api/v1/queries/{entry.name}"
    return {
        kind: page.to(url, **asked, format=None if kind == "json" else kind, release=page.release)
        for kind in _FILES
    }
