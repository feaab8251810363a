"""The sections that a page of a large release leaves to a click: their answers go through whole
tables, and a reader who came for a name should not wait for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govgraph.catalog.index import find_entry
from govgraph.pages.page import Page

if TYPE_CHECKING:
    from govgraph.pages.entity.sections import Section

#: Quads of a release from which on it is large.
LARGE = 2_000_000
_INSIDE = "SELECT ?entity ?inside WHERE { ?inside gov:parentPlace ?entity } LIMIT 1"


@dataclass(frozen=True)
class Later:
    """A section that is answered when it is asked for: its title and where."""

    title: str
    href: str


def is_later(page: Page, section: Section, iri: str) -> bool:
    """Whether a section waits for a click: on a large release those that say so in sections.yaml,
    `always` or only of places with places in them."""
    if section.costly is None or not _is_large(page):
        return False
    return section.costly == "always" or _has_places(page, iri)


def later(page: Page, sections: Iterable[Section], iri: str) -> list[Later]:
    """Those of some sections that wait."""
    return [_later(page, section, iri) for section in sections if is_later(page, section, iri)]


def _later(page: Page, section: Section, iri: str) -> Later:
    assert page.opened is not None
    entry = find_entry(section.query)
    asked = {section.parameter: iri.removeprefix(page.opened.context.base), **section.fixed}
    if section.when and page.asked and page.asked.at:
        asked[section.when] = page.asked.at.text
    title = entry.title_zh if page.language == "zh" else entry.title_en
    return Later(title, page.to(f"/queries/{section.query}", **asked))


def _is_large(page: Page) -> bool:
    assert page.opened is not None
    return int(page.opened.release.manifest.get("quads", 0)) > LARGE


def _has_places(page: Page, iri: str) -> bool:
    assert page.opened is not None
    return bool(page.opened.context.select(_INSIDE, entity=iri))
