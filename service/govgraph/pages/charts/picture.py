"""The picture of an answer that its hint asks for; the answer's table is beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from govgraph.catalog.run import Result
from govgraph.pages.charts.bars import bars
from govgraph.pages.charts.flows import flows
from govgraph.pages.charts.grid import grid
from govgraph.pages.charts.links import links
from govgraph.pages.charts.spans import spans
from govgraph.pages.page import Page

_DRAWN: Mapping[str, Callable[[Page, Result, Mapping[str, str]], Any]] = {
    "bar": bars, "timeline": spans, "matrix": grid, "network": links, "sankey": flows,
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A drawing of one of the types of hints."""

    type: str
    drawing: Any


def picture(page: Page, result: Result) -> Picture | None:
    """The picture of an answer; None if its hint asks for none, or if nothing in it can be drawn."""
    hint = {key: str(value) for key, value in result.entry.chart.items()}
    draw = _DRAWN.get(hint["type"])
    if draw is None or result.frame.is_empty():
        return None
    drawing = draw(page, result, hint)
    return None if drawing is None else Picture(hint["type"], drawing)
