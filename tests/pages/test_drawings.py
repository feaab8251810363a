"""Pictures say what is known: ribbons as wide as their money, parts apart, unknown never nothing."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from govgraph.pages.bodies.layout import components, layout
from govgraph.pages.dates import date, number
from govgraph.pages.funding.drawing import THIN, drawing

NODES = [{"level": level} for level in ("funder", "funder", "recipient", "recipient")]


def link(source: int, target: int, value: float | None) -> dict[str, Any]:
    return {"source": source, "target": target, "value": value, "currency": "CNY"}


def thickness(path: str) -> float:
    """Of a ribbon at its beginning, from its outline."""
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d", path)]
    return round(numbers[-1] - numbers[1], 1)


def test_ribbons_are_to_scale_and_unknown_ones_are_thin() -> None:
    drawn = drawing(NODES, [link(0, 2, 300), link(0, 3, 100), link(1, 3, None)])
    assert drawn is not None
    wide = {r.link["value"]: thickness(r.path) for r in drawn.ribbons}
    assert abs(wide[300] - 3 * wide[100]) <= 0.3
    assert wide[None] == THIN
    assert [r.known for r in drawn.ribbons if r.link["value"] is None] == [False]


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawing(NODES, []) is None


def test_a_diagram_of_unknown_amounts_alone_is_drawn() -> None:
    drawn = drawing(NODES, [link(0, 2, None)])
    assert drawn is not None
    assert [thickness(r.path) for r in drawn.ribbons] == [THIN]


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_each_part_has_a_field_of_its_own(links: list[tuple[int, int]]) -> None:
    parts = components(12, links)
    assert sorted(node for part in parts for node in part) == list(range(12))
    assert all(any(a in part and b in part for part in parts) for a, b in links)
    places = layout(12, links)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places)
    assert len(set(places)) == 12


def test_dates_and_numbers_are_words() -> None:
    assert date("2014-03-05", "zh") == "2014 年 3 月 5 日"
    assert date("2014~", "en") == "about 2014"
    assert [date(None, "en"), date("spring", "en")] == ["", "spring"]
    assert [number("-1400.50"), number(0), number(None)] == ["-1,400.5", "0", ""]
