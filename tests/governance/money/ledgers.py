"""Flows to test sums with, and their amounts by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import polars as pl
from hypothesis import strategies as st

from govgraph.governance.money.cells import AMOUNT

#: Amounts above this are never needed to tell bounded from unbounded in the worlds made here.
CAP = 14


@dataclass(frozen=True)
class Flow:
    """A flow as stated; `whole` is the number of its total, `upper` None is not bounded."""

    whole: int | None
    lower: int | None
    upper: int | None
    value: int | None
    currency: str | None = "CNY"


def frame(flows: list[Flow]) -> pl.DataFrame:
    """The flows as Ledger.of reads them; a flow's name is its number."""
    amounts = {
        name: pl.Series([getattr(flow, name) for flow in flows], dtype=pl.Int64).cast(AMOUNT)
        for name in ("value", "lower", "upper")
    }
    texts = {
        "flow": [str(number) for number in range(len(flows))],
        "whole": [None if flow.whole is None else str(flow.whole) for flow in flows],
        "currency": [flow.currency for flow in flows],
    }
    return pl.DataFrame(texts | amounts, schema_overrides=dict.fromkeys(texts, pl.String))


@st.composite
def forests(draw: st.DrawFn, size: int = 5) -> list[Flow]:
    """Flows whose totals come before them, with small amounts, some unknown, some bounded."""
    found: list[Flow] = []
    for number in range(draw(st.integers(1, size))):
        whole = draw(st.none() | st.integers(0, number - 1)) if number else None
        lower = draw(st.none() | st.integers(0, 3))
        upper = draw(st.none() | st.integers(lower or 0, 4))
        exact = lower if lower is not None and lower == upper else None
        found.append(Flow(whole, lower, upper, exact))
    return found


def assignments(flows: list[Flow], cap: int) -> Iterator[tuple[int, ...]]:
    """All amounts up to a cap that keep the stated bounds and leave no parts above their total."""
    ranges = [range(f.lower or 0, (cap if f.upper is None else f.upper) + 1) for f in flows]
    for amounts in product(*ranges):
        parts: dict[int, int] = {}
        for flow, amount in zip(flows, amounts, strict=True):
            if flow.whole is not None:
                parts[flow.whole] = parts.get(flow.whole, 0) + amount
        if all(total <= amounts[whole] for whole, total in parts.items()):
            yield amounts


def ancestors(flows: list[Flow], number: int) -> Iterator[int]:
    """The totals that a flow is in."""
    whole = flows[number].whole
    while whole is not None:
        yield whole
        whole = flows[whole].whole


def extremes(
    flows: list[Flow], members: Mapping[str, list[int]], cap: int
) -> dict[str, tuple[int, int]]:
    """The least and the largest sum of each group over all assignments; empty if there is none."""
    found: dict[str, tuple[int, int]] = {}
    for amounts in assignments(flows, cap):
        for group, numbers in members.items():
            total = sum(amounts[number] for number in numbers)
            least, largest = found.get(group, (total, total))
            found[group] = min(least, total), max(largest, total)
    return found
