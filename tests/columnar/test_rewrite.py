"""Values of the algebra that are changed, and those that are not."""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.rewrite import rebuilt

QUERY = parse("SELECT ?x { ?x a ?c OPTIONAL { ?c <x:p> ?d } FILTER(?d != ?x) }")


def test_what_does_not_change_is_the_same_thing() -> None:
    assert rebuilt(QUERY.pattern, lambda part: part) is QUERY.pattern


def test_what_changes_leaves_the_original_alone() -> None:
    def put(part: Any) -> Any:
        return NamedNode("x:d") if part == a.Var("d") else part

    changed = rebuilt(QUERY.pattern, put)
    assert changed != QUERY.pattern
    assert a.Var("d") not in set(_parts(changed))
    assert a.Var("d") in set(_parts(QUERY.pattern))


def _parts(value: Any) -> list[Any]:
    found: list[Any] = []

    def note(part: Any) -> Any:
        if isinstance(part, a.Var):
            found.append(part)
        return part

    rebuilt(value, note)
    return found
