"""A network as two frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Coverage
from govgraph.governance.labels import labels


@dataclass(frozen=True)
class Network:
    """`nodes` have `id` (an IRI), `kind`, `label` (which tools show), `label_zh`, `label_en`;
    `links` have `source` and `target`, ids of nodes, and `weight`. All other columns are
    attributes; null is not known. The links have no direction."""

    name: str
    nodes: pl.DataFrame
    links: pl.DataFrame
    coverage: Sequence[Coverage] = ()


def named(engine: Engine, ids: pl.Series, kind: str) -> pl.DataFrame:
    """The nodes of some IRIs, all of one kind."""
    return labels(engine, ids.unique()).select(
        id="iri", kind=pl.lit(kind), label="zh", label_zh="zh", label_en="en"
    )
