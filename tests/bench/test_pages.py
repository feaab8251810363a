"""The bench of pages asks for every page that the tests know, of any release."""

from __future__ import annotations

from bench.pages.addresses import ONLY_SHIPPED, of_release, shipped
from bench.pages.bars import NATION, SHIPPED_BARS
from bench.pages.searches import searches
from bench.pages.timing import Taken
from tests.pages.site import PAGES

from govgraph.http.state import Opened
from govgraph.lookup.search import search


def test_no_page_is_left_out(opened: Opened) -> None:
    assert [page.name for page in shipped()] == list(PAGES)
    pages = of_release(opened.context, opened.labels, 2)
    names = {page.name.split(" ")[0] for page in pages}
    assert names == set(PAGES) - set(ONLY_SHIPPED)


def test_pages_of_a_release_have_its_entities(opened: Opened) -> None:
    pages = of_release(opened.context, opened.labels, 3)
    places = [page for page in pages if page.name.startswith("place ")]
    assert 3 <= len({page.address for page in places}) <= 4
    (compare,) = (page for page in pages if page.name == "compare")
    assert compare.address.count("m=") == PAGES["compare"].count("m=")
    assert compare.in_language("en").endswith("&lang=en")


def test_searches_are_the_same_each_time(opened: Opened) -> None:
    found = searches(opened.labels)
    assert found == searches(opened.labels)
    for text in found["whole name"] + found["pinyin"] + found["traditional"]:
        assert search(opened.labels, text, limit=5), text


def test_bars() -> None:
    assert SHIPPED_BARS.of("funding") == 100
    assert (NATION.of("id"), NATION.of("compare"), NATION.of("funding")) == (300, 300, None)


def test_what_work_took() -> None:
    taken = Taken()
    assert taken.add(lambda: 7) == 7
    assert 0 <= taken.median <= taken.slowest
    assert taken.processor >= 0
