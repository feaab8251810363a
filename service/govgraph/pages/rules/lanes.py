"""The arrows of a drawing: where they leave and enter, and the lane in which each runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govgraph.pages.rules.boxes import BOX, END, LANE, NAME, Box, Label, Scene, channel
from govgraph.pages.rules.lettering import shortened
from govgraph.pages.rules.ruleset import Rule

#: Arrows keep this far from each other, less where there is no room.
_APART = (16.0, 9.0, 4.0, 0.0)


@dataclass(frozen=True)
class Arrow:
    """A rule as a line: its path, its name and where that stands, the middle of a crossed one."""

    path: str
    manner: str
    both: bool
    name: str
    x: float
    y: float
    anchor: str
    cross: tuple[float, float] | None


@dataclass(frozen=True)
class _End:
    """Where a line meets a label: `out` is -1 to the left and 1 to the right."""

    label: Label
    box: Box
    out: int

    @property
    def x(self) -> float:
        return self.label.x + (self.label.width if self.out > 0 else 0)

    @property
    def edge(self) -> float:
        """The side of the box."""
        return self.box.x + (BOX if self.out > 0 else 0)

    @property
    def heights(self) -> list[float]:
        """Where a line may leave, the middle first."""
        middle, reach = self.label.y + self.label.height / 2, int(self.label.height / 2 - 5)
        return [middle + sign * step for step in range(0, reach, 2) for sign in (1, -1)]


def routed(scene: Scene, links: Sequence[Rule]) -> tuple[Arrow, ...]:
    """An arrow for each rule; the shorter ones run closer to the boxes."""
    taken: dict[int, list[float]] = {}
    lanes: dict[int, int] = {}
    found = []
    for rule in sorted(links, key=lambda rule: (_length(scene, rule), rule.key)):
        first, second = _ends(scene, rule)
        space = channel(first.box.column, second.box.column, scene.columns)
        heights = _heights(first, second, taken.setdefault(space, []))
        lane = lanes.get(space, 0)
        if heights[0] != heights[1]:
            lanes[space] = lane + 1
        found.append(_arrow(rule, first, second, heights, _lane(first, second, lane)))
    return tuple(found)


def _length(scene: Scene, rule: Rule) -> float:
    first, second = _ends(scene, rule)
    return abs(first.label.y - second.label.y)


def _ends(scene: Scene, rule: Rule) -> tuple[_End, _End]:
    a, b = (scene.at[end or ""] for end in (rule.slot, rule.second))
    ours, theirs = a[1].column, b[1].column
    if ours != theirs:
        return _End(*a, 1 if ours < theirs else -1), _End(*b, 1 if theirs < ours else -1)
    out = -1 if scene.columns > 1 and ours == 0 else 1
    return _End(*a, out), _End(*b, out)


def _heights(first: _End, second: _End, taken: list[float]) -> tuple[float, float]:
    """The heights of both ends: one and the same for a straight line if that can be."""
    if first.out != second.out:
        for y in _facing(first.label, second.label):
            if _free(y, taken, END):
                taken.append(y)
                return y, y
    found = []
    for end in (first, second):
        y = next(y for room in _APART for y in end.heights if _free(y, taken, room))
        taken.append(y)
        found.append(y)
    return found[0], found[1]


def _facing(one: Label, other: Label) -> list[float]:
    """The heights that two labels share, the middle first."""
    top = max(one.y, other.y) + 6
    below = min(one.y + one.height, other.y + other.height) - 6
    middle, reach = (top + below) / 2, int((below - top) / 2)
    return [middle + sign * step for step in range(0, reach + 1, 4) for sign in (1, -1)]


def _free(y: float, taken: Sequence[float], room: float) -> bool:
    return all(abs(y - other) >= room for other in taken)


def _lane(first: _End, second: _End, number: int) -> float:
    """Where a lane runs: beside the outer box, or between from the left on."""
    left = min(first.edge, second.edge)
    if first.out == second.out:
        return (left if first.out < 0 else max(first.edge, second.edge)) + first.out * (
            NAME + LANE * (number + 0.5)
        )
    return left + NAME + LANE * (number + 1)


def _arrow(
    rule: Rule, first: _End, second: _End, heights: tuple[float, float], lane: float
) -> Arrow:
    (y, end), straight = heights, heights[0] == heights[1]
    path = f"M{first.x:g} {y:g}H{second.x:g}" if straight else _bent(first, second, heights, lane)
    middle = ((first.edge + second.edge) / 2, y) if straight else (lane, (y + end) / 2)
    return Arrow(
        path, rule.manner, rule.both, shortened(rule.key, 12, NAME - 10),
        first.edge + 6 * first.out, y - 5, "start" if first.out > 0 else "end",
        middle if rule.manner == "apart" else None,
    )  # fmt: skip


def _bent(first: _End, second: _End, heights: tuple[float, float], lane: float) -> str:
    return f"M{first.x:g} {heights[0]:g}H{lane:g}V{heights[1]:g}H{second.x:g}"
