"""Places within places."""

from __future__ import annotations

import polars as pl
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.vocabulary import PROLOGUE

_BELOW = "SELECT DISTINCT ?place ?inside WHERE { ?inside gov:parentPlace* ?place }"


def within(adoptions: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """`this`, an adopter, with each `community` that a chain of parents leads from, itself first:
    `?community gov:parentPlace* ?this`. Links are `community`, `parent`; they may go in circles.
    """
    found = added = adoptions.select("this", community="this").unique()
    while added.height:
        below = added.select("this", parent="community").join(links, on="parent")
        if not below.height:
            break
        added = below.select("this", "community").unique().join(found, on=found.columns, how="anti")
        found = pl.concat([found, added])
    return found


def below(engine: Engine, place: str) -> list[str]:
    """The IRIs of a place and of all places below it."""
    rows = engine.select(PROLOGUE + _BELOW, {"place": NamedNode(place)})
    return [row["inside"].value for row in rows]
