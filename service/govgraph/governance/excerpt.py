"""The part of a graph that a question about one thing needs, as a graph of its own.

What judges rules and adds up money reads whole tables, which is right for a nation and wrong for the
page of one person of it. On an excerpt with all that the question looks at it says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.kept import kept
from govgraph.vocabulary import PROLOGUE

#: Nodes of an excerpt; what needs more is asked of the whole graph.
MOST = 2_000
#: Nodes that one query is about.
_BATCH = 250
#: Subjects of a property from which on a graph is large.
LARGE = 5_000
Nodes = Collection[NamedNode]


class TooMuch(Exception):
    """An excerpt would be so large that the whole graph is as good, or leads to nodes without a
    name, which cannot be asked for."""


class Excerpt:
    """A graph that is copied from another one, node by node."""

    def __init__(self, engine: Engine) -> None:
        self._source, self._store = engine, Store()
        self._seen: set[NamedNode] = set()

    def along(
        self, nodes: Iterable[NamedNode], *patterns: str, far: bool = False
    ) -> set[NamedNode]:
        """The nodes (`?to`) that patterns lead to from some (`?from`); with `far`, those and all
        that the same patterns lead to from there, the first ones among them. TooMuch."""
        reached = set(nodes) if far else set()
        last = set(nodes)
        while last:
            last = self._step(last, patterns) - reached
            reached |= last
            self._seen |= last
            if len(self._seen) > MOST:
                raise TooMuch
            if not far:
                break
        return reached

    def copy(self, nodes: Iterable[NamedNode], *properties: str) -> None:
        """Take over what is said of some nodes, by some properties or by all."""
        only = f"FILTER(?p IN ({', '.join(properties)}))" if properties else ""
        for values in _values(nodes):
            query = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o {only} }}"
            self._add(query)

    def copy_all(self, *properties: str, where: str) -> None:
        """Take over all that is said by some properties of the nodes (`?s`) of a pattern, which
        are few: it is read once."""
        self._store.extend(_stated(self._source, where, *properties))

    def engine(self) -> Engine:
        """The excerpt, to be asked."""
        return OxigraphEngine(self._store)

    def _step(self, nodes: Nodes, patterns: Iterable[str]) -> set[NamedNode]:
        found = set()
        for values in _values(nodes):
            for pattern in patterns:
                query = f"SELECT DISTINCT ?to WHERE {{ VALUES ?from {{ {values} }} {pattern} }}"
                limited = f"{PROLOGUE}{query} LIMIT {MOST + 1}"
                found |= {row["to"] for row in self._source.select(limited)}
        if any(isinstance(node, BlankNode) for node in found):
            raise TooMuch
        return {node for node in found if isinstance(node, NamedNode)}

    def _add(self, query: str) -> None:
        self._store.extend(_quads(self._source, query))


@kept
def _stated(engine: Engine, where: str, *properties: str) -> list[Quad]:
    queries = (
        f"SELECT ?s ?p ?o WHERE {{ {where} ?s {name} ?o BIND({name} AS ?p) }}"
        for name in properties
    )
    return [quad for query in queries for quad in _quads(engine, query)]


def _quads(engine: Engine, query: str) -> Iterator[Quad]:
    """The rows of a query as triples of the default graph."""
    for row in engine.select(PROLOGUE + query):
        subject, property_ = row["s"], row["p"]
        assert isinstance(subject, NamedNode | BlankNode)
        assert isinstance(property_, NamedNode)
        yield Quad(subject, property_, row["o"], DefaultGraph())


def _values(nodes: Iterable[NamedNode]) -> Iterable[str]:
    every = iter(sorted(nodes, key=str))
    while batch := list(islice(every, _BATCH)):
        yield " ".join(map(str, batch))


@kept
def is_large(engine: Engine, property_: str, few: int = LARGE) -> bool:
    """Whether a graph has so much of something that an excerpt is worth its while, or more of it
    than a `few`."""
    query = f"SELECT ?s WHERE {{ ?s {property_} ?o }} LIMIT {few + 1}"
    return len(engine.select(PROLOGUE + query)) > few
