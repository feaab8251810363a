"""A network as two frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from govgraph.governance.answer import Coverage


@dataclass(frozen=True)
class Network:
    """`nodes` have `id` (an IRI), `kind`, `label_zh`, `label_en`; `links` have `source` and
    `target`, ids of nodes, and `weight`. All other columns are attributes; null is not known.
    The links have no direction."""

    name: str
    nodes: pl.DataFrame
    links: pl.DataFrame
    coverage: Sequence[Coverage] = ()
