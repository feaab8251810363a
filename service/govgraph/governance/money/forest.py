"""Totals and their parts as a forest: links, levels, who is inside whom."""

from __future__ import annotations

import polars as pl


def edges(flows: pl.DataFrame) -> pl.DataFrame:
    """`flow`, `whole`: the part-of links among the flows, without those that run in a circle or
    lead to a flow that is not here."""
    links = flows.select("flow", "whole").drop_nulls()
    if not links.height:
        return links
    links = links.join(flows.select(whole="flow"), on="whole", how="semi")
    reached = pl.concat([links.clear(), *levels(links)])
    return links.join(reached, on=["flow", "whole"], how="semi")


def levels(links: pl.DataFrame) -> list[pl.DataFrame]:
    """The links by the depth of the part, the parts of roots first. What leads to no root, because
    it runs in a circle, is in none."""
    below = links.join(links.select(whole="flow"), on="whole", how="anti")
    found = []
    while below.height:
        found.append(below)
        below = links.join(below.select(whole="flow"), on="whole", how="semi")
    return found


def inside(links: pl.DataFrame) -> pl.DataFrame:
    """`flow`, `whole`, `depth`: each flow with every total that it is in, directly (1) or through
    others."""
    found = added = links.with_columns(depth=pl.lit(1, pl.Int64))
    up = links.select(whole="flow", above="whole")
    while added.height:
        added = added.join(up, on="whole").select("flow", whole="above", depth=pl.col("depth") + 1)
        found = pl.concat([found, added])
    return found
