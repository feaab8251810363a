"""Where the nodes of a network are drawn: each connected part in a field of its own, and in it by
springs and repulsion. The same network is drawn the same.

Source: T. M. J. Fruchterman, E. M. Reingold, Graph drawing by force-directed placement, Software:
Practice and Experience 21 (1991), pp. 1129-1164.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Links = Sequence[tuple[int, int]]
Places = npt.NDArray[np.float64]
_STEPS = 120
#: What a field keeps free at its edge, of its size.
_MARGIN = 0.16


def layout(count: int, links: Links, ratio: float = 1.0) -> list[tuple[float, float]]:
    """Places of nodes 0 to count - 1 within [0, 1] x [0, 1] of a picture `ratio` times as wide as
    high."""
    parts = components(count, links)
    found: list[tuple[float, float]] = [(0.5, 0.5)] * count
    for part, (x, y, width, height) in zip(parts, _fields(parts, ratio), strict=True):
        number = {node: place for place, node in enumerate(part)}
        inner = tuple((number[a], number[b]) for a, b in links if a in number)
        for node, (u, v) in zip(part, _springs(len(part), inner), strict=True):
            u, v = (_MARGIN + (1 - 2 * _MARGIN) * each for each in (u, v))
            found[node] = x + width * u, y + height * v
    return found


def components(count: int, links: Links) -> list[list[int]]:
    """The connected parts of a network, the largest first."""
    above = list(range(count))

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for one, other in links:
        above[top(one)] = top(other)
    parts: dict[int, list[int]] = {}
    for node in range(count):
        parts.setdefault(top(node), []).append(node)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


def _fields(parts: list[list[int]], ratio: float) -> list[tuple[float, float, float, float]]:
    """A field (x, y, width, height) for each part, in rows; larger parts have larger ones."""
    sides = [max(len(part), 2) ** 0.5 for part in parts]
    full = (sum(side * side for side in sides) * ratio) ** 0.5
    rows: list[list[float]] = []
    for side in sides:
        if not rows or sum(rows[-1]) + side > full * 1.05:
            rows.append([])
        rows[-1].append(side)
    heights = [max(row) for row in rows]
    found, y = [], 0.0
    for row, height in zip(rows, heights, strict=True):
        x, tall = 0.0, height / sum(heights)
        for side in row:
            wide = side / sum(row)
            found.append((x, y, wide, tall))
            x += wide
        y += tall
    return found


@lru_cache(256)
def _springs(count: int, links: tuple[tuple[int, int], ...]) -> list[tuple[float, float]]:
    """Places of the nodes of one part within [0, 1] x [0, 1]. Parts of the same links are placed
    once: from day to day most of a network stays, and many parts are no more than a triangle."""
    if count == 1:
        return [(0.5, 0.5)]
    angles = np.arange(count) * (2 * np.pi / count) - np.pi / 2
    places = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    if count > 3:
        ideal = 2.0 / count**0.5
        for step in range(_STEPS):
            places = places + _moves(places, ends, ideal, 0.1 * (1 - step / _STEPS))
    low, high = places.min(axis=0), places.max(axis=0)
    size = np.maximum(high - low, 1e-6)
    scaled = np.where(size > 1e-3, (places - low) / size, 0.5)
    return [(float(x), float(y)) for x, y in scaled]


def _moves(places: Places, ends: npt.NDArray[np.int64], ideal: float, heat: float) -> Places:
    """How far each node goes in one step, `heat` at most; shapes (n, 2) and (m, 2) -> (n, 2)."""
    apart = places[:, None] - places[None]
    distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
    forces = (apart * (ideal**2 / distance**2)[:, :, None]).sum(axis=1)
    along = places[ends[:, 0]] - places[ends[:, 1]]
    pull = along * (np.linalg.norm(along, axis=1) / ideal)[:, None]
    np.add.at(forces, ends[:, 0], -pull)
    np.add.at(forces, ends[:, 1], pull)
    size = np.maximum(np.linalg.norm(forces, axis=1), 1e-9)
    moves: Places = forces / size[:, None] * np.minimum(size, heat)[:, None]
    return moves
