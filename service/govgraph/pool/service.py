"""The whole service: the edge around the front, and their figures together."""

from __future__ import annotations

from govgraph.edge.edge import Edge
from govgraph.pool.figures import Figures
from govgraph.pool.front import Front
from govgraph.settings import Settings


def service(settings: Settings) -> Edge:
    """The ASGI application that `govgraph serve` runs."""
    front = Front(settings)
    edge = Edge(front, settings)
    edge.metrics.registry.register(Figures(front))
    return edge
