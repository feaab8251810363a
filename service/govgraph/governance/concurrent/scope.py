"""Which posts a question is limited to: those in a place, those that fill slots of a model."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.places import below
from govgraph.governance.slots import of_model


def in_scope(
    engine: Engine, terms: pl.DataFrame, place: str | None, model: str | None
) -> list[str] | None:
    """The posts of some appointments that are in a place or below it and fill a slot of a model;
    None if there is no limit."""
    if place is None and model is None:
        return None
    if place is not None:
        terms = terms.filter(pl.col("place").is_in(below(engine, place)))
    if model is not None:
        terms = terms.filter(pl.col("slot").is_in(of_model(engine, model)))
    return terms["post"].unique().sort().to_list()
