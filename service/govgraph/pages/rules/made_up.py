"""Which people and places are made up for demonstration: pages say so wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable

from govgraph.governance.models.nodes import listed
from govgraph.pages.page import Page
from govgraph.vocabulary import PROLOGUE

_SYNTHETIC = "SELECT ?entity WHERE { VALUES ?entity { %s } ?entity gov:assertion gov:synthetic }"


def made_up(page: Page, entities: Iterable[str]) -> frozenset[str]:
    """Those of some entities that a table states as synthetic."""
    assert page.opened is not None
    values = listed(entities)
    rows = page.opened.engine.select(PROLOGUE + _SYNTHETIC % values) if values else ()
    return frozenset(row["entity"].value for row in rows)
