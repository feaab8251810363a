"""Flows that share an identifier of the source: what is the same of them, and what is not."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.money import cells
from govgraph.governance.money.flows import flows, identifiers, purposes
from govgraph.governance.money.repeats import shared
from govgraph.governance.money.selection import Selection

#: What flows of one identifier are compared by.
_COMPARED = (
    "funder", "recipient", "purpose", "instrument", "value", "lower", "upper", "currency",
    "precision", "fiscal_year", "date", "whole",
)  # fmt: skip


def duplicates(
    engine: Engine,
    *,
    funder: str | None = None,
    place: str | None = None,
    year: int | None = None,
    identifier: str | None = None,
) -> Answer:
    """Flows that have an identifier (dcterms:identifier) in common with others, side by side.

    `flows` is how many they are, `differ` in what they differ: nothing, if one is a copy of the
    other; much, if the source has given one number twice. None of them is dropped from any sum.
    """
    pairs = shared(identifiers(engine))
    everything = flows(engine).join(purposes(engine), on="flow", how="left")
    found = pairs.join(
        Selection(funder=funder, place=place, year=year).of(engine, everything), on="flow"
    )
    found = found.filter(identifier=identifier) if identifier else found
    every = pairs.join(everything, on="flow")
    compared = every.group_by("identifier").agg(
        flows=pl.len().cast(pl.Int64), **{name: pl.col(name).n_unique() for name in _COMPARED}
    )
    names = [pl.when(pl.col(name) > 1).then(pl.lit(name)) for name in _COMPARED]
    told = compared.select("identifier", "flows", differ=pl.concat_list(names).list.drop_nulls())
    shown = found.join(told, on="identifier").select(
        "identifier", "flows", "differ", "flow", "funder", "recipient", "purpose_zh", "purpose_en",
        "fiscal_year", "date", "value", "currency", source=pl.concat_list("flow"),
    )  # fmt: skip
    shown = shown.sort("identifier", "flow")
    return Answer(cells.plain(shown, ["value"]), [_unshared(everything, pairs)])


def _unshared(everything: pl.DataFrame, pairs: pl.DataFrame) -> Coverage:
    total, repeated = everything.height, pairs["flow"].n_unique()
    return Coverage(
        "identifiers-unshared",
        total - repeated,
        total,
        f"{total} 笔资金流中有 {repeated} 笔与别的资金流同号，共 {pairs['identifier'].n_unique()} 个编号",
        f"{repeated} of {total} flows share an identifier with another, under"
        f" {pairs['identifier'].n_unique()} identifiers",
    )
