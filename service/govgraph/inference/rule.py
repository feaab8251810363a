"""A rule as a value: what follows from what, to be run over a whole graph and to be explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from govgraph.engine.base import Term
from govgraph.engine.columnar.algebra import (
    Alternative,
    Inverse,
    Link,
    Negated,
    Node,
    PathPattern,
    PropertyPath,
    Sequence,
    TriplePattern,
    Var,
)

Bindings = Mapping[str, Term]
Step = TriplePattern | PathPattern


class Axiom(NamedTuple):
    """What the ontology says: a subject, a predicate, one object or the members of a list."""

    subject: Term
    predicate: NamedNode
    objects: tuple[Term | Inverse, ...]
    is_list: bool = False


class Rule(NamedTuple):
    """One rule of one family.

    `construct` adds, over a whole graph at once, all that follows by it. To explain one triple,
    the triple is matched with `head`; `body` are the facts it follows from. The axioms are looked
    up by `axioms`, or are the one `axiom` that the rule was made of.
    """

    family: str
    construct: str
    head: TriplePattern
    body: tuple[TriplePattern, ...]
    axioms: tuple[Step, ...] = ()
    axiom: Axiom | None = None


def unify(pattern: TriplePattern, triple: Triple) -> dict[str, Term] | None:
    """The values of a pattern's variables that make it the triple; None if there are none."""
    found: dict[str, Term] = {}
    for node, term in zip(nodes(pattern), terms(triple), strict=True):
        value = found.setdefault(node.name, term) if isinstance(node, Var) else node
        if value != term:
            return None
    return found


def instance(pattern: TriplePattern, bindings: Bindings) -> Triple | None:
    """The triple that a pattern stands for; None if a variable has no value or it is no triple."""
    s, p, o = (value(node, bindings) for node in nodes(pattern))
    if s is None or p is None or o is None:
        return None
    try:
        return Triple(s, p, o)  # type: ignore[arg-type]
    except TypeError:
        return None


def terms(triple: Triple) -> tuple[Term, NamedNode, Term]:
    """Subject, predicate and object. Triples about triples are not in a release."""
    assert not isinstance(triple.subject, Triple)
    assert not isinstance(triple.object, Triple)
    return triple.subject, triple.predicate, triple.object


def nodes(pattern: TriplePattern) -> tuple[Node, Node, Node]:
    return pattern.subject, pattern.predicate, pattern.object


def value(node: Node, bindings: Bindings) -> Term | None:
    return bindings.get(node.name) if isinstance(node, Var) else node


def text(steps: Iterable[Step]) -> str:
    """Steps as SPARQL."""
    return " . ".join(_step(step) for step in steps)


def _step(step: Step) -> str:
    middle = path_text(step.path) if isinstance(step, PathPattern) else _node(step.predicate)
    return f"{_node(step.subject)} {middle} {_node(step.object)}"


def _node(node: Node) -> str:
    return f"?{node.name}" if isinstance(node, Var) else str(node)


def path_text(path: PropertyPath) -> str:
    """A property path as SPARQL."""
    match path:
        case Link(iri):
            return str(iri)
        case Inverse(inner):
            return f"^({path_text(inner)})"
        case Sequence(left, right):
            return f"({path_text(left)}/{path_text(right)})"
        case Alternative(left, right):
            return f"({path_text(left)}|{path_text(right)})"
        case Negated(forward, inverse):
            return f"!({'|'.join([*map(str, forward), *(f'^{iri}' for iri in inverse)])})"
        case _:
            return f"({path_text(path.path)}){'*' if path.zero and path.many else '+' if path.many else '?'}"
