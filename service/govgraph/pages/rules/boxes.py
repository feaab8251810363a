"""Where the boxes of a drawing stand: which column and row, how wide and high."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from govgraph.governance.models.nodes import Words
from govgraph.pages.page import Page
from govgraph.pages.rules.lettering import lines
from govgraph.pages.rules.ruleset import Body, Rule, Ruleset

Side = Literal["left", "right"]
#: Sizes in pixels: a box, the margin in it and between posts, a line of words, the space of an
#: arrow's end, between rows, a lane of an arrow, and the room for its name.
BOX, PAD, GAP, LINE, END, ROW, LANE, NAME = 236.0, 14.0, 8.0, 18.0, 18.0, 40.0, 14.0, 72.0
SIZE = 13.0


@dataclass(frozen=True)
class Label:
    """A part that arrows may join: the head of a box (no `pill`) or a post, with its lines of words
    and the keys of the rules that concern it alone."""

    iri: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    lang: str | None
    alone: str
    pill: bool


@dataclass(frozen=True)
class Box:
    """A body: its head, its posts, its column from 0."""

    x: float
    y: float
    height: float
    column: int
    new: bool
    head: Label
    note: str
    posts: tuple[Label, ...]


@dataclass(frozen=True)
class Scene:
    """All boxes, the labels by their IRI with their boxes, where the lanes beside columns begin."""

    width: float
    height: float
    columns: int
    boxes: tuple[Box, ...]
    at: Mapping[str, tuple[Label, Box]]


def placed(page: Page, found: Ruleset, links: Sequence[Rule], columns: int) -> Scene:
    """The scene: what rules point at stands above what they start from."""
    home = {part: body.iri for body in found.bodies for part in (body.iri, *_posts(body))}
    order = _ordered(found.bodies, links, home)
    grid = _columns(order, links, home, columns)
    where = {body.iri: at for body, at in grid}
    used = _lanes(links, home, where, columns)
    starts = _starts(used, columns)
    boxes: list[Box] = []
    top = 0.0
    for number in range(max((row for _, (row, _) in grid), default=0) + 1):
        of_row = [(body, column) for body, (row, column) in grid if row == number]
        made = [
            _box(page, found, links, body, column, starts[column], top) for body, column in of_row
        ]
        boxes += made
        top += max(box.height for box in made) + ROW
    right = starts[-1] + BOX + _channel(used[-1])
    at = {label.iri: (label, box) for box in boxes for label in (box.head, *box.posts)}
    return Scene(right, top - ROW, columns, tuple(boxes), at)


def _posts(body: Body) -> list[str]:
    return [post.iri for post in body.posts]


def _ordered(bodies: Sequence[Body], links: Sequence[Rule], home: Mapping[str, str]) -> list[Body]:
    """Bodies that are pointed at come before those that point."""
    outward: Counter[str] = Counter()
    for rule in links:
        outward[home[rule.slot or ""]] += 1
        outward[home[rule.second or ""]] -= 1
    return sorted(bodies, key=lambda body: (outward[body.iri], body.iri))


def _columns(
    order: Sequence[Body], links: Sequence[Rule], home: Mapping[str, str], columns: int
) -> list[tuple[Body, tuple[int, int]]]:
    """Each body with its row and column; in a row those that belong together with bodies above
    stand below them."""
    found: dict[str, int] = {}
    grid = []
    for row, start in enumerate(range(0, len(order), columns)):
        pair = list(order[start : start + columns])
        if len(pair) > 1 and _kept(pair[::-1], links, home, found) > _kept(
            pair, links, home, found
        ):
            pair.reverse()
        for column, body in enumerate(pair):
            found[body.iri] = column
            grid.append((body, (row, column)))
    return grid


def _kept(
    pair: Sequence[Body], links: Sequence[Rule], home: Mapping[str, str], found: Mapping[str, int]
) -> int:
    """How many rules would stay within a column."""
    new = {body.iri: column for column, body in enumerate(pair)}
    ends = [(home[rule.slot or ""], home[rule.second or ""]) for rule in links]
    return sum(
        new.get(a) == found.get(b, -1) or new.get(b) == found.get(a, -1)
        for a, b in ends
        if (a in new) != (b in new)
    )


def channel(a: int, b: int, columns: int) -> int:
    """In which space an arrow between two columns runs: 0 is left of all, 1 between, and the last
    right of all; a single column has its arrows at the right."""
    if columns == 1 or a != b:
        return 1
    return 0 if a == 0 else columns


def _lanes(
    links: Sequence[Rule],
    home: Mapping[str, str],
    where: Mapping[str, tuple[int, int]],
    columns: int,
) -> list[int]:
    """How many arrows run in each space."""
    used = [0] * (columns + 1)
    for rule in links:
        a, b = (where[home[end or ""]][1] for end in (rule.slot, rule.second))
        used[channel(a, b, columns)] += 1
    return used


def _channel(lanes: int, names: int = 1) -> float:
    return names * NAME + (lanes + 1) * LANE if lanes else 2.0


def _starts(used: Sequence[int], columns: int) -> list[float]:
    """Where each column begins."""
    first = _channel(used[0])
    between = max(_channel(used[1], 2), ROW)
    return [first + column * (BOX + between) for column in range(columns)]


def _box(
    page: Page, found: Ruleset, links: Sequence[Rule], body: Body, column: int, x: float, y: float
) -> Box:
    joint = page.t("rules.joint")
    note = joint.join(page.plain(function) for function in body.functions)
    head = _label(page, found, links, body.iri, body.names, x, y + PAD / 2, pill=False)
    below = head.y + head.height + (LINE if note or body.new else 0) + PAD / 2
    posts = []
    for post in body.posts:
        label = _label(page, found, links, post.iri, post.names, x + PAD, below, pill=True)
        posts.append(label)
        below += label.height + GAP
    height = below - y + PAD - GAP
    return Box(x, y, height, column, body.new, head, note, tuple(posts))


def _label(
    page: Page, found: Ruleset, links: Sequence[Rule], iri: str, names: Words, x: float, y: float,
    *, pill: bool,
) -> Label:  # fmt: skip
    text, lang = page.chosen(names, iri.rpartition("/")[2])
    room = BOX - 2 * PAD - (2 * PAD if pill else 0)
    told = lines(text, SIZE, room)
    ends = sum((rule.slot == iri) + (rule.second == iri) for rule in links)
    alone = [rule.key for rule in found.rules if rule not in links and rule.slot == iri]
    told_height = LINE * (len(told) + bool(alone)) + 12
    height = max(told_height, END * (ends + 1))
    own = lang if lang not in (None, page.language) else None
    label = Label(iri, x, y, BOX, height, told, own, " · ".join(alone[:3]), pill)
    return replace(label, width=BOX - 2 * PAD) if pill else label
