"""What a page tells of an entity of some kind beside its facts: answers of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from govgraph.catalog.entry import Entry
from govgraph.catalog.index import find_entry
from govgraph.catalog.run import Result
from govgraph.declared import read_yaml
from govgraph.pages.entity.later import is_later
from govgraph.pages.page import Page
from govgraph.pages.results import Table, table
from govgraph.pages.timeline import Timeline, timeline

#: Rows of a section; the rest is a click away.
ROWS = 20


@dataclass(frozen=True)
class Section:
    """A question of the catalogue about an entity: the parameter that names it, the columns shown,
    and the columns that name the bars of a time line. `when` is the parameter for the time. What is
    asked about is the entity or, by `through`, a value of a property of it; `title` is a key of
    words instead of the question's own title. What is `costly`, always or on places with places
    below, waits for a click on a large release."""

    query: str
    parameter: str
    columns: tuple[str, ...]
    bars: str | None = None
    when: str | None = None
    fixed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    costly: Literal["always", "below"] | None = None
    through: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Told:
    """A section with its answer. `left_out` rows do not hold at the reader's date; `timeless` if the
    section looks at all times though there is a date."""

    query: str
    title: str
    description: str
    table: Table
    line: Timeline | None
    href: str
    coverage: tuple[str, ...]
    left_out: int
    timeless: bool


@cache
def sections() -> Mapping[str, Sequence[Section]]:
    """The sections of each kind of entity."""
    text = (files("govgraph.pages.entity") / "sections.yaml").read_text("utf-8")
    declared = read_yaml(text)
    return {kind: [_section(**given) for given in several] for kind, several in declared.items()}


def _section(columns: str, **given: Any) -> Section:
    return Section(columns=tuple(columns.split()), **given)


def told(page: Page, kind: str, iri: str) -> list[Told]:
    """The sections of an entity that have something to tell."""
    declared = (*sections().get(kind, ()), *sections()["any"])
    now = (one for one in declared if not is_later(page, one, iri))
    every = (_told(page, section, iri) for section in now)
    return [found for found in every if found is not None]


def _told(page: Page, section: Section, iri: str) -> Told | None:
    """A section; None if it has nothing to tell of any time."""
    assert page.opened is not None
    about = _about(page, section, iri)
    if about is None:
        return None
    entry = find_entry(section.query)
    asked: dict[str, Sequence[str]] = {section.parameter: [about], **section.fixed}
    at = page.asked.at.text if page.asked and page.asked.at else None
    whole = page.opened.answer(entry, asked)
    result = (
        page.opened.answer(entry, asked | {section.when: [at]}) if section.when and at else whole
    )
    if not whole.frame.height:
        return None
    zh = page.language == "zh"
    proved = page.request.query_params.get("evidence") == section.query
    return Told(
        section.query,
        _title(page, section, entry),
        entry.description_zh if zh else entry.description_en,
        table(page, result, section.columns, limit=ROWS, proved=proved),
        timeline(page, result, section.bars) if section.bars else None,
        page.to(f"/queries/{section.query}", **_short(page, result)),
        tuple(said.zh if zh else said.en for said in result.coverage),
        max(0, whole.frame.height - result.frame.height),
        at is not None and section.when is None,
    )


def _title(page: Page, section: Section, entry: Entry) -> str:
    if section.title:
        return page.t(f"entity.{section.title}")
    return entry.title_zh if page.language == "zh" else entry.title_en


def _about(page: Page, section: Section, iri: str) -> str | None:
    """What a section asks about: the entity, or what it has as the value of a property."""
    assert page.opened is not None
    if section.through is None:
        return iri
    query = f"SELECT ?entity ?about WHERE {{ ?entity {section.through} ?about }} ORDER BY ?about"
    rows = page.opened.context.select(query, entity=iri)
    return rows[0]["about"].value if rows else None


def _short(page: Page, result: Result) -> dict[str, list[str]]:
    """The parameters of an answer with entities as they are written by hand."""
    assert page.opened is not None
    base = page.opened.context.base
    return {
        name: [text.removeprefix(base) for text in found] for name, found in result.given.items()
    }
