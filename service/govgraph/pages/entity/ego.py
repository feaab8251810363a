"""An entity and its neighbours as a drawing: the entity in the middle, its neighbours beside it in
groups by kind of link, each in a row of its own, so that no name can stand on another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govgraph.pages.entity.neighbours import Link, Neighbour
from govgraph.pages.page import Page
from govgraph.pages.rules.lettering import lines, middled, shortened

#: Neighbours and kinds of links that are drawn; the table has more.
MOST, GROUPS = 40, 16
#: Sizes in pixels: letters, a box with its gap, the heading of a group with the gap before it, the
#: margin inside a box, a line of the middle's name.
SIZE, BOX, GAP, HEAD, PAUSE, PAD, LINE = 13.0, 30.0, 6.0, 20.0, 14.0, 12.0, 18.0
#: The same of the two forms: columns beside the middle, and one column below it.
WIDTH, COLUMN, MIDDLE = 1000.0, 340.0, 210.0
NARROW, SPINE, INDENT = 360.0, 14.0, 36.0


@dataclass(frozen=True)
class Box:
    """A neighbour: its whole name and what of it has room, and the line from the middle."""

    neighbour: Neighbour
    kind: str
    x: float
    y: float
    name: str
    text: str
    lang: str | None
    path: str


@dataclass(frozen=True)
class Group:
    """A kind of link with its neighbours; `more` are not drawn."""

    x: float
    y: float
    title: str
    boxes: tuple[Box, ...]
    more: int
    more_y: float


@dataclass(frozen=True)
class Ego:
    """The drawing; `middle` is x, y and height of the entity's box."""

    width: float
    height: float
    column: float
    middle: tuple[float, float, float]
    middle_width: float
    lines: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def drawn(self) -> int:
        return sum(len(group.boxes) for group in self.groups)


def ego(page: Page, name: str, links: Sequence[Link], narrow: bool) -> Ego | None:
    """The drawing in its wide or its narrow form; None without neighbours."""
    shown = list(zip(links, _shares(links), strict=False))
    if not shown:
        return None
    return _narrow(page, name, shown) if narrow else _wide(page, name, shown)


def _shares(links: Sequence[Link]) -> list[int]:
    """How many neighbours of each kind are drawn: as evenly as there are."""
    wanted = [len(link.neighbours) for link in links[:GROUPS]]
    share = max(wanted, default=0)
    while sum(min(share, each) for each in wanted) > MOST:
        share -= 1
    return [min(share, each) for each in wanted]


def _wide(page: Page, name: str, shown: list[tuple[Link, int]]) -> Ego:
    """Groups right and left of the middle, each where there is more room."""
    heights = [0.0, 0.0]
    sides: list[list[tuple[Link, int]]] = [[], []]
    for link, share in shown:
        side = 0 if heights[0] <= heights[1] else 1
        sides[side].append((link, share))
        heights[side] += _height(link, share)
    written = lines(name, SIZE + 1, MIDDLE - 2 * PAD, 4)
    tall = len(written) * LINE + 2 * PAD
    height = max(*heights, tall)
    centre = height / 2
    left = (WIDTH - MIDDLE) / 2 if sides[1] else 0.0
    right = left + MIDDLE
    edge = right + (WIDTH - MIDDLE) / 2 - COLUMN
    groups = []
    for side, start, x, end in ((0, right, edge, edge), (1, left, 0.0, COLUMN)):
        y = (height - heights[side]) / 2
        for link, share in sides[side]:
            curve = _Curve(start, centre, end)
            groups.append(_group(page, link, share, x, y, COLUMN, curve))
            y += _height(link, share)
    middle = (left, centre - tall / 2, tall)
    return Ego(edge + COLUMN, height, COLUMN, middle, MIDDLE, written, tuple(groups))


def _narrow(page: Page, name: str, shown: list[tuple[Link, int]]) -> Ego:
    """Groups below the middle, hanging from a line at the left."""
    written = lines(name, SIZE + 1, NARROW - 2 * PAD, 4)
    tall = len(written) * LINE + 2 * PAD
    groups, y = [], tall
    for link, share in shown:
        room = NARROW - INDENT
        groups.append(_group(page, link, share, INDENT, y, room, _Elbow(tall)))
        y += _height(link, share)
    return Ego(NARROW, y, NARROW - INDENT, (0.0, 0.0, tall), NARROW, written, tuple(groups))


@dataclass(frozen=True)
class _Curve:
    """From the middle's side to a box beside it."""

    x: float
    y: float
    end: float

    def to(self, y: float) -> str:
        half = (self.x + self.end) / 2
        return f"M{self.x:g} {self.y:g}C{half:g} {self.y:g} {half:g} {y:g} {self.end:g} {y:g}"


@dataclass(frozen=True)
class _Elbow:
    """From the middle down and across to a box below it."""

    y: float

    def to(self, y: float) -> str:
        return f"M{SPINE:g} {self.y:g}V{y:g}H{INDENT:g}"


def _height(link: Link, share: int) -> float:
    rows = share + (link.total > share)
    return PAUSE + HEAD + rows * (BOX + GAP)


def _group(
    page: Page, link: Link, share: int, x: float, top: float, room: float, line: _Curve | _Elbow
) -> Group:
    y = top + PAUSE + HEAD
    boxes = tuple(_boxes(page, link.neighbours[:share], x, y, room, line))
    title = shortened(titled(page, link), SIZE - 1, room)
    last = y + share * (BOX + GAP) + BOX / 2 + 4
    return Group(x, y - 7, title, boxes, link.total - share, last)


def titled(page: Page, link: Link) -> str:
    """What a kind of link is called; the other's own word is marked as that."""
    name = page.plain(link.names)
    return name if link.outward else page.t("entity.theirs", name=name)


def _boxes(
    page: Page,
    neighbours: Iterable[Neighbour],
    x: float,
    y: float,
    room: float,
    line: _Curve | _Elbow,
) -> Iterable[Box]:
    for number, one in enumerate(neighbours):
        at = y + number * (BOX + GAP)
        name, lang = page.chosen(one.names)
        foreign = lang if lang not in (None, page.language) else None
        text = middled(" ".join(name.split()), SIZE, room - 2 * PAD)
        yield Box(one, kind_of(page, one.iri), x, at, name, text, foreign, line.to(at + BOX / 2))


def kind_of(page: Page, iri: str) -> str:
    """The first part of an entity's IRI, such as `post`."""
    assert page.opened is not None
    return page.opened.context.split(iri)[0] or "other"
