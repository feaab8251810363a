"""What the judgement of a shape rests on: what its queries read.

If nothing that they read has changed, the same queries would be asked again and answered alike, so
the earlier results hold. A predicate is noted by its IRI, a class as `rdf:type` with its IRI.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pyoxigraph import NamedNode

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Engine, Formats, Row, Term
from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.visibility import walk
from govgraph.engine.explain import Explanation
from govgraph.engine.remembered import remembered
from govgraph.vocabulary import PREFIXES, RDF

TYPE = str(NamedNode(RDF + "type"))
#: Stands for whatever there is.
ANYTHING = "*"
#: Queries of one shape that are looked at; one that asks node by node has too many.
MOST_QUERIES = 200


def key(predicate: str, value: str) -> tuple[str, ...]:
    """The notes that a triple is found by, of its predicate and object in N-Triples."""
    return (predicate, f"{predicate} {value}") if predicate == TYPE else (predicate,)


@remembered
def reads_of(query: str) -> frozenset[str]:
    """What a query reads; ANYTHING if that cannot be told."""
    try:
        parsed = parse(query, prefixes=PREFIXES)
    except (NotCompiled, RecursionError):
        return frozenset([ANYTHING])
    found: set[str] = set()
    parts = list(walk(parsed.pattern))
    named = Counter(
        node.name for part in parts for node in _ends(part) if isinstance(node, algebra.Var)
    )
    if any(isinstance(part, algebra.Union) for part in parts):
        named.clear()  # the pattern that says of which nodes may be on the other side
    for part in parts:
        found |= _read(part, named)
    return frozenset(found)


def _ends(part: object) -> tuple[object, ...]:
    if isinstance(part, algebra.TriplePattern | algebra.PathPattern):
        return part.subject, part.object
    return ()


def _read(part: object, named: Counter[str]) -> set[str]:
    match part:
        case algebra.TriplePattern(_, NamedNode() as predicate, value):
            whole = str(predicate) == TYPE and not isinstance(value, algebra.Var)
            return {f"{predicate} {value}" if whole else str(predicate)}
        case algebra.TriplePattern() | algebra.Negated() | algebra.Graph():
            return {ANYTHING}
        case algebra.Link(iri):
            return {str(iri)}
        case algebra.PathPattern(subject, path, end) if _zero(path):
            # a path of length zero holds of every node, unless another pattern says of which
            held = (not isinstance(n, algebra.Var) or named[n.name] > 1 for n in (subject, end))
            return set() if any(held) else {ANYTHING}
    return set()


def _zero(path: algebra.PropertyPath) -> bool:
    return any(isinstance(part, algebra.Repeat) and part.zero for part in walk(path))


class Reader:
    """An engine that notes what the queries since `begin` have read."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.begin()

    def begin(self) -> None:
        self._queries: set[str] = set()

    @property
    def reads(self) -> frozenset[str]:
        if len(self._queries) > MOST_QUERIES:
            return frozenset([ANYTHING])
        return frozenset().union(*map(reads_of, self._queries))

    def _note(self, query: str) -> None:
        if len(self._queries) <= MOST_QUERIES:
            self._queries.add(query)

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        self._note(query)
        return self.engine.select(query, bindings or {}, dataset)

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        self._note(query)
        return self.engine.answer(query, formats, dataset)

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        return self.engine.explain(query, dataset, analyse=analyse)

    def graphs(self) -> list[str]:
        return self.engine.graphs()
