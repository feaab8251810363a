"""Where money goes: the place of a flow."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.money import cells

#: What a flow's place is taken from, the first that has one.
VIA = ("project", "recipient", "funder")
_QUERY = """SELECT DISTINCT ?flow ?via ?place WHERE { ?flow a gov:FundingFlow .
  { ?flow gov:forProject/gov:place ?place BIND ("project" AS ?via) }
  UNION { ?flow gov:recipient/gov:place ?place BIND ("recipient" AS ?via) }
  UNION { ?flow gov:funder/gov:place ?place BIND ("funder" AS ?via) } }"""


@kept
def flow_places(engine: Engine) -> pl.DataFrame:
    """`flow`, `place`: the places of the flow's projects, else of its recipient, else of its
    funder. A flow without any is not here."""
    found = cells.read(engine, _QUERY)
    rank = pl.col("via").str.strip_chars('"').replace_strict(VIA, range(len(VIA)), default=None)
    first = found.filter(rank == rank.min().over("flow"))
    return first.select(cells.iri("flow"), cells.iri("place")).drop_nulls()


def below(engine: Engine, place: str) -> pl.DataFrame:
    """`place`: a place and all below it."""
    query = f"SELECT DISTINCT ?place WHERE {{ ?place gov:parentPlace* <{place}> }}"
    return cells.read(engine, query).select(cells.iri("place")).drop_nulls()
