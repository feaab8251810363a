"""Names that attack a page, and more of them than can be drawn: inert, not broken, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.pages import crowd
from tests.pages.inprocess import SITE, InProcess
from tests.pages.reader import LANGS, Reader

from govgraph.build import build
from govgraph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Every page that shows a name.
SHOWING = {
    "home": "/",
    "search": "/search?q=h-person",
    "search-hostile": "/search?q=%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE",
    "kind": "/search?type=project",
    **{kind: f"/id/{kind}/{key}" for kind, key in {
        "place": "h-place", "organization": "h-body", "person": "h-person", "post": "h-post",
        "project": "h-project", "flow": "h-flow", "model": "h-model",
    }.items()},
    "evidence": "/id/post/h-post?evidence=post-succession&at=2017",
    "compare": "/compare?m=h-model&m=h-other",
    "compare-places": "/compare?p=h-place&p=h-big",
    "rules": "/rules",
    "rules-of": "/rules/h-model?status=broken&status=open&status=kept",
    "query": "/queries/post-succession?post=h-post",
    "editor": "/query?q=SELECT * WHERE { ?s a org:Post ; rdfs:label ?n } LIMIT 3",
    "funding": "/funding",
    "bodies": "/bodies?place=h-place&at=2017",
    "bodies-choose": "/bodies",
    "network": "/network?place=h-place",
}  # fmt: skip
#: Pages of a place with thousands of bodies, and the most that each may draw.
HUGE = {
    "/id/place/h-big": 100, "/bodies?place=h-big": 500, "/bodies?place=h-big&at=2020": 500,
    "/network": 120, "/network?place=h-big": 120, "/search?type=organization": 100,
    "/search?q=组织": 100, "/queries/bodies-of-place?place=h-big": 200, "/compare?p=h-place&p=h-big": 100,
}  # fmt: skip
_TAKEN = """() => [...document.querySelectorAll(
    "main script:not([src^='/static/']), main img, main iframe, main [onerror]")]
  .map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    """A service on the hostile data set."""
    folder = tmp_path_factory.mktemp("crowd")
    crowd.write(folder / "hostile")
    done = build([folder / "hostile"], Settings(home=folder / "home"))
    assert done.release is not None, done.report()["validation"][:5]
    return InProcess(folder / "home")


@pytest.fixture(params=LANGS)
def reader(
    browser: Browser, crowded: InProcess, request: pytest.FixtureRequest
) -> Iterator[Reader]:
    one = Reader(browser, SITE, request.param, crowded)
    yield one
    one.close()


def test_hostile_names_are_inert_and_break_nothing(reader: Reader) -> None:
    found = {}
    for name, address in SHOWING.items():
        faults = reader.faults(address) + reader.page.evaluate(_TAKEN)
        said = reader.page.content()
        faults += ["49 is computed"] if "49=cmd" in said else []
        found |= {name: faults} if faults else {}
    assert found == {}


def test_they_are_shown_as_they_are_and_turn_nothing_around(reader: Reader) -> None:
    page = reader.page
    reader.open("/id/person/h-person")
    assert crowd.HOSTILE in page.locator("h1").inner_text()
    assert page.title().endswith(" · govgraph")
    isolating = "one => getComputedStyle(one).unicodeBidi"
    assert {a.evaluate(isolating) for a in page.locator("main a").all()} == {"isolate"}


def test_they_are_inert_among_suggestions(reader: Reader) -> None:
    page = reader.page
    reader.open("/")
    page.locator("main [data-suggest]").focus()
    page.keyboard.type("h-person")
    page.locator("[role=option]").first.wait_for()
    assert page.locator("[role=option] img, [role=option] script").count() == 0
    assert "<script>" in page.locator("[role=option]").first.inner_text()
    assert reader.said() == []


@pytest.mark.parametrize("address", HUGE)
def test_thousands_are_not_drawn_and_the_page_says_so(crowded: InProcess, address: str) -> None:
    answer = crowded.get(address, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 200
    assert len(answer.content) < 200_000
    assert answer.text.count('href="/id/organization/') <= 2 * HUGE[address]
