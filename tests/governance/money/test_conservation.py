"""Parts within totals, and what is passed on within what was received."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.money.conservation import along_chains, parts_within_totals

from .graphs import X, engine, flow, rows

PARTS = ("total", "parts", "parts_unknown", "parts_lower", "parts_upper", "conserved", "excess")


def total(amount: int | None, *parts: int | None) -> str:
    made = flow("t", amount=amount)
    for number, part in enumerate(parts):
        made += flow(f"p{number}", amount=part, partOfFlow=":t")
    return made


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [
        (100, (60, 40), (2, 0, 100, 100, "yes", None)),
        (100, (60, 50), (2, 0, 110, 110, "no", 10)),
        (100, (60, None), (2, 1, 60, None, "unknown", None)),
        (100, (110, None), (2, 1, 110, None, "no", 10)),
        (None, (60, 40), (2, 0, 100, 100, "unknown", None)),
        (100, (None, None), (2, 2, None, None, "unknown", None)),
    ],
)
def test_parts_and_their_total(
    amount: int | None, parts: tuple[int | None, ...], expected: tuple[object, ...]
) -> None:
    found = parts_within_totals(engine(total(amount, *parts))).frame
    assert rows(found, *PARTS) == [("t", *expected)]


def test_an_excess_is_told_at_the_total_where_it_is() -> None:
    world = flow("t", amount=5) + flow("p", partOfFlow=":t") + flow("q", amount=8, partOfFlow=":p")
    assert rows(parts_within_totals(engine(world)).frame, "total", "conserved", "excess") == [
        ("p", "unknown", None), ("t", "no", 3),
    ]  # fmt: skip


def test_parts_in_another_currency_cannot_be_compared() -> None:
    world = flow("t", amount=5) + flow("p", amount=8, currency="USD", partOfFlow=":t")
    assert rows(parts_within_totals(engine(world)).frame, "conserved") == [("unknown",)]


CHAIN = (
    "organization", "currency", "value_received", "upper_received", "value_passed", "lower_passed",
    "conserved", "excess",
)  # fmt: skip


def test_a_chain_that_keeps_breaks_and_cannot_be_told() -> None:
    world = (
        flow("in", amount=100, funder=":top", recipient=":kept")
        + flow("out", amount=90, funder=":kept", recipient=":broken")
        + flow("more", amount=95, funder=":broken", recipient=":open")
        + flow("some", funder=":open", recipient=":end")
    )
    assert rows(along_chains(engine(world)).frame, *CHAIN) == [
        ("broken", "CNY", 90, 90, 95, 95, "no", 5),
        ("kept", "CNY", 100, 100, 90, 90, "yes", None),
        ("open", "CNY", 95, 95, None, None, "unknown", None),
    ]


def test_a_chain_is_followed_for_each_year() -> None:
    world = (
        flow("in20", amount=100, year=2020, funder=":top", recipient=":o")
        + flow("in21", amount=10, year=2021, funder=":top", recipient=":o")
        + flow("out21", amount=50, year=2021, funder=":o", recipient=":end")
    )
    graph = engine(world)
    assert rows(along_chains(graph).frame, "conserved") == [("yes",)]
    assert rows(along_chains(graph, per="year").frame, "group_text", "conserved", "excess") == [
        ("2021", "no", 40)
    ]


def test_what_an_organization_gives_itself_is_not_passed_on() -> None:
    world = flow("self", amount=9, funder=":o", recipient=":o") + flow(
        "in", amount=1, funder=":f", recipient=":o"
    )
    assert along_chains(engine(world)).frame.is_empty()


def test_a_received_total_and_its_parts_are_received_once() -> None:
    world = (
        flow("t", amount=100, funder=":f", recipient=":o")
        + flow("p", amount=60, funder=":f", recipient=":o", partOfFlow=":t")
        + flow("out", amount=120, funder=":o", recipient=":e")
    )
    found = along_chains(engine(world), organization=X + "o").frame
    assert rows(found, "value_received", "conserved", "excess") == [(100, "no", 20)]


PRECISIONS = st.sampled_from(["exact", "approxBelow", "atLeastApprox", "approx"])
AMOUNTS = st.lists(st.tuples(st.integers(0, 9), PRECISIONS), min_size=1, max_size=3)


def reach(amount: int, precision: str) -> tuple[int, int]:
    """What an amount's words allow, up to far more than any other amount here."""
    return {
        "exact": (amount, amount),
        "approxBelow": (0, amount),
        "atLeastApprox": (amount, 1000),
        "approx": (0, 1000),
    }[precision]


@given(AMOUNTS, AMOUNTS)
def test_verdicts_are_those_of_all_admissible_amounts(
    received: list[tuple[int, str]], passed: list[tuple[int, str]]
) -> None:
    world = "".join(
        flow(f"{side}{n}", amount=amount, precision=precision, **ends)
        for side, flows, ends in (
            ("in", received, {"funder": ":top", "recipient": ":o"}),
            ("out", passed, {"funder": ":o", "recipient": ":end"}),
        )
        for n, (amount, precision) in enumerate(flows)
    )
    least_in, most_in = (sum(each) for each in zip(*(reach(*f) for f in received), strict=True))
    least_out, most_out = (sum(each) for each in zip(*(reach(*f) for f in passed), strict=True))
    kept = {least_out <= most_in, most_out <= least_in}
    expected = "unknown" if len(kept) == 2 else "yes" if kept == {True} else "no"
    assert rows(along_chains(engine(world)).frame, "conserved") == [(expected,)]


def test_flows_for_no_single_project_are_said_to_be_left_out() -> None:
    world = (
        flow("in", amount=5, funder=":top", recipient=":o", forProject=":p")
        + flow("out", amount=5, funder=":o", recipient=":e", forProject=":p , :q")
    )  # fmt: skip
    answer = along_chains(engine(world), per="project")
    assert answer.frame.is_empty()
    (said,) = (said for said in answer.coverage if said.code == "groups-named")
    assert (said.known, said.total) == (1, 2)
