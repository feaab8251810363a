"""Slots of models that posts fill."""

from __future__ import annotations

from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.vocabulary import PROLOGUE

_OF_MODEL = "SELECT DISTINCT ?model ?slot WHERE { ?slot a gov:PostSlot ; gov:ofModel ?model }"


def of_model(engine: Engine, model: str) -> list[str]:
    """The IRIs of a model's post slots."""
    rows = engine.select(PROLOGUE + _OF_MODEL, {"model": NamedNode(model)})
    return [row["slot"].value for row in rows]
