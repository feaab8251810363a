"""Triples of patterns and templates, with collections and blank node property lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from govgraph.engine.columnar.algebra import (
    Inverse,
    Link,
    Node,
    PathPattern,
    PropertyPath,
    TriplePattern,
    Var,
)
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse_paths import Paths
from govgraph.engine.columnar.parse_terms import RDF

FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_LINKS = {"pname", "iri", "a"}
_PATH_MARKS = {"/", "|", "*", "+", "?"}
_VERBS = {"var", "pname", "iri", "a", "^", "!", "("}


@dataclass(slots=True, eq=False)
class Block:
    """Adjacent triples: the scope of blank node labels (§5.1.1)."""

    template: bool = False
    triples: list[TriplePattern] = field(default_factory=list)
    paths: list[PathPattern] = field(default_factory=list)

    def variables(self) -> set[str]:
        """The names of the variables that are not blank nodes."""
        found: set[str] = set()
        for triple in self.triples:
            for node in (triple.subject, triple.predicate, triple.object):
                if type(node) is Var and not node.hidden:
                    found.add(node.name)
        for path in self.paths:
            for node in (path.subject, path.object):
                if type(node) is Var and not node.hidden:
                    found.add(node.name)
        return found


class Triples(Paths):
    labels: dict[str, Block]

    def same_subject(self, block: Block) -> None:
        """Triples up to the dot."""
        closing = {"(": ")", "[": "]"}.get(self.kind)
        alone = closing is not None and not self.follows(closing)
        subject = self._node(block)
        if not alone or self.kind in _VERBS:
            self._properties(block, subject)

    def _properties(self, block: Block, subject: Node) -> None:
        """`verb object, object; verb object`"""
        self._objects(block, subject)
        while self.accept(";"):
            if self.kind in _VERBS:
                self._objects(block, subject)

    def _objects(self, block: Block, subject: Node) -> None:
        verb, backwards = self._verb(block)
        while True:
            node = self._node(block)
            if self.kind == "{|" or self.kind == "~":
                raise NotCompiled("RDF-star")
            first, second = (node, subject) if backwards else (subject, node)
            if isinstance(verb, Var | NamedNode):
                block.triples.append(TriplePattern(first, verb, second))
            else:
                self.grow()
                block.paths.append(PathPattern(first, verb, second))
            if not self.accept(","):
                return

    def _verb(self, block: Block) -> tuple[Var | NamedNode | PropertyPath, bool]:
        """A verb, and whether it runs from object to subject: inverse paths are turned round."""
        if self.kind == "var":
            return Var(self.take()), False
        if block.template or (self.kind in _LINKS and self.kinds[self.at + 1] not in _PATH_MARKS):
            return self.link(), False
        path, backwards = self.path(), False
        while isinstance(path, Inverse):
            path, backwards = path.path, not backwards
        return (path.iri if isinstance(path, Link) else path), backwards

    def _node(self, block: Block) -> Node:
        kind = self.kind
        if kind == "var":
            return Var(self.take())
        if kind == "pname" or kind == "iri":
            return self.iri()
        if kind == "blank":
            return self._blank(block)
        if kind == "[":
            return self._nested(block)
        if kind == "(":
            return self._collection(block)
        if kind == "<<":
            raise NotCompiled("RDF-star")
        return self.literal()

    def _blank(self, block: Block) -> Var:
        label = self.texts[self.at]
        if not block.template and self.labels.setdefault(label, block) is not block:
            raise self.error("a blank node label in two basic graph patterns")
        return Var(self.take())

    def _nested(self, block: Block) -> Var:
        """`[]` or `[ verb object ]`"""
        self.take()
        node = self.fresh()
        if self.accept("]"):
            return node
        self.enter()
        self._properties(block, node)
        self.expect("]")
        self.leave()
        return node

    def _collection(self, block: Block) -> Node:
        """`()` or `( node node )`"""
        self.take()
        if self.accept(")"):
            return NIL
        self.enter()
        head = cell = self.fresh()
        while True:
            block.triples.append(TriplePattern(cell, FIRST, self._node(block)))
            if self.accept(")"):
                break
            rest = self.fresh()
            block.triples.append(TriplePattern(cell, REST, rest))
            cell = rest
        block.triples.append(TriplePattern(cell, REST, NIL))
        self.leave()
        return head
