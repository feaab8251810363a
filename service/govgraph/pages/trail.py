"""The way down to an entity: the places and bodies above it, the highest first."""

from __future__ import annotations

from collections.abc import Mapping

from govgraph.pages.page import Page

_ABOVE = """SELECT ?entity ?above WHERE {
  ?entity gov:parentPlace|org:subOrganizationOf|org:postIn|gov:place|gov:ofModel ?above } ORDER BY ?above LIMIT 1"""
#: Steps at most: a part of itself would have no end.
DEPTH = 8


def trail(page: Page, iri: str) -> list[tuple[str, Mapping[str, str]]]:
    """The entities above, with their labels."""
    assert page.opened is not None
    context = page.opened.context
    above: list[str] = []
    while len(above) < DEPTH:
        rows = context.select(_ABOVE, entity=above[-1] if above else iri)
        if not rows or rows[0]["above"].value in (iri, *above):
            break
        above.append(rows[0]["above"].value)
    labels = context.labels(above)
    return [(found, labels.get(found, {})) for found in reversed(above)]
