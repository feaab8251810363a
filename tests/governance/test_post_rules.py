"""Breaches found as intervals are the solutions of the shipped SPARQL constraints, term for term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.governance.engines import on_columns, on_oxigraph
from tests.governance.worlds import PROLOGUE, world

from govgraph.engine.base import Engine
from govgraph.governance import post_rules
from govgraph.governance.intervals import COLUMNS
from govgraph.http.state import Opened
from govgraph.validation.shapes import Sparql

Breach = tuple[str | None, ...]
SEEDS = st.integers(0, 2**64)


@pytest.fixture(scope="session")
def constraints() -> Mapping[str, Sparql]:
    """The shipped constraints by kind of breach."""
    shipped = post_rules.shipped()
    return {kind: shipped[key] for key, kind in post_rules.KINDS.items()}


def by_sparql(engine: Engine, constraints: Mapping[str, Sparql]) -> Counter[Breach]:
    """What the constraints' own queries find."""
    return Counter(
        tuple(kind if name == "kind" else told(row.get(name)) for name in COLUMNS)
        for kind, constraint in constraints.items()
        for row in engine.select(constraint.prologue + constraint.text)
    )


def told(term: object) -> str | None:
    return None if term is None else str(term)


def listed(found: pl.DataFrame) -> Counter[Breach]:
    return Counter(found.iter_rows())


def merged(seeds: Iterable[int], strange: float) -> str:
    """Many worlds in one graph, each with its own names."""
    worlds = (
        world(seed, strange)
        .replace("x.example/", f"x.example/{seed}/")
        .replace("_:", f"_:w{seed}-")
        for seed in seeds
    )
    return "\n".join(worlds)


@given(SEEDS)
def test_small_worlds(constraints: Mapping[str, Sparql], seed: int) -> None:
    engine = on_oxigraph(world(seed))
    assert listed(post_rules.breaches(engine)) == by_sparql(engine, constraints)


@given(SEEDS)
def test_small_worlds_with_dates_that_are_no_days(
    constraints: Mapping[str, Sparql], seed: int
) -> None:
    engine = on_oxigraph(world(seed, strange=0.1))
    assert listed(post_rules.breaches(engine)) == by_sparql(engine, constraints)


@pytest.mark.parametrize("strange", [0.0, 0.02])
def test_many_worlds_at_once(
    constraints: Mapping[str, Sparql], strange: float, tmp_path: Path
) -> None:
    """Every kind is there many times; the same on the columns, blank nodes by their labels there."""
    turtle = merged(range(200), strange)
    engine = on_oxigraph(turtle)
    expected = by_sparql(engine, constraints)
    kinds = Counter(breach[0] for breach in expected)
    assert min(kinds[kind] for kind in constraints) >= 10
    assert listed(post_rules.breaches(engine)) == expected
    assert listed(post_rules.breaches(on_columns(turtle, tmp_path))) == expected


def test_shipped_data(constraints: Mapping[str, Sparql], opened: Opened) -> None:
    expected = by_sparql(opened.engine, constraints)
    assert expected.total() == 5
    assert listed(post_rules.breaches(opened.engine)) == expected


def test_a_graph_without_rules() -> None:
    found = post_rules.breaches(on_oxigraph(PROLOGUE))
    assert (found.columns, found.height) == ([*COLUMNS], 0)


HOLDINGS = """
:adoption gov:adopter :here ; gov:adoptedModel :model ; gov:startLatest "2020-01-01"^^xsd:date .
:rule gov:ofModel :model ; gov:modality gov:must ; gov:ruleType gov:concurrentPosts ;
  gov:ifHolds :a ; gov:thenHolds :b .
:body gov:place :here . :post gov:fillsPostSlot :a ; org:postIn :body .
:first gov:onPost :post ; org:member :an ; gov:startLatest "2021-01-01"^^xsd:date .
:second gov:onPost :post ; org:member :bo ; gov:startLatest "2021-01-01T00:00:00"^^xsd:dateTime .
"""


def test_a_date_that_is_no_day_costs_no_other_finding() -> None:
    """What cannot be compared leaves the day unbound, as the query does."""
    found = post_rules.breaches(on_oxigraph(PROLOGUE + HOLDINGS))
    told = {(row["person"], row["day"]) for row in found.iter_rows(named=True)}
    day = '"2021-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert told == {("<http://x.example/an>", day), ("<http://x.example/bo>", None)}
