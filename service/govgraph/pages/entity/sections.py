"""What a page tells of an entity of some kind beside its facts: answers of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from govgraph.catalog.index import find_entry
from govgraph.catalog.run import Result
from govgraph.pages.page import Page
from govgraph.pages.results import Table, table
from govgraph.pages.timeline import Timeline, timeline

#: Rows of a section; the rest is a click away.
ROWS = 20


@dataclass(frozen=True)
class Section:
    """A question of the catalogue about an entity: the parameter that names it, the columns shown,
    and the column that names the bars of a time line. `when` is the parameter for the time."""

    query: str
    parameter: str
    columns: tuple[str, ...]
    bars: str | None = None
    when: str | None = None
    fixed: tuple[tuple[str, str], ...] = ()


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


_HELD = ("post", "person", "start", "end", "acting")
_FOUND = (
    "status",
    "rule",
    "person",
    "from",
    "to",
    "reason_zh",
    "reason_en",
    "repair_zh",
    "repair_en",
)
_FLOWS = (
    "flow",
    "funder",
    "recipient",
    "fiscal_year",
    "value",
    "at_least",
    "at_most",
    "currency",
    "instrument",
)
SECTIONS: dict[str, tuple[Section, ...]] = {
    "person": (
        Section("person-career", "person", ("kind", "post", "place", "start", "end", "acting"), "post"),
        Section(
            "concurrent-posts", "person",
            ("post", "other_post", "start", "end", "overlap", "days_least", "basis", "rule"), "post", "at",
        ),
        Section("rule-findings", "person", ("status", "rule", "from", "to", "reason_zh", "reason_en", "repair_zh", "repair_en"), None, "at"),
    ),
    "post": (
        Section("post-succession", "post", ("kind", "person", "other_person", "start", "end", "certain", "acting"), "person"),
    ),
    "place": (
        Section("models-of-place", "place", ("model", "adopter", "start", "end", "in_force"), None, "at"),
        Section("observations", "about", ("measure", "verbatim", "value", "lower", "upper", "unit", "as_of")),
        Section("bodies-of-place", "place", ("body", "type", "parent", "founded", "dissolved"), None, "at"),
        Section("rule-summary", "place", ("model", "place", "cases", "broken", "cannot_be_told", "kept"), None, "at"),
        Section("rule-findings", "place", _FOUND, None, "at", (("status", "broken"), ("status", "cannot be told"))),
        Section("funding-flows", "place", _FLOWS, None, "at"),
        Section("places-within", "place", ("within", "type", "parent", "code")),
    ),
    "organization": (
        Section("organization-parts", "organization", ("part", "type", "parent", "founded")),
        Section("relations-of", "entity", ("direction", "relation", "other", "note_zh", "note_en")),
        Section("funding-flows", "funder", _FLOWS, None, "at"),
        Section("funding-flows", "recipient", _FLOWS, None, "at"),
    ),
    "model": (
        Section("model-cells", "models", ("dimension", "item_zh", "item_en", "state", "value_zh", "value_en", "basis")),
        Section("rules-of-models", "model", ("rule", "rule_type", "modality", "slot", "second", "asks_zh", "asks_en")),
        Section("rule-summary", "model", ("place", "cases", "broken", "cannot_be_told", "kept"), None, "at"),
    ),
    "project": (
        Section("project-roles", "project", ("role", "actor", "actor_name_zh", "actor_name_en")),
        Section("project-target-groups", "project", ("group", "verbatim", "lower", "upper")),
        Section("funding-flows", "project", _FLOWS, None, "at"),
    ),
    "flow": (Section("flow-parts", "flow", ("flow", "depth", "funder", "recipient", "value", "at_least", "at_most", "currency")),),
    "document": (Section("sentences-used", "document", ("number", "begin", "end", "entities", "used")),),
}  # fmt: skip


def told(page: Page, kind: str, iri: str) -> list[Told]:
    """The sections of an entity that have something to tell."""
    every = (_told(page, section, iri) for section in SECTIONS.get(kind, ()))
    return [found for found in every if found is not None]


def _told(page: Page, section: Section, iri: str) -> Told | None:
    assert page.opened is not None
    entry = find_entry(section.query)
    asked = {section.parameter: [iri]}
    for name, text in section.fixed:
        asked.setdefault(name, []).append(text)
    if section.when and page.asked and page.asked.at:
        asked[section.when] = [page.asked.at.text]
    result = page.opened.answer(entry, asked)
    if not result.frame.height:
        return None
    zh = page.language == "zh"
    return Told(
        section.query,
        entry.title_zh if zh else entry.title_en,
        entry.description_zh if zh else entry.description_en,
        table(
            page,
            result,
            section.columns,
            limit=ROWS,
            proved=page.request.query_params.get("evidence") == section.query,
        ),
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
