"""Where a release's triples are at an endpoint, and what a query is told to look at.

Endpoints differ in what a query sees that names no graphs, and in how often a triple of two graphs
counts. So nothing is left to them: two graphs hold the merge of all graphs, and the merge of what is
stated, under names that belong to one release; the graphs themselves have their own names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govgraph.engine.base import Dataset
from govgraph.engine.guard import names_graphs, names_its_dataset
from govgraph.vocabulary import is_inferred

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """The graphs of one release. Those of a `staged` one have the names that they wait under."""

    base: str
    release: str
    graphs: tuple[str, ...]
    staged: bool = False

    @property
    def own(self) -> str:
        """What the names of all graphs begin with that are ours alone."""
        return f"{self.base}graph/remote/"

    @property
    def merge(self) -> str:
        return f"{self.own}merge/{self.release}"

    @property
    def stated(self) -> str:
        """The merge of the graphs that are not inferred."""
        return f"{self.own}stated/{self.release}"

    @property
    def staging(self) -> str:
        """What stands before the names of graphs that wait."""
        return f"{self.own}staging/"

    @property
    def scratch(self) -> tuple[str, str]:
        """Two graphs that a build may use as it likes."""
        return f"{self.own}scratch/1", f"{self.own}scratch/2"

    def stored(self, graph: str) -> str:
        """The name under which the endpoint has a graph now."""
        apart = self.staged and not graph.startswith(self.own)
        return self.staging + graph if apart else graph

    def parameters(self, query: str, dataset: Dataset) -> Parameters:
        """The dataset of a query, in the protocol's words; none for a query that says it itself."""
        default, named = dataset.default, dataset.named
        if default is None and named is None:
            if names_its_dataset(query):
                return []
            default, named = self._own_dataset(query, dataset.inference)
        else:
            default, named = map(self._stored, (default or (), named or ()))
        # with no default graph at all, servers differ: this one has no triples
        seen = [("default-graph-uri", graph) for graph in default or (f"{self.own}none",)]
        return seen + [("named-graph-uri", graph) for graph in named]

    def _own_dataset(self, query: str, inference: bool) -> tuple[Sequence[str], Sequence[str]]:
        seen = [graph for graph in self.graphs if inference or not is_inferred(graph)]
        named = self._stored(seen) if names_graphs(query) else ()
        return (self.merge if inference else self.stated,), named

    def _stored(self, graphs: Sequence[str]) -> Sequence[str]:
        return [self.stored(graph) for graph in graphs]
