"""What is not recorded of an entity, though the shapes expect it of its kind."""

from __future__ import annotations

from collections.abc import Mapping

from govgraph.governance.coverage import LEVELS, expectations
from govgraph.pages.entity.facts import Facts
from govgraph.pages.page import Page
from govgraph.pages.terms import names_of


def lacking(page: Page, found: Facts) -> list[Mapping[str, str]]:
    """The names of the properties, those that are expected most first."""
    assert page.opened is not None
    missing = {
        term: level
        for (kind, term), level in expectations().items()
        if kind in found.types and term not in found.known
    }
    ordered = sorted(missing, key=lambda term: LEVELS.index(missing[term]))
    return list(names_of(page.opened.engine, ordered).values())
