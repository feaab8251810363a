"""Inference at an endpoint: rules run there as updates, on the merge that a build is making.

What a rule gives is put into a graph apart first. What of it is new goes to the graph of the rule's
family, and that to the merge, so that the next rule sees it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import RdfFormat

from govgraph.engine.base import Dataset
from govgraph.engine.remote.engine import RemoteEngine
from govgraph.engine.remote.store import RemoteStore
from govgraph.engine.remote.text import sent_as_update
from govgraph.vocabulary import inferred_graph

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class RemoteDraft:
    """The graphs of a build at an endpoint, which grow while it infers."""

    def __init__(self, engine: RemoteEngine, store: RemoteStore) -> None:
        self.engine, self.store, self.layout = engine, store, store.layout
        self._counts: dict[str, int] = {}

    def derive(self, query: str, family: str) -> int:
        """Add the triples of a CONSTRUCT that are not there yet; return how many they are.

        NotCompiled for a query that our own parser does not know."""
        graph = inferred_graph(self.layout.base, family)
        if graph not in self._counts:
            self.store.note([self.layout.stored(graph)])
        self._add(query, self.layout.stored(graph))
        before, after = self._counts.get(graph, 0), self._count(graph)
        self._counts[graph] = after
        if after > before:
            self.store.merge([graph], self.layout.merge)
        return after - before

    @property
    def graphs(self) -> set[str]:
        """The graphs that `derive` has made."""
        return set(self._counts)

    def derived(self, family: str) -> Iterator[bytes]:
        """The triples of a family as N-Triples, in chunks of whole lines."""
        return self._triples(inferred_graph(self.layout.base, family))

    def computed(self, query: str) -> Iterator[bytes]:
        """The triples of a CONSTRUCT that are not there yet, as N-Triples. They are not added, and
        stay here until the next rule."""
        self.store.drop([self._found, self._new])
        self._add(query, self._new)
        return self._triples(self._new)

    @property
    def _found(self) -> str:
        """The graph of what a rule gives."""
        return self.layout.scratch[0]

    @property
    def _new(self) -> str:
        return self.layout.scratch[1]

    def _add(self, query: str, graph: str) -> None:
        """Add to a graph what a CONSTRUCT gives and the merge has not."""
        found, merge = self._found, self.layout.merge
        self.store.run(sent_as_update(query, found, merge, self.engine.endpoint.server))
        self.store.run(
            f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{found}> {{ ?s ?p ?o }} "
            f"FILTER NOT EXISTS {{ GRAPH <{merge}> {{ ?s ?p ?o }} }} }}"
        )
        self.store.drop([found])

    def _count(self, graph: str) -> int:
        row = self.engine.select(_COUNT, dataset=Dataset([graph], []))[0]
        return int(row["n"].value)

    def _triples(self, graph: str) -> Iterator[bytes]:
        """A graph in chunks of whole lines."""
        answer = self.engine.answer(_ALL, {"graph": RdfFormat.N_TRIPLES}, Dataset([graph], []))
        rest = b""
        for chunk in answer.chunks:
            lines, end, rest = (rest + chunk).rpartition(b"\n")
            yield lines + end
