"""Property paths (grammar rules 88 to 96)."""

from __future__ import annotations

from pyoxigraph import NamedNode

from govgraph.engine.columnar.algebra import (
    Alternative,
    Inverse,
    Link,
    Negated,
    PropertyPath,
    Repeat,
    Sequence,
)
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse_terms import RDF, Terms

TYPE = NamedNode(RDF + "type")
#: mark -> (zero, many)
REPEATS = {"*": (True, True), "+": (False, True), "?": (True, False)}


class Paths(Terms):
    def path(self) -> PropertyPath:
        """`p|q`, and all that binds tighter."""
        path = self._path_sequence()
        while self.accept("|"):
            self.grow()
            path = Alternative(path, self._path_sequence())
        return path

    def link(self) -> NamedNode:
        """An IRI or `a`."""
        return TYPE if self.accept("a") else self.iri()

    def _path_sequence(self) -> PropertyPath:
        path = self._path_step()
        while self.accept("/"):
            self.grow()
            path = Sequence(path, self._path_step())
        return path

    def _path_step(self) -> PropertyPath:
        if self.accept("^"):
            return Inverse(self._path_repeated())
        return self._path_repeated()

    def _path_repeated(self) -> PropertyPath:
        path = self._path_primary()
        if self.kind not in REPEATS:
            return path
        if self.signed():
            raise NotCompiled("`+` before a number: a path's mark or the number's sign")
        return Repeat(path, *REPEATS[self.take()])

    def _path_primary(self) -> PropertyPath:
        if self.accept("!"):
            return self._negated_set()
        if not self.accept("("):
            return Link(self.link())
        self.enter()
        path = self.path()
        self.expect(")")
        self.leave()
        return path

    def _negated_set(self) -> Negated:
        forward: list[NamedNode] = []
        inverse: list[NamedNode] = []
        if not self.accept("("):
            self._negated_link(forward, inverse)
        elif not self.accept(")"):
            self._negated_link(forward, inverse)
            while self.accept("|"):
                self._negated_link(forward, inverse)
            self.expect(")")
        return Negated(tuple(forward), tuple(inverse))

    def _negated_link(self, forward: list[NamedNode], inverse: list[NamedNode]) -> None:
        (inverse if self.accept("^") else forward).append(self.link())
