"""The layout of a Sankey diagram: columns of nodes, ribbons as wide as their known amounts.

A link whose amount is not known gets a thin ribbon of one width, which is not to scale and drawn so
that it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
#: Size of the drawing in its own units, and of what is in it.
WIDTH, BAR, GAP = 1100.0, 8.0, 22.0
#: The height of all known money of the fullest column, at most and for each link, and of a ribbon
#: without an amount.
TALL, EACH, THIN = 320.0, 56.0, 16.0
#: How far below the top of a bar amounts may stand: its name is right above.
BELOW = 9.0
#: Links that are drawn, the largest first; the table has them all.
MOST = 40


@dataclass(frozen=True)
class Node:
    """A bar with its name beside it; the last column has its names at the left."""

    node: Json
    x: float
    y: float
    height: float
    last: bool


@dataclass(frozen=True)
class Ribbon:
    """A link; `path` is its outline. `known` says whether its width is its amount."""

    link: Json
    path: str
    known: bool
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """All of a diagram; `left_out` links are not drawn."""

    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float
    left_out: int


def drawing(nodes: Sequence[Json], links: Sequence[Json]) -> Drawing | None:
    """The diagram of links in one currency that run from column to column; None without any."""
    drawn = sorted(links, key=lambda link: -(link["value"] or 0))[:MOST]
    if not drawn:
        return None
    tall = min(TALL, EACH * len(drawn))
    scale = tall / max(_fullest(nodes, drawn), 1e-9)
    sizes = [_thickness(link, scale) for link in drawn]
    columns = _columns(nodes, drawn)
    placed = _placed(nodes, columns, drawn, sizes)
    ribbons = _ribbons(placed, drawn, sizes)
    height = max(node.y + node.height for node in placed.values()) + GAP
    return Drawing(tuple(placed.values()), tuple(ribbons), height, len(links) - len(drawn))


def _fullest(nodes: Sequence[Json], links: Sequence[Json]) -> float:
    """The most known money that leaves or reaches one column."""
    sums: dict[tuple[str, str], float] = {}
    for link in links:
        for end in ("source", "target"):
            key = end, nodes[link[end]]["level"]
            sums[key] = sums.get(key, 0.0) + float(link["value"] or 0)
    return max(sums.values(), default=0.0)


def _thickness(link: Json, scale: float) -> float:
    return max(float(link["value"]) * scale, 1.5) if link["value"] else THIN


def _columns(nodes: Sequence[Json], links: Sequence[Json]) -> dict[str, list[int]]:
    """The nodes that links have, by their level, in the order in which money passes."""
    found: dict[str, list[int]] = {}
    for end in ("source", "target"):
        for link in links:
            column = found.setdefault(nodes[link[end]]["level"], [])
            if link[end] not in column:
                column.append(link[end])
    order = ("funder", "instrument", "project", "organization", "recipient")
    return dict(sorted(found.items(), key=lambda item: order.index(item[0])))


def _placed(
    nodes: Sequence[Json],
    columns: dict[str, list[int]],
    links: Sequence[Json],
    sizes: Sequence[float],
) -> dict[int, Node]:
    placed: dict[int, Node] = {}
    step = (WIDTH - BAR) / max(len(columns) - 1, 1)
    for number, indexes in enumerate(columns.values()):
        y = GAP
        for index in indexes:
            height = max(_sum(links, sizes, "source", index), _sum(links, sizes, "target", index))
            last = number == len(columns) - 1
            placed[index] = Node(nodes[index], round(number * step, 1), round(y, 1), height, last)
            y += height + GAP + 8
    return placed


def _sum(links: Sequence[Json], sizes: Sequence[float], end: str, index: int) -> float:
    return sum(size for link, size in zip(links, sizes, strict=True) if link[end] == index)


def _ribbons(
    placed: dict[int, Node], links: Sequence[Json], sizes: Sequence[float]
) -> list[Ribbon]:
    """Ribbons leave and reach each node one below the other, sorted by where they go."""
    taken: dict[tuple[str, int], float] = {}
    pairs = sorted(
        zip(links, sizes, strict=True),
        key=lambda pair: (placed[pair[0]["source"]].y, placed[pair[0]["target"]].y),
    )
    found = []
    for link, size in pairs:
        source, target = placed[link["source"]], placed[link["target"]]
        begin = source.y + taken.get(("source", link["source"]), 0.0)
        end = target.y + taken.get(("target", link["target"]), 0.0)
        for name in ("source", "target"):
            key = name, link[name]
            taken[key] = taken.get(key, 0.0) + size
        path = _outline(source.x + BAR, begin, target.x, end, size)
        line = max(begin + size / 2, source.y + BELOW)
        found.append(Ribbon(link, path, bool(link["value"]), source.x + BAR + 6, line))
    return found


def _outline(x1: float, y1: float, x2: float, y2: float, size: float) -> str:
    """A band from one bar to another with level ends."""
    middle = (x1 + x2) / 2
    return (
        f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        f"V{y2 + size:.1f}C{middle:.1f} {y2 + size:.1f} {middle:.1f} {y1 + size:.1f}"
        f" {x1:.1f} {y1 + size:.1f}Z"
    )
