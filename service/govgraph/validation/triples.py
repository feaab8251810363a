"""A small graph in memory that keeps every term as written: shapes graphs are read from it.

Oxigraph's store and rdflib both normalise literals, and SHACL tells `true` from `"1"^^xsd:boolean`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from govgraph.engine.base import Term
from govgraph.engine.columnar.ids import XSD
from govgraph.vocabulary import RDF

#: The one term that switches a boolean parameter on.
TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))


class Triples:
    """Triples by subject and predicate, each once, in the order they came."""

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        self._out: dict[Term, dict[NamedNode, dict[Term, None]]] = defaultdict(dict)
        for triple in triples:
            objects = self._out[triple.subject].setdefault(triple.predicate, {})  # type: ignore[index]
            objects[triple.object] = None  # type: ignore[index]

    @classmethod
    def read(cls, files: Iterable[Path]) -> Triples:
        """The merge of Turtle files. SyntaxError or OSError if one cannot be read."""
        return cls(
            quad
            for path in files
            for quad in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True)
        )

    def subjects(self, *predicates: NamedNode) -> list[Term]:
        """All subjects that have one of the predicates."""
        return [s for s, out in list(self._out.items()) if any(p in out for p in predicates)]

    def predicates(self, subject: Term) -> Iterable[NamedNode]:
        return self._out.get(subject, {})

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        return list(self._out.get(subject, {}).get(predicate, ()))

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first object, None if there is none."""
        return next(iter(self.objects(subject, predicate)), None)

    def reachable(self, subject: Term, predicate: NamedNode) -> Iterator[Term]:
        """The subject, and what a chain of the predicate leads to, each once."""
        seen, todo = {subject: None}, [subject]
        while todo:
            for found in self.objects(todo.pop(), predicate):
                if found not in seen:
                    seen[found] = None
                    todo.append(found)
        return iter(seen)

    def is_list(self, node: Term) -> bool:
        return node == _NIL or self.value(node, _FIRST) is not None

    def items(self, node: Term) -> list[Term]:
        """The members of an RDF list. ValueError if it is none: broken, forked or a loop."""
        found: list[Term] = []
        seen: set[Term] = set()
        while node != _NIL:
            firsts, rests = self.objects(node, _FIRST), self.objects(node, _REST)
            if len(firsts) != 1 or len(rests) != 1 or node in seen:
                raise ValueError("an ill-formed list")
            seen.add(node)
            found.append(firsts[0])
            node = rests[0]
        return found
