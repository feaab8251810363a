"""The shape of a query holds what its work depends on, and nothing else."""

from __future__ import annotations

import pytest

from govgraph.engine.shape import shape

SCHEMA = {"http://x/p", "http://x/C"}


@pytest.mark.parametrize(
    "one, other",
    [
        ("SELECT * { ?s <http://x/p> 'a' }", "SELECT *\n{ ?s <http://x/p> '''b'' # c''' } # d"),
        ("SELECT * { <http://x/1> ?p ?o }", "SELECT * { <http://x/2> ?p ?o }"),
        ("SELECT * { ?s ?p 'FROM' }", "SELECT * { ?s ?p 'x' }"),
    ],
)
def test_values_are_no_part_of_it(one: str, other: str) -> None:
    assert shape(one, SCHEMA) == shape(other, SCHEMA) is not None


@pytest.mark.parametrize(
    "one, other",
    [
        ("SELECT * { ?s <http://x/p> 'a' }", "SELECT * { ?s <http://x/q> 'a' }"),
        ("SELECT * { ?s a <http://x/C> }", "SELECT * { ?s a <http://x/D> }"),
        ("SELECT * { ?s ?p 'a' } LIMIT 1", "SELECT * { ?s ?p 'a' } LIMIT 9999"),
        ("SELECT * { ?s ?p 'a' }", "SELECT * FROM <http://x/g> { ?s ?p 'a' }"),
        ("SELECT * { ?s ?p 'a' }", "SELECT * { ?s ?p 'a'@en }"),
        ("SELECT * { x:a ?p ?o }", "SELECT * { x:b ?p ?o }"),
        (
            "PREFIX x: <http://x/> SELECT * { ?s x:p ?o }",
            "PREFIX x: <http://y/> SELECT * { ?s x:p ?o }",
        ),
        ("BASE <http://x/> SELECT * { ?s ?p 'a' }", "BASE <http://y/> SELECT * { ?s ?p 'a' }"),
    ],
)
def test_all_else_is(one: str, other: str) -> None:
    assert shape(one, SCHEMA) != shape(other, SCHEMA)


def test_what_has_no_tokens_has_no_shape() -> None:
    assert shape("SELECT * { ?s ?p 'a }", SCHEMA) is None
