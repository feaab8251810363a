"""Networks as the nodes and links that d3 and networkx read as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from govgraph.governance.networks.model import Network


def nodelink(network: Network) -> dict[str, Any]:
    """`nodes` and `links` as objects; what is not known is null."""
    return {
        "name": network.name,
        "directed": False,
        "multigraph": not network.links.select("source", "target").is_unique().all(),
        "nodes": _objects(network.nodes),
        "links": _objects(network.links),
        "coverage": [vars(said) for said in network.coverage],
    }


def _objects(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: each.isoformat() if isinstance(each, date) else each for name, each in row.items()}
        for row in frame.iter_rows(named=True)
    ]
