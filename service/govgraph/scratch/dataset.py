"""The scratch dataset: an Oxigraph store, read by anyone and written by one at a time.

Oxigraph loses writes of concurrent transactions without a word, so writers take turns. Each change
is one update, one transaction: a reader sees the dataset before it or after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from govgraph.engine.base import Dataset
from govgraph.engine.extension import Functions
from govgraph.engine.updates import prepared, run_update
from govgraph.errors import GovgraphError
from govgraph.scratch.engine import ScratchEngine
from govgraph.scratch.shelf import Shelf

_TRIPLE = NamedNode("urn:govgraph:triple")
Triples = set[Triple]


class ScratchDataset:
    """A dataset whose graphs are named by IRI, the default graph by None. A writer waits for
    `patience` seconds. GovgraphError(busy) then."""

    def __init__(self, shelf: Shelf, patience: float = 20) -> None:
        self.shelf, self.patience = shelf, patience
        self._writer = Lock()

    @property
    def store(self) -> Store:
        """The dataset as it is now."""
        return self.shelf.store

    def engine(self, base: str, seconds: float) -> ScratchEngine:
        """The engine for a query that came to `base` and may take some seconds."""
        return ScratchEngine(self.store, base, seconds)

    def update(self, text: str, dataset: Dataset, base: str) -> None:
        """Make an update whole or not at all.

        GovgraphError(update-syntax, update-dataset, query-refused, remote-refused, unknown-graph,
        graph-exists, function-arguments, update-failed)."""
        changed = _allowed(text, dataset, base)
        with self._writing():
            run_update(self.store, changed, base)

    def holds(self, graph: str | None) -> bool:
        """Whether a graph exists, be it empty; the default graph always does."""
        return _holds(self.store, graph)

    def document(self, graph: str | None, wanted: RdfFormat) -> bytes:
        """A graph as a document. GovgraphError(unknown-graph)."""
        store = self.store
        content = serialize((_triple(quad) for quad in _quads(store, graph)), format=wanted)
        if not _holds(store, graph):
            raise GovgraphError("unknown-graph", graph=graph)
        return content or b""

    def put(self, graph: str | None, triples: Sequence[Triple]) -> bool:
        """Make the triples all of a graph. True if there was no such graph."""
        emptied = (
            f"DROP SILENT GRAPH <{graph}>; CREATE GRAPH <{graph}>" if graph else "DROP DEFAULT"
        )
        return self._insert(graph, emptied, triples)

    def add(self, graph: str | None, triples: Sequence[Triple]) -> bool:
        """Merge the triples into a graph. True if there was no such graph."""
        made = f"CREATE SILENT GRAPH <{graph}>" if graph else "INSERT DATA {}"
        return self._insert(graph, made, triples)

    def delete(self, graph: str | None) -> None:
        """Take a graph away, or empty the default graph. GovgraphError(unknown-graph)."""
        with self._writing():
            run_update(self.store, f"DROP GRAPH <{graph}>" if graph else "DROP DEFAULT", None)

    def patch(self, graph: str | None, text: str, base: str) -> None:
        """Make an update to a graph, which it sees as its default graph.

        GovgraphError(other-graph) if it would change others, and what `update` raises."""
        changed, aside = _allowed(text, Dataset(), base), Store()
        with self._writing():
            if not self.holds(graph):
                raise GovgraphError("unknown-graph", graph=graph)
            before = {_triple(quad) for quad in _quads(self.store, graph)}
            aside.extend(Quad(*triple) for triple in before)
            run_update(aside, changed, base)
            if any(aside.named_graphs()):
                raise GovgraphError("other-graph")
            after = {_triple(quad) for quad in aside}
            _change(self.store, graph, before - after, after - before)

    def _insert(self, graph: str | None, first: str, triples: Sequence[Triple]) -> bool:
        """One update: `first`, then the triples, with new blank nodes."""
        lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
        with self._writing():
            new = not self.holds(graph)
            run_update(self.store, f"{first}; INSERT DATA {{ {_in(graph, lines)} }}", None)
        return new

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self._writer.acquire(timeout=self.patience):
            raise GovgraphError("busy", seconds=round(self.patience))
        try:
            yield
            self.shelf.changed()
        finally:
            self._writer.release()


def _holds(store: Store, graph: str | None) -> bool:
    return graph is None or store.contains_named_graph(NamedNode(graph))


def _allowed(text: str, dataset: Dataset, base: str) -> str:
    """The update that may be made. One that needs a LOAD is refused, if it is one at all."""
    found = prepared(text, dataset)
    if found.need:
        try:
            run_update(Store(), found.text, base)
        except GovgraphError as error:
            if error.code == "update-syntax":
                raise
        raise GovgraphError("remote-refused", what="LOAD")
    return found.text


def _change(store: Store, graph: str | None, gone: Triples, come: Triples) -> None:
    """Replace triples by others in one update. Their blank nodes keep who they are, which no text
    can say: a function of ours gives the triples."""
    triples = [*gone, *come]
    known: Functions = {_TRIPLE: lambda number: triples[int(number.value)]}
    old, new = _numbered("old", range(len(gone))), _numbered("new", range(len(gone), len(triples)))
    run_update(
        store,
        f"DELETE {{ {_in(graph, '?old_s ?old_p ?old_o')} }}"
        f" INSERT {{ {_in(graph, '?new_s ?new_p ?new_o')} }}"
        f" WHERE {{ {{ {old} }} UNION {{ {new} }} }}",
        None,
        known,
    )


def _numbered(name: str, numbers: range) -> str:
    """A pattern that binds the parts of the triples of these numbers."""
    return (
        f"VALUES ?{name} {{ {' '.join(map(str, numbers))} }} BIND({_TRIPLE}(?{name}) AS ?{name}_t)"
        f" BIND(SUBJECT(?{name}_t) AS ?{name}_s) BIND(PREDICATE(?{name}_t) AS ?{name}_p)"
        f" BIND(OBJECT(?{name}_t) AS ?{name}_o)"
    )


def _in(graph: str | None, pattern: str) -> str:
    return f"GRAPH <{graph}> {{ {pattern} }}" if graph else pattern


def _quads(store: Store, graph: str | None) -> Iterator[Quad]:
    name = NamedNode(graph) if graph else DefaultGraph()
    return store.quads_for_pattern(None, None, None, name)


def _triple(quad: Quad) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)
