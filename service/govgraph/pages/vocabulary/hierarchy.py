"""Trees of classes as pictures: the widest class on the left, each with those below it on its right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Tree = Mapping[str | None, Sequence[str]]
#: Pixels of a row, and of a generation.
ROW, STEP = 24, 230
#: Generations that are drawn: one that were below itself would have no end.
DEPTH = 8


@dataclass(frozen=True)
class Place:
    """A class at its place; `above` is the place of the class that it is below."""

    iri: str
    name: str
    x: int
    y: int
    above: tuple[int, int] | None


@dataclass(frozen=True)
class Hierarchy:
    """One tree: its topmost class and the places of all of its classes."""

    top: str
    places: Sequence[Place]

    @property
    def height(self) -> int:
        return max(place.y for place in self.places) + ROW

    @property
    def width(self) -> int:
        return max(place.x for place in self.places) + STEP


def hierarchies(tree: Tree, names: Mapping[str, str]) -> list[Hierarchy]:
    """A picture of each class at the top that has others below it, the largest first."""
    drawn = [Hierarchy(top, _Drawing(tree, names).draw(top)) for top in tree.get(None, ())]
    return sorted((one for one in drawn if len(one.places) > 1), key=lambda one: -len(one.places))


@dataclass
class _Drawing:
    """Gives each class without others below it a row; all others stand in the middle of theirs."""

    tree: Tree
    names: Mapping[str, str]
    rows: int = 0
    places: list[Place] = field(default_factory=list)

    def draw(self, top: str) -> list[Place]:
        self._place(top, 0)
        return self.places

    def _place(self, iri: str, depth: int) -> int:
        """Place a class and those below it; the row's middle."""
        below = self.tree.get(iri, ()) if depth < DEPTH else ()
        first = len(self.places)
        rows = [self._place(each, depth + 1) for each in below] or [self._row()]
        y = (rows[0] + rows[-1]) // 2
        x = depth * STEP
        self.places[first:] = [
            Place(p.iri, p.name, p.x, p.y, p.above or (x, y)) for p in self.places[first:]
        ]
        self.places.append(Place(iri, self.names.get(iri, iri), x, y, None))
        return y

    def _row(self) -> int:
        self.rows += 1
        return self.rows * ROW - ROW // 2
