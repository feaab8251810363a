"""Findings are what a look at each day in each reading finds, for every type of rule."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.governance.engines import on_oxigraph
from tests.governance.rules.coarse import RULES, day, turtle, worlds
from tests.governance.rules.readings import (
    DAYS,
    HERE,
    STREET,
    THERE,
    Case,
    Dates,
    Held,
    Rule,
    World,
    expected,
)

from govgraph.governance.rules.cases import STATUSES
from govgraph.governance.rules.facts import read
from govgraph.governance.rules.judge import judge
from govgraph.governance.terms import iri


def found(world: World) -> dict[Case, dict[int, str]]:
    """The findings, each spread over its days."""
    judged = judge(read(on_oxigraph(turtle(world))))
    rows = (
        judged.judged.runs.join(judged.judged.subjects, on="subject")
        .join(judged.demands, on="demand")
        .with_columns(iri("place"), iri("person"), iri("slot"))
        .sort("first")
    )
    cases: dict[Case, dict[int, str]] = {}
    for row in rows.iter_rows(named=True):
        key = _local(row["place"]), row["person"] and _local(row["person"]), _local(row["slot"])
        days = [n for n in DAYS if row["first"] <= day(n) <= row["last"]]
        cases.setdefault(key, {}).update(dict.fromkeys(days, STATUSES[row["status"]]))
    return {case: days for case, days in cases.items() if days}


def _local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


@pytest.mark.parametrize("kind", RULES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_findings_are_those_of_every_reading(kind: str, data: st.DataObject) -> None:
    world = data.draw(worlds(RULES[kind]))
    assert found(world) == expected(world)


elsewhere = st.builds(
    Rule, st.just("exOfficioElsewhere"), st.just("must"), st.just("a"), st.just("b"),
    tier=st.sampled_from([None, "widerPlace", "narrowerPlace", "otherTier"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(world=worlds(elsewhere, places=[HERE, STREET, STREET, THERE]))
def test_posts_in_another_tier(world: World) -> None:
    assert found(world) == expected(world)


@settings(max_examples=25, deadline=None)
@given(
    world=worlds(
        st.builds(Rule, st.just("termLength"), st.just("must"), st.just("a"), terms=st.sampled_from([1, 2])),
        posts=[("a",)], places=[HERE],
    )
)  # fmt: skip
def test_terms_in_a_row(world: World) -> None:
    assert found(world) == expected(world)


def test_days_are_polars_days() -> None:
    """The oracle's days are in the frames as such."""
    world = World(
        Rule("holderCount", "must", "a", least=2),
        ((HERE, Dates((1, 1), (7, 7))),),
        (Held("an", ("a",), HERE, Dates((0, 0), None)),),
        (("an", True), ("bo", True)),
    )
    judged = judge(read(on_oxigraph(turtle(world)))).judged.runs
    assert judged.select("first", "last").rows() == [(day(1), day(7))]
    assert judged.schema["first"] == pl.Date
