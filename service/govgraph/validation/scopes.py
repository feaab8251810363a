"""Sets of nodes as SPARQL patterns: focus nodes, and the values that a path leads to from them.

Nodes are never listed in a query, so blank nodes take part and nothing depends on how many there
are. Variables are numbered: ?n0 a focus node, ?n1 its values, ?n2 their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from govgraph.validation.paths import Path, reaches_itself, sparql
from govgraph.validation.shapes import (
    ClassTarget,
    NodeTarget,
    ObjectsTarget,
    SubjectsTarget,
    Target,
)
from govgraph.vocabulary import RDF

#: class -> itself and its subclasses
Subclasses = Mapping[NamedNode, tuple[NamedNode, ...]]
TYPE = f"<{RDF}type>"


@dataclass(frozen=True, slots=True)
class Scope:
    """A pattern whose solutions bind the variable to some nodes, perhaps more than once."""

    pattern: str
    number: int = 0

    @property
    def var(self) -> str:
        return f"?n{self.number}"

    @property
    def name(self) -> str:
        return f"n{self.number}"

    def distinct(self, alias: str = "") -> str:
        """The nodes as a sub-select, each once, under another name if one is given."""
        shown = f"({self.var} AS {alias})" if alias else self.var
        return f"{{ SELECT DISTINCT {shown} WHERE {{ {self.pattern} }} }}"


@dataclass(frozen=True, slots=True)
class Values:
    """A pattern of focus nodes with their value nodes; without a path each is its own value."""

    scope: Scope
    path: Path | None

    @property
    def focus(self) -> str:
        return self.scope.var

    @property
    def value(self) -> str:
        return f"?{self.name}"

    @property
    def name(self) -> str:
        return f"n{self.scope.number + (self.path is not None)}"

    @property
    def pattern(self) -> str:
        return (
            self.scope.pattern if self.path is None else linked(self.path, self.scope, self.value)
        )

    def nodes(self) -> Scope:
        """The value nodes as focus nodes of another shape."""
        if self.path is None:
            return self.scope
        inner = Scope(self.pattern, self.scope.number + 1)
        return Scope(inner.distinct(), inner.number)


def linked(path: Path, scope: Scope, end: str) -> str:
    """The pattern of the scope's nodes with what a path leads to.

    A node that is a value of its own path counts without being in the graph, so it is added.
    """
    walked = f"{scope.pattern} {scope.var} {sparql(path)} {end} ."
    if not reaches_itself(path):
        return walked
    return f"{{ {walked} }} UNION {{ {scope.pattern} BIND({scope.var} AS {end}) }}"


def targets(targets: Iterable[Target], subclasses: Subclasses) -> Scope:
    """The focus nodes that targets name."""
    patterns = [_target(target, subclasses) for target in targets]
    if len(patterns) == 1:
        return Scope(patterns[0])
    union = " UNION ".join(f"{{ {pattern} }}" for pattern in dict.fromkeys(patterns))
    return Scope(Scope(union).distinct())


def _target(target: Target, subclasses: Subclasses) -> str:
    match target:
        case ClassTarget(iri):
            return instance("?n0", iri, subclasses)
        case NodeTarget(node):
            return f"VALUES ?n0 {{ {node} }}"
        case SubjectsTarget(predicate):
            return f"?n0 {predicate} ?any ."
        case ObjectsTarget(predicate):
            return f"?any {predicate} ?n0 ."


def instance(var: str, iri: NamedNode, subclasses: Subclasses) -> str:
    """The pattern of a SHACL instance of a class."""
    kinds = subclasses.get(iri, (iri,))
    if len(kinds) == 1:
        return f"{var} {TYPE} {kinds[0]} ."
    listed = " ".join(map(str, kinds))
    return f"VALUES {var}c {{ {listed} }} {var} {TYPE} {var}c ."
