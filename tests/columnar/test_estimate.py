"""Estimated work tells lookups from analysis."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pyoxigraph import NamedNode

from govgraph.engine.columnar.columns import Predicate
from govgraph.engine.columnar.parse import parse
from govgraph.engine.estimate import DEPTH, Estimate
from govgraph.vocabulary import RDF

NAMES = ["http://x/partOf", "http://x/label", RDF + "type"]


class Tree:
    """A thousand parts in each of a hundred wholes, all of them labelled and of class C."""

    predicates: ClassVar = {
        1: Predicate(100_000, 100_000, 100, 1, 1000, 4, None, 4),
        2: Predicate(100_100, 100_100, 90_000, 1, 5, 8, None, 4),
        3: Predicate(100_100, 100_100, 1, 1, 100_100, 4, None, 4),
    }
    classes: ClassVar = {9: 100_100}
    triples = 300_200

    def id_of(self, term: NamedNode) -> int | None:
        return 9 if term.value == "http://x/C" else dict(zip(NAMES, range(1, 4), strict=True)).get(
            term.value
        )  # fmt: skip


def probes(pattern: str) -> float:
    return Estimate(Tree()).probes(parse(f"PREFIX : <http://x/> SELECT * {{ {pattern} }}"))


@pytest.mark.parametrize(
    "pattern, least, most",
    [
        ("<http://x/1> :partOf ?whole", 1, 1),
        ("?part :partOf <http://x/1>", 1000, 1000),
        ("?part :partOf <http://x/1> ; :label ?l", 2000, 2000),
        ("<http://x/1> :partOf+ ?whole", DEPTH, DEPTH),
        ("<http://x/1> :partOf? ?whole", 2, 2),
        ("?part :partOf+ <http://x/1>", 100_000, 100_000),
        ("?part :partOf <http://x/1> . ?part ^:partOf* ?x", 1_000_000, 1e9),
        ("<http://x/1> ^:partOf ?part", 1000, 1000),
        ("<http://x/1> (^:partOf/:label) ?label", 1000, 3000),
        ("<http://x/1> (:partOf|:label)+ ?x", 2, 1000),
        ("<http://x/1> !:partOf ?x", 1, 100),
        ("?part :partOf* ?whole", 100_000, 1e6),
        ("?x a :C FILTER NOT EXISTS { ?x :partOf ?y }", 200_000, 201_000),
        ("?x a :C", 100_100, 100_100),
        ("?x :unknown ?y", 0, 1),
        ("{ SELECT * { ?x a :C } LIMIT 10 }", 10, 10),
        ("{ SELECT * { ?x a :C } ORDER BY ?x LIMIT 10 }", 100_100, 100_100),
        ("{ <http://x/1> :label ?l } UNION { <http://x/2> :label ?l }", 2, 2),
        ("VALUES ?x { <http://x/1> <http://x/2> } ?x :label ?l", 2, 2),
    ],
)
def test_work_is_about_right(pattern: str, least: float, most: float) -> None:
    assert least <= probes(pattern) <= most
