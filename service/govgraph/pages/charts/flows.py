"""Sankey diagrams of answers, one for each unit: known widths to scale, unknown ones hatched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from govgraph.catalog.run import Result
from govgraph.pages.charts.names import Naming, naming
from govgraph.pages.funding.drawing import Drawing, drawing
from govgraph.pages.page import Page

#: Rows that are looked at; a diagram shows fewer.
_READ = 500
Json = dict[str, Any]


@dataclass(frozen=True)
class Flows:
    """The diagrams by their unit, "" if it is not recorded."""

    drawings: Mapping[str, Drawing]


def flows(page: Page, result: Result, hint: Mapping[str, str]) -> Flows | None:
    """Ribbons from `source` to `target`, which stand in columns by `source_level` and
    `target_level`, as wide as `value`; those of one `unit` are drawn together."""
    frame = result.frame.head(_READ)
    name = naming(page, result, frame)
    rows = list(frame.iter_rows(named=True))
    found = {}
    for unit in sorted({row[hint["unit"]] or "" for row in rows}):
        members = [row for row in rows if (row[hint["unit"]] or "") == unit]
        drawn = drawing(*_graph(members, name, hint))
        if drawn is not None:
            found[unit] = drawn
    return Flows(found) if found else None


def _graph(
    rows: Iterable[Mapping[str, Any]], name: Naming, hint: Mapping[str, str]
) -> tuple[list[Json], list[Json]]:
    """Nodes, each an end at its level, and links between their numbers."""
    numbers: dict[tuple[str, Any], int] = {}
    nodes: list[Json] = []
    links: list[Json] = []
    for row in rows:
        ends = []
        for end in ("source", "target"):
            key = row[hint[f"{end}_level"]], row[hint[end]]
            if key not in numbers:
                numbers[key] = len(nodes)
                nodes.append({"level": key[0], "name": name(hint[end], key[1])})
            ends.append(numbers[key])
        links.append({"source": ends[0], "target": ends[1], "value": row[hint["value"]]})
    return nodes, links
