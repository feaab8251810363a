"""What is around an entity: as a picture without overlaps, as a table, and at a date."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store
from starlette.requests import Request

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.time import Asked
from govgraph.http.state import Opened
from govgraph.pages.entity.ego import BOX, GROUPS, MOST, Box, Ego, ego
from govgraph.pages.entity.ends import EACH, both, ends
from govgraph.pages.entity.facts import facts
from govgraph.pages.entity.neighbours import Around, Link, Neighbour, around
from govgraph.pages.page import Page
from govgraph.pages.rules.lettering import width
from govgraph.vocabulary import GOV

NAMES = st.text("社区党委工作站 abcdefgh-()<>&", min_size=1, max_size=60)


def _page(opened: Opened, at: str | None = None, query: str = "lang=en") -> Page:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query.encode(),
             "headers": [], "scheme": "http", "server": ("x", 80)}  # fmt: skip
    return Page.of(Request(scope), opened, Asked.read(at, None, None))


def _around(page: Page, entity: str) -> Around:
    """What is around an entity, as its page has it."""
    assert page.opened is not None
    iri = page.opened.context.base + entity
    met = both(page, iri)
    found = facts(page, iri, (triple for one in met for triple in one.triples(iri)))
    assert found is not None
    return around(page, iri, met, found.stated)


def _neighbour(number: int, name: str) -> Neighbour:
    return Neighbour(f"urn:x/{number}", {"und": name}, None, None, None, None, False)


@st.composite
def links(draw: st.DrawFn) -> list[Link]:
    """Up to twenty kinds of links with up to sixty neighbours each, and more that are not known."""
    found = []
    for number in range(draw(st.integers(1, 20))):
        name = draw(NAMES)
        several = [_neighbour(n, name) for n in range(draw(st.integers(1, 60)))]
        total = len(several) + draw(st.sampled_from([0, 0, 5, 100_000]))
        found.append(Link(f"urn:p{number}", {"und": name}, True, tuple(several), total))
    return found


@settings(max_examples=25)
@given(found=links(), narrow=st.booleans())
def test_nothing_overlaps(opened: Opened, found: list[Link], narrow: bool) -> None:
    made = ego(_page(opened), "社区 <b>", found, narrow=narrow)
    assert made is not None
    boxes = [box for group in made.groups for box in group.boxes]
    assert 0 < len(boxes) <= MOST
    assert len(made.groups) == min(GROUPS, len(found))
    for a, b in combinations(boxes, 2):
        assert a.x != b.x or abs(a.y - b.y) >= BOX
    for box in boxes:
        _inside(made, box)
    drawn = {group.title: len(group.boxes) + group.more for group in made.groups}
    assert sum(drawn.values()) <= sum(link.total for link in found)


def _inside(made: Ego, box: Box) -> None:
    """A box is within the picture, off the middle, and its name within it."""
    x, y, height = made.middle
    beside = box.x + made.column <= x or x + made.middle_width <= box.x
    assert beside or box.y >= y + height
    assert box.x >= 0
    assert box.x + made.column <= made.width + 0.1
    assert box.y + BOX <= made.height + 0.1
    assert width(box.text, 13) <= made.column - 20


def test_a_record_joins_two(opened: Opened) -> None:
    """A person's posts, each with the days of the appointment, and what is inferred after them."""
    found = _around(_page(opened), "person/ex-c07-p1")
    posts = found.links[0]
    assert posts.property.endswith("#onPost")
    assert [(n.iri.rpartition("/")[2], n.start, n.end) for n in posts.neighbours] == [
        ("ex-c07-fsj-post", "2018-01-01", "2021-03-31"),
        ("ex-c07-fsj-post", "2021-05-15", ".."),
        ("ex-c07-gzz-post", "2018-02-01", ".."),
    ]
    assert all(n.inferred for link in found.links[1:] for n in link.neighbours)


def test_what_does_not_hold_is_left_out_and_counted(opened: Opened) -> None:
    found = _around(_page(opened, at="2018-01-15"), "person/ex-c07-p1")
    assert [n.iri.rpartition("/")[2] for link in found.links for n in link.neighbours] == [
        "ex-c07-fsj-post"
    ]
    assert (len(found.left_out), bool(found.undated)) == (2, True)


def test_without_inferences(opened: Opened) -> None:
    page = _page(opened, query="inference=false")
    found = _around(page, "person/ex-c07-p1")
    assert len(found.links) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_has_its_table(site: httpx.Client, lang: str) -> None:
    page = site.get(f"/id/organization/org-xiyuan?lang={lang}").text
    around_ = page.partition('aria-labelledby="around"')[2].partition("</section>")[0]
    wide = around_.partition('class="ego wide"')[2].partition("</svg>")[0]
    table = around_.partition("<table>")[2].partition("</table>")[0]
    drawn = re.findall(r'<a href="(/id/[^"]+)"><title>', wide)
    assert len(drawn) > 10
    assert set(drawn) <= set(re.findall(r'href="(/id/[^"]+)"', table))


def test_more_than_is_drawn_leads_to_all(site: httpx.Client) -> None:
    """Neighbours beyond those that are looked at are a query away."""
    page = site.get("/id/document/doc-xiyuan?lang=en").text
    for address in re.findall(r'<a href="(/query[^"]+)">and [\d,]+ more', page):
        assert site.get(address.replace("&amp;", "&")).status_code == 200


def test_an_entity_alone_says_so(site: httpx.Client) -> None:
    assert "There is no link to draw" in site.get("/id/document/doc-xiyuan?lang=en").text


def test_of_very_many_the_first_are_looked_at_and_all_are_counted(opened: Opened) -> None:
    """As for a place with a hundred thousand below it: no loop over everything."""
    base = opened.context.base
    store = Store()
    for n in range(900):
        ends_ = (f"{base}place/p{n:04}", f"{GOV}parentPlace", f"{base}place/top")
        store.add(Quad(*map(NamedNode, ends_)))  # type: ignore[arg-type]
    page = replace(_page(opened), opened=replace(opened, engine=OxigraphEngine(store)))
    (inward,) = ends(page, f"{base}place/top", outward=False)
    assert (inward.total, len(inward.others)) == (900, EACH)
    assert inward.others[0] == f"{base}place/p0000"
    assert ends(page, f"{base}place/top", outward=True) == []
