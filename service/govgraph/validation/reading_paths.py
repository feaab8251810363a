"""A property path read from a shapes graph (§2.3.1)."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Term
from govgraph.validation.paths import Alternative, Inverse, Path, Predicate, Repeat, Sequence
from govgraph.validation.triples import Triples
from govgraph.vocabulary import SH

_REPEATS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def read_path(graph: Triples, node: Term, around: tuple[Term, ...] = ()) -> Path:
    """The path that a node stands for; a list comes before other forms, as W3C's tests have it.

    ValueError if it is ill-formed.
    """
    if isinstance(node, NamedNode):
        return Predicate(node)
    if isinstance(node, Literal) or node in around:
        raise ValueError("an ill-formed path")
    inside = (*around, node)
    if graph.is_list(node):
        return Sequence(_members(graph, node, inside))
    if choices := graph.value(node, NamedNode(SH + "alternativePath")):
        return Alternative(_members(graph, choices, inside))
    if inverse := graph.value(node, NamedNode(SH + "inversePath")):
        return Inverse(read_path(graph, inverse, inside))
    for word, sign in _REPEATS.items():
        if repeated := graph.value(node, NamedNode(SH + word)):
            return Repeat(read_path(graph, repeated, inside), sign)
    raise ValueError("an ill-formed path")


def _members(graph: Triples, node: Term, around: tuple[Term, ...]) -> tuple[Path, ...]:
    members = tuple(read_path(graph, member, around) for member in graph.items(node))
    if len(members) < 2:
        raise ValueError("a path of fewer than two members")
    return members
