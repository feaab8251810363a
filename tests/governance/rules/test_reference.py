"""What is broken is what the SHACL-SPARQL shape finds, for the types of rule that it speaks of."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.governance.engines import on_oxigraph
from tests.governance.rules.coarse import RULES, turtle, worlds
from tests.governance.rules.readings import Dates, World

from govgraph.engine.base import Engine
from govgraph.governance import post_rules
from govgraph.governance.rules.cases import BROKEN, STATUSES
from govgraph.governance.rules.facts import read
from govgraph.governance.rules.judge import judge
from govgraph.governance.terms import iri

KINDS = ("concurrentPosts", "conditionalAppointment", "incompatiblePosts")
Person = tuple[str, str]


def plain(dates: Dates) -> bool:
    """The shape reads bounds one by one: it does not see that an end narrows a later start, and
    takes what has no latest start as never begun."""
    if dates.start and dates.end:
        return dates.start[1] <= dates.end[0]
    return dates.start is not None or dates.end is None


def within_the_shape(world: World) -> bool:
    rule = world.rule
    slots = {rule.slot, rule.second} <= {"a", "b"}
    allowed = rule.modality == ("mustNot" if rule.kind == "incompatiblePosts" else "must")
    return slots and allowed and rule.tier is None and all(
        plain(dates) for dates in [d for _, d in world.adoptions] + [h.dates for h in world.held]
    )  # fmt: skip


def by_shape(engine: Engine) -> dict[Person, set[date]]:
    """The first days of breaches by rule and person."""
    queries = post_rules.shipped()
    found: dict[Person, set[date]] = defaultdict(set)
    for key, kind in post_rules.KINDS.items():
        constraint = queries[key]
        for row in engine.select(constraint.prologue + constraint.text):
            first = date.fromisoformat(row["day"].value) + timedelta(days=kind == "afterEnd")
            found[row["rule"].value, row["person"].value].add(first)
    return dict(found)


def broken(engine: Engine) -> dict[Person, list[tuple[date, date]]]:
    judged = judge(read(engine))
    runs = judged.judged.runs.filter(status=STATUSES.index(BROKEN))
    rows = (
        runs.join(judged.judged.subjects, on="subject")
        .join(judged.demands, on="demand")
        .select(iri("rule"), iri("person"), "first", "last")
    )
    found: dict[Person, list[tuple[date, date]]] = defaultdict(list)
    for rule, person, first, last in rows.iter_rows():
        found[rule, person].append((first, last))
    return dict(found)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_findings_begin_where_the_shape_finds_breaches(kind: str, data: st.DataObject) -> None:
    """The shape tells breaches of each appointment, findings those of the person: each finding
    begins on a day that the shape names, and each day that the shape names is in a finding."""
    world = data.draw(worlds(RULES[kind]).filter(within_the_shape))
    engine = on_oxigraph(turtle(world))
    named, found = by_shape(engine), broken(engine)
    assert named.keys() == found.keys()
    for case, runs in found.items():
        assert {first for first, _ in runs} <= named[case]
        assert all(any(first <= day <= last for first, last in runs) for day in named[case])
