"""Where money goes: the place of a flow."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.money import cells
from govgraph.governance.money.flows import many

#: What a flow's place is taken from, the first that has one.
VIA = {
    "project": "gov:forProject/gov:place",
    "recipient": "gov:recipient/gov:place",
    "funder": "gov:funder/gov:place",
}


def flow_places(engine: Engine) -> pl.DataFrame:
    """`flow`, `place`, `via`: the places of the flow's projects, else of its recipient, else of its
    funder; `via` says which. A flow without any is not here."""
    found = pl.DataFrame(schema=dict.fromkeys(("flow", "place", "via"), pl.String))
    for via, path in VIA.items():
        more = many(engine, path, "place").with_columns(via=pl.lit(via))
        found = pl.concat([found, more.join(found, on="flow", how="anti")])
    return found


def below(engine: Engine, place: str) -> pl.DataFrame:
    """`place`: a place and all below it."""
    query = f"SELECT DISTINCT ?place WHERE {{ ?place gov:parentPlace* <{place}> }}"
    return cells.read(engine, query).select(cells.iri("place")).drop_nulls()
