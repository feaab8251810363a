"""Bounds of sums are those of all admissible amounts, and nothing is counted twice."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.money.ledger import Ledger
from govgraph.governance.money.sums import most, outermost

from .ledgers import CAP, Flow, ancestors, extremes, forests, frame


def numbers(found: pl.DataFrame, name: str) -> dict[int, int | None]:
    """A column of amounts by flow."""
    values = found.select(pl.col("flow").cast(pl.Int64), pl.col(name).cast(pl.Int64))
    return dict(values.iter_rows())


def bounded(flows: list[Flow], number: int) -> bool:
    """Whether a flow or one of its totals states an upper bound."""
    return any(flows[f].upper is not None for f in [number, *ancestors(flows, number)])


@given(forests())
def test_bounds_of_each_flow(flows: list[Flow]) -> None:
    ledger = Ledger.of(frame(flows))
    each = {str(number): [number] for number in range(len(flows))}
    expected = extremes(flows, each, CAP if len(flows) < 5 else 8)
    least, largest = numbers(ledger.flows, "least"), numbers(ledger.flows, "most")
    wrong = dict(ledger.flows.select(pl.col("flow").cast(pl.Int64), "contradictory").iter_rows())
    assert any(wrong.values()) == (not expected)
    for name, (low, high) in expected.items():
        assert least[int(name)] == low
        assert largest[int(name)] == (high if bounded(flows, int(name)) else None)


@given(forests(), st.data())
def test_bounds_of_sums(flows: list[Flow], data: st.DataObject) -> None:
    groups = [data.draw(st.sampled_from("ab ")) for _ in flows]
    grouped = pl.DataFrame(
        [(str(n), group) for n, group in enumerate(groups) if group.strip()],
        schema={"flow": pl.String, "group": pl.String}, orient="row",
    )  # fmt: skip
    ledger = Ledger.of(frame(flows))
    top = outermost(ledger, grouped)
    members = {
        group: [int(flow) for flow in top.filter(group=group)["flow"]]
        for group in set(top["group"])
    }
    for group, kept in members.items():
        mine = {n for n, g in enumerate(groups) if g == group}
        assert set(kept) == {n for n in mine if not mine & set(ancestors(flows, n))}
    expected = extremes(flows, members, CAP if len(flows) < 5 else 8)
    upper = dict(most(ledger, top).with_columns(pl.col("upper").cast(pl.Int64)).iter_rows())
    for group, (_, high) in expected.items():
        everywhere = all(bounded(flows, number) for number in members[group])
        assert upper[group] == (high if everywhere else None)


@given(forests(), st.data())
def test_what_is_counted_covers_all_and_nothing_twice(
    flows: list[Flow], data: st.DataObject
) -> None:
    chosen = {n for n in range(len(flows)) if data.draw(st.booleans())}
    ledger = Ledger.of(frame(flows))
    selected = ledger.flows.filter(pl.col("flow").is_in([str(n) for n in chosen]))
    counted = {int(flow) for flow in ledger.counted(selected)["flow"]}
    for number in chosen:
        line = [number, *ancestors(flows, number)]
        assert sum(n in counted for n in line) == 1


UNKNOWN = Flow(0, None, None, None)


@pytest.mark.parametrize(
    ("flows", "least", "largest"),
    [
        ([Flow(None, 200, 200, 200), Flow(0, 120, 120, 120), UNKNOWN], [200, 120, 0], [200, 120, 80]),
        ([Flow(None, None, None, None), Flow(0, 120, 120, 120), UNKNOWN], [120, 120, 0], [None, 120, None]),
        ([Flow(None, 334, 334, 334), UNKNOWN, UNKNOWN], [334, 0, 0], [334, 334, 334]),
        ([Flow(None, None, 90, None), Flow(0, 50, None, None), UNKNOWN], [50, 50, 0], [90, 90, 40]),
    ],
)  # fmt: skip
def test_a_total_with_known_and_unknown_parts(
    flows: list[Flow], least: list[int], largest: list[int | None]
) -> None:
    found = Ledger.of(frame(flows)).flows
    assert numbers(found, "least") == dict(enumerate(least))
    assert numbers(found, "most") == dict(enumerate(largest))


def test_two_unknown_parts_are_together_at_most_their_total() -> None:
    ledger = Ledger.of(frame([Flow(None, 334, 334, 334), UNKNOWN, UNKNOWN]))
    grouped = pl.DataFrame({"flow": ["1", "2"], "group": ["a", "a"]})
    assert most(ledger, grouped)["upper"].to_list() == [334]


def test_an_unknown_total_is_known_by_its_parts() -> None:
    flows = [Flow(None, None, None, None), Flow(0, 5, 5, 5), Flow(0, None, None, None)]
    assert numbers(Ledger.of(frame(flows)).flows, "known") == {0: 5, 1: 5, 2: None}


def test_a_circle_of_parts_bounds_nothing() -> None:
    flows = [Flow(1, None, 5, None), Flow(0, 3, None, None), Flow(0, 9, 9, 9)]
    ledger = Ledger.of(frame(flows))
    assert ledger.pairs.height == 0
    assert numbers(ledger.flows, "most") == {0: 5, 1: None, 2: 9}


def test_a_part_in_another_currency_is_not_bounded_by_its_total() -> None:
    flows = [Flow(None, 10, 10, 10), Flow(0, 70, 70, 70, "TWD"), Flow(0, None, None, None, None)]
    ledger = Ledger.of(frame(flows))
    assert ledger.flows.filter(flow="2")["currency"].item() == "CNY"
    assert numbers(ledger.flows, "most") == {0: 10, 1: 70, 2: 10}
    assert ledger.counted(ledger.flows)["flow"].to_list() == ["0"]


def test_parts_above_their_total_are_said_to_be_so() -> None:
    flows = [Flow(None, 10, 10, 10), Flow(0, 7, 7, 7), Flow(1, 8, 8, 8), Flow(None, 1, 1, 1)]
    found = Ledger.of(frame(flows)).flows
    assert dict(found.select("flow", "contradictory").iter_rows()) == {
        "0": True, "1": True, "2": True, "3": False,
    }  # fmt: skip
    assert numbers(found, "most") == {0: 10, 1: 7, 2: 8, 3: 1}
