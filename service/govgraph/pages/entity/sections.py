"""What a page tells of an entity of some kind beside its facts: answers of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

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
    and the column that names the bars of a time line. `when` is the parameter for the time. What is
    `costly`, always or on places with places below, waits for a click on a large release."""

    query: str
    parameter: str
    columns: tuple[str, ...]
    bars: str | None = None
    when: str | None = None
    fixed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    costly: Literal["always", "below"] | None = None


@dataclass(frozen=True)
class Told:
    """A section with its answer."""

    query: str
    title: str
    description: str
    table: Table
    line: Timeline | None
    href: str
    coverage: tuple[str, ...]


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
    now = (one for one in sections().get(kind, ()) if not is_later(page, one, iri))
    every = (_told(page, section, iri) for section in now)
    return [found for found in every if found is not None]


def _told(page: Page, section: Section, iri: str) -> Told | None:
    assert page.opened is not None
    entry = find_entry(section.query)
    asked: dict[str, Sequence[str]] = {section.parameter: [iri], **section.fixed}
    if section.when and page.asked and page.asked.at:
        asked[section.when] = [page.asked.at.text]
    result = page.opened.answer(entry, asked)
    if not result.frame.height:
        return None
    zh = page.language == "zh"
    proved = page.request.query_params.get("evidence") == section.query
    return Told(
        section.query,
        entry.title_zh if zh else entry.title_en,
        entry.description_zh if zh else entry.description_en,
        table(page, result, section.columns, limit=ROWS, proved=proved),
        timeline(page, result, section.bars) if section.bars else None,
        page.to(f"/queries/{section.query}", **_short(page, result)),
        tuple(said.zh if zh else said.en for said in result.coverage),
    )


def _short(page: Page, result: Result) -> dict[str, list[str]]:
    """The parameters of an answer with entities as they are written by hand."""
    assert page.opened is not None
    base = page.opened.context.base
    return {
        name: [text.removeprefix(base) for text in found] for name, found in result.given.items()
    }
