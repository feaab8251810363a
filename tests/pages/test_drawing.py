"""Maps of rule sets of any shape: nothing stands on anything else, no line runs over another."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from govgraph.governance.models.nodes import Words
from govgraph.pages.page import Page
from govgraph.pages.rules.boxes import BOX, Box
from govgraph.pages.rules.drawing import BODIES, Drawing, drawing
from govgraph.pages.rules.lettering import lines, middled, width
from govgraph.pages.rules.ruleset import Body, Part, Rule, Ruleset

Segment = tuple[float, float, float, float]
NAMES = st.text("社区党委工作站 abcdefgh-()", min_size=1, max_size=60)


def _page() -> Page:
    return Page.of(Request({"type": "http", "method": "GET", "path": "/", "query_string": b"lang=en",
                            "headers": [], "scheme": "http", "server": ("x", 80)}))  # fmt: skip


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    """Up to eight bodies with up to four posts, and up to twelve rules between any parts."""
    bodies = []
    for b in range(draw(st.integers(1, 8))):
        posts = [Part(f"p/{b}-{n}", Words(en=draw(NAMES))) for n in range(draw(st.integers(0, 4)))]
        bodies.append(Body(f"b/{b}", Words(en=draw(NAMES)), (), draw(st.booleans()), tuple(posts)))
    parts = [part for body in bodies for part in (body.iri, *(post.iri for post in body.posts))]
    ends = st.sampled_from([*parts, None])
    manners = st.sampled_from(["must", "conditional", "apart", "may"])
    rules = [
        Rule(f"r/{n}", f"r-{n}", "x", Words(), draw(manners), draw(ends), draw(ends), True)
        for n in range(draw(st.integers(0, 12)))
    ]
    return Ruleset(tuple(bodies), tuple(rules), Words())


@given(rulesets(), st.sampled_from([1, 2]))
def test_nothing_overlaps(found: Ruleset, columns: int) -> None:
    made = drawing(_page(), found, columns)
    assert made is not None
    assert not any(_meet(a, b) for a, b in combinations(made.boxes, 2))
    for box in made.boxes:
        assert box.x >= 0
        assert box.x + BOX <= made.width
        assert box.y + box.height <= made.height
        _stacked(box)
    _apart(made)


def _meet(a: Box, b: Box) -> bool:
    beside = a.x + BOX <= b.x or b.x + BOX <= a.x
    return not beside and not (a.y + a.height <= b.y or b.y + b.height <= a.y)


def _stacked(box: Box) -> None:
    """Posts stand below each other within the box."""
    edges = [box.head.y, *(post.y for post in box.posts)]
    ends = [label.y + label.height for label in (box.head, *box.posts)]
    assert all(end <= start for end, start in zip(ends, edges[1:], strict=False))
    assert ends[-1] <= box.y + box.height


def _apart(made: Drawing) -> None:
    """Lines stay within the drawing, off boxes that they do not join, and never share a stretch."""
    paths = [_segments(arrow.path) for arrow in made.arrows]
    for segments in paths:
        for x1, y1, x2, y2 in segments:
            assert min(x1, x2) >= 0
            assert max(x1, x2) <= made.width
            if x1 == x2:
                inside = [b for b in made.boxes if b.x < x1 < b.x + BOX]
                assert not any(min(y1, y2) < b.y + b.height and max(y1, y2) > b.y for b in inside)
    for ours, theirs in combinations(paths, 2):
        assert not any(_shared(a, b) for a in ours for b in theirs)


def _segments(path: str) -> list[Segment]:
    x, y = map(float, re.match(r"M(\S+) ([^HV]+)", path).groups())  # type: ignore[union-attr]
    found = []
    for way, text in re.findall(r"([HV])([^HV]+)", path):
        to = (float(text), y) if way == "H" else (x, float(text))
        found.append((x, y, *to))
        x, y = to
    return found


def _shared(a: Segment, b: Segment) -> bool:
    """Whether two lines of one direction run over each other."""
    for one, other in ((0, 1), (1, 0)):
        flat = a[other] == a[other + 2] == b[other] == b[other + 2]
        ours, theirs = sorted((a[one], a[one + 2])), sorted((b[one], b[one + 2]))
        if flat and min(ours[1], theirs[1]) - max(ours[0], theirs[0]) > 0.1:
            return True
    return False


def test_what_is_too_large_is_not_drawn() -> None:
    bodies = tuple(Body(f"b/{n}", Words(en="x"), (), False, ()) for n in range(BODIES + 1))
    assert drawing(_page(), Ruleset(bodies, (), Words()), 2) is None
    assert drawing(_page(), Ruleset((), (), Words()), 2) is None


@given(st.text(max_size=400), st.integers(40, 300))
def test_words_stay_in_their_room(text: str, room: int) -> None:
    found = lines(text, 13, room)
    assert len(found) <= 3
    assert all(width(line, 13) <= room for line in found)


@given(st.text(min_size=1, max_size=60), st.integers(30, 300))
def test_a_name_keeps_both_its_ends(name: str, room: int) -> None:
    found = middled(name, 12, room)
    assert width(found, 12) <= max(room, width("…", 12))
    if found != name:
        begin, _, end = found.rpartition("…")
        assert name.startswith(begin)
        assert name.endswith(end)


def test_a_short_text_is_whole() -> None:
    assert "".join(lines("社区社会工作服务站站长", 13, 80)) == "社区社会工作服务站站长"
