"""What flows are grouped by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.money.flows import projects, proposers, purposes
from govgraph.governance.money.where import flow_places

By = Literal[
    "all", "funder", "recipient", "project", "proposer", "purpose", "instrument", "place", "year",
]  # fmt: skip
#: A group: an entity (IRI) or a text, and whether the flow names it.
GROUP = ("group", "group_text", "named")


def keyed(engine: Engine, flows: pl.DataFrame, by: By) -> pl.DataFrame:
    """The flows with their group: `group` (IRI), `group_text` (purposes, years) and `named`:
    `one`; `several` (the flow has several projects, places or proposers, and how it is split is not
    stated) or `none` (it does not say). Flows of the last two have no group of their own."""
    entity, text = pl.lit(None, pl.String), pl.lit(None, pl.String)
    several = pl.lit(value=False)
    if by in _LINKED:
        flows = flows.join(_single(_LINKED[by](engine), by), on="flow", how="left")
        entity, several = pl.col("group_"), pl.col("several").fill_null(value=False)
    elif by == "purpose":
        flows = flows.join(purposes(engine), on="flow", how="left")
        text = pl.col("purpose")
    elif by == "year":
        text = pl.col("year").cast(pl.String)
    elif by != "all":
        entity = pl.col(by)
    stated = entity.is_not_null() | text.is_not_null() | pl.lit(by == "all")
    named = pl.when(several).then(pl.lit("several")).when(stated).then(pl.lit("one"))
    return flows.with_columns(group=entity, group_text=text, named=named.otherwise(pl.lit("none")))


_LINKED: dict[str, Callable[[Engine], pl.DataFrame]] = {
    "project": projects,
    "proposer": proposers,
    "place": flow_places,
}


def _single(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """`flow`, `group_`: what it leads to, if that is one thing; `several` if not."""
    return pairs.group_by("flow").agg(
        group_=pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()),
        several=pl.col(name).n_unique() > 1,
    )
