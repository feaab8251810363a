"""Flows that share an identifier of the source: what is the same of them, and what is not."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.money import cells
from govgraph.governance.money.flows import flows, identifiers, purposes
from govgraph.governance.money.repeats import shared
from govgraph.governance.money.selection import Selection
from govgraph.vocabulary import PREFIXES

_PREFIXED = {iri: f"{prefix}:" for prefix, iri in PREFIXES.items()}
#: All that is said of flows with an identifier, but for the rows that say it.
_SAID = """SELECT ?flow ?property ?value WHERE {
  ?flow a gov:FundingFlow ; dcterms:identifier ?identifier ; ?property ?value .
  FILTER (?property != prov:wasDerivedFrom)
}"""


def duplicates(
    engine: Engine,
    *,
    funder: str | None = None,
    place: str | None = None,
    year: int | None = None,
    identifier: str | None = None,
) -> Answer:
    """Flows that have an identifier (dcterms:identifier) in common with others, side by side.

    `flows` is how many they are, `differ` the properties in which they differ: none, if one is a
    copy of the other; many, if the source has given one number twice. None of them is dropped from
    any sum.
    """
    pairs = shared(identifiers(engine))
    everything = flows(engine).join(purposes(engine), on="flow", how="left")
    found = pairs.join(
        Selection(funder=funder, place=place, year=year).of(engine, everything), on="flow"
    )
    found = found.filter(identifier=identifier) if identifier else found
    told = pairs.group_by("number").agg(flows=pl.len().cast(pl.Int64))
    told = told.join(_differing(engine, pairs), on="number", how="left")
    told = told.with_columns(pl.col("differ").fill_null([]))
    shown = found.join(told, on="number").select(
        "identifier", "flows", "differ", "flow", "funder", "recipient", "purpose_zh", "purpose_en",
        "fiscal_year", "date", "value", "currency", source=pl.concat_list("flow"),
    )  # fmt: skip
    shown = shown.sort("identifier", "flow")
    return Answer(cells.plain(shown, ["value"]), [_unshared(everything, pairs)])


def _differing(engine: Engine, pairs: pl.DataFrame) -> pl.DataFrame:
    """`number`, `differ`: the properties that not all flows of an identifier have alike."""
    said = cells.read(engine, _SAID).with_columns(cells.iri("flow"), cells.iri("property"))
    values = (
        said.join(pairs, on="flow")
        .group_by("number", "flow", "property")
        .agg(pl.col("value").unique().sort().str.join("\n"))
    )
    alike = values.group_by("number", "property").agg(
        flows=pl.len(), variants=pl.col("value").n_unique()
    )
    every = pairs.group_by("number").agg(of=pl.len())
    differing = alike.join(every, on="number").filter(
        (pl.col("variants") > 1) | (pl.col("flows") < pl.col("of"))
    )
    names = pl.col("property").str.replace_many(_PREFIXED).sort()
    return differing.group_by("number").agg(differ=names)


def _unshared(everything: pl.DataFrame, pairs: pl.DataFrame) -> Coverage:
    total, repeated = everything.height, pairs["flow"].n_unique()
    return Coverage(
        "identifiers-unshared",
        total - repeated,
        total,
        f"{total} 笔资金流中有 {repeated} 笔与别的资金流同号，共 {pairs['number'].n_unique()} 个编号",
        f"{repeated} of {total} flows share an identifier with another, under"
        f" {pairs['number'].n_unique()} identifiers",
    )
