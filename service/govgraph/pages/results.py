"""Answers of the catalogue as tables that people read: headings, cells, evidence, a time line."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from govgraph.catalog.entry import Column, Entry
from govgraph.catalog.evidence import evidence
from govgraph.catalog.present import Labels, of_frame
from govgraph.catalog.run import Result
from govgraph.pages.dates import worded
from govgraph.pages.page import Page
from govgraph.pages.proofs import Proof, proofs
from govgraph.pages.terms import borrowed
from govgraph.pages.words import texts

#: Rows that show their evidence; looking it up takes some milliseconds each.
PROVED = 20
_NUMBERS = ("integer", "decimal", "number")


@dataclass(frozen=True)
class Cell:
    """A value as it is read. `word` is the key of a term of ours, such as `kept`; a gap says that
    nothing is recorded."""

    text: str = ""
    href: str | None = None
    lang: str | None = None
    word: str | None = None
    number: bool = False
    gap: bool = False
    several: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Table:
    """Headings and rows; `proofs` has the evidence of each row, `total` counts those not shown too."""

    headings: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Cell]]
    total: int
    offset: int = 0
    proofs: Sequence[Sequence[Proof]] = field(default_factory=tuple)

    @property
    def more(self) -> bool:
        return self.offset + len(self.rows) < self.total


def table(
    page: Page,
    result: Result,
    names: Collection[str] = (),
    *,
    limit: int = 100,
    offset: int = 0,
    proved: bool = False,
) -> Table:
    """The rows of an answer from `offset` on, in the columns named, or in all that the page's
    language needs."""
    assert page.opened is not None
    cut = result.frame.slice(offset, min(limit, PROVED) if proved else limit)
    columns = [
        column for column in _columns(page, result.entry) if not names or column.name in names
    ]
    labels = of_frame(page.opened.context, result.entry, cut)
    read = _sentences if result.entry.function else _cell
    rows = [
        [read(page, column, row[column.name], labels) for column in columns]
        for row in cut.iter_rows(named=True)
    ]
    found: Sequence[Sequence[Proof]] = ()
    if proved:
        found = proofs(page, evidence(page.opened.context, result, offset, cut.height))
    headings = [(_heading(page, column), column.type in _NUMBERS) for column in columns]
    return Table(headings, rows, result.frame.height, offset, found)


def _columns(page: Page, entry: Entry) -> list[Column]:
    """All columns but those in the other language."""
    ending = f"_{page.other}"
    twins = {column.name for column in entry.shown}
    return [
        column
        for column in entry.shown
        if not (
            column.name.endswith(ending)
            and f"{column.name.removesuffix(ending)}_{page.language}" in twins
        )
    ]


_ASIDE = re.compile(r"\s*[（(:：].*$|,? in English$")


def _heading(page: Page, column: Column) -> str:
    """The heading without its aside on how to read the column: cells say in words what they mean."""
    full = column.zh if page.language == "zh" else column.en
    return _ASIDE.sub("", full) or full


def _sentences(page: Page, column: Column, value: Any, labels: Labels) -> Cell:
    """A cell of an answer that a program makes: its sentences are ours, and so are their dates."""
    cell = _cell(page, column, value, labels)
    ours = column.type == "string" and column.name.endswith(("_zh", "_en"))
    return replace(cell, text=worded(cell.text, page.language)) if ours else cell


def _cell(page: Page, column: Column, value: Any, labels: Labels) -> Cell:
    if value is None:
        return Cell(page.t("values.not-recorded"), gap=True)
    if column.type == "entity":
        text, lang = page.chosen(labels.get(value) or borrowed(value), short(page, value))
        return Cell(text, page.entity(value), lang if lang != page.language else None)
    if column.type == "iri":
        return Cell(short(page, value), value if value.startswith("http") else None)
    if column.type in ("edtf", "date"):
        return _date(page, value)
    if column.type in _NUMBERS:
        is_year = column.name.endswith("year")
        return Cell(str(value) if is_year else page.number(value), number=True)
    if column.type == "boolean":
        return Cell(page.t("values.true" if value else "values.false"))
    if column.type == "list":
        return Cell(several=tuple(_item(page, column.name, one) for one in value))
    return _text(page, column.name, value)


def _item(page: Page, column: str, value: Any) -> Cell:
    """One of a list: a text, or an entity by its key."""
    assert page.opened is not None
    if str(value).startswith(page.opened.context.base):
        return Cell(short(page, value), page.entity(value))
    return _text(page, column, value)


def _date(page: Page, value: date | str) -> Cell:
    return Cell(page.date(value if isinstance(value, str) else value.isoformat()))


def _text(page: Page, column: str, value: Any) -> Cell:
    """A text; one that is a term of ours in the page's words, which may be a column's own."""
    key = str(value).replace(" ", "-")
    kind = column.rpartition("_")[2]  # as of `before_state`
    for name in (f"values.{column}-{key}", f"values.{kind}-{key}", f"values.{key}"):
        if name in texts():
            return Cell(page.t(name), word=name.removeprefix("values."))
    return Cell(str(value))


def short(page: Page, iri: str) -> str:
    """An IRI of ours as its key, any other by its last part."""
    assert page.opened is not None
    return page.opened.context.split(iri)[1].rpartition("/")[2].rpartition("#")[2] or iri
