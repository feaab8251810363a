"""Slots of models that posts fill."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import frames, terms
from govgraph.vocabulary import PROLOGUE

_MODELS = "SELECT DISTINCT ?slot ?model WHERE { ?slot a gov:PostSlot ; gov:ofModel ?model }"


def models(engine: Engine) -> pl.DataFrame:
    """Each post `slot` with its `model`, one each."""
    found = frames.frame(engine, PROLOGUE + _MODELS, frames.terms())
    plain = found.select(map(terms.iri, found.columns))
    return plain.sort("slot", "model").unique("slot", keep="first", maintain_order=True)


def of_model(engine: Engine, model: str) -> list[str]:
    """The IRIs of a model's post slots."""
    return models(engine).filter(model=model)["slot"].to_list()
