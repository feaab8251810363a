"""Random queries over random graphs: whatever compiles agrees with Oxigraph. `make agreement` runs
many more, from a seed of the day."""

from __future__ import annotations

from collections import Counter

import pytest
from agreement import outcomes
from hypothesis import settings
from random_queries import Writer, ours, spelled

#: Parts run side by side; together 300 cases, or five times GOVGRAPH_EXAMPLES.
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_random_queries_agree(part: int) -> None:
    found = list(outcomes(f"part {part}", settings.default.max_examples * 5 // PARTS))
    assert [(o.graph, ours(o.query), o.why) for o in found if o.verdict == "differs"] == []
    verdicts = Counter(outcome.verdict for outcome in found)
    assert verdicts["agreed"] > 3 * verdicts["refused"]
    assert any(outcome.rows for outcome in found if outcome.verdict == "agreed")


def test_a_seed_gives_the_same_queries_again() -> None:
    first, second = Writer("seed"), Writer("seed")
    assert first.graph() == second.graph()
    assert [first.query() for _ in range(9)] == [second.query() for _ in range(9)]


def test_graphs_and_minus_are_spelled_out() -> None:
    query = "SELECT * {⟦?a ?b ?c ⟪?a¦?a ?d 1⟫⟧}"
    assert ours(query) == "SELECT * {GRAPH ?g { ?a ?b ?c MINUS { ?a ?d 1 } }}"
    less = "MINUS { SELECT ?a { ?a ?d 1 } }"
    each = [
        f"{{ {{ GRAPH <http://x/g{n}> {{ ?a ?b ?c {less} }} }} VALUES ?g {{ <http://x/g{n}> }} }}"
        for n in range(2)
    ]
    assert spelled(query) == f"SELECT * {{{{ {' UNION '.join(each)} }}}}"
