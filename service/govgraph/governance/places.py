"""Places within places."""

from __future__ import annotations

import polars as pl


def within(adoptions: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """`this`, an adopter, with each `community` that a chain of parents leads from, itself first:
    `?community gov:parentPlace* ?this`. Links are `community`, `parent`; they may go in circles.
    """
    found = added = adoptions.select("this", community="this").unique()
    while added.height:
        below = added.select("this", parent="community").join(links, on="parent")
        added = below.select("this", "community").unique().join(found, on=found.columns, how="anti")
        found = pl.concat([found, added])
    return found
