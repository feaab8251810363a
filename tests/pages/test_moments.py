"""Going through time: the days that are offered, with and without scripts, and what is too large."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import httpx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.networks.model import Network
from govgraph.http.state import Opened
from govgraph.pages.bodies.moments import MOST, changes, thinned
from govgraph.pages.bodies.picture import LARGE, picture
from govgraph.pages.bodies.picture import MOST as DRAWN

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_days_on_which_posts_change_hands(opened: Opened) -> None:
    """The day after a last day is one: from then on the post is not held."""
    found = changes(opened.engine, f"{opened.context.base}place/ex-c07")
    assert {date(2018, 2, 1), date(2021, 4, 1), date(2021, 5, 15)} <= set(found)
    assert found == tuple(sorted(set(found)))
    assert set(found) < set(changes(opened.engine, None))


@given(st.sets(st.dates(date(1000, 1, 1), date(3000, 1, 1)), max_size=400))
def test_so_few_days_that_one_can_choose(days: set[date]) -> None:
    found = thinned(sorted(days))
    assert len(found) <= MOST
    assert set(found) <= days
    assert bool(found) == bool(days)
    if len(days) <= MOST:
        assert list(found) == sorted(days)


def test_of_many_days_the_last_of_each_stretch_is_offered() -> None:
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(400)]
    assert thinned(days)[:2] == (date(2000, 1, 31), date(2000, 2, 29))


@pytest.mark.parametrize("address", ["/bodies?place=ex-c07", "/network?place=ex-c07"])
def test_without_scripts_a_form_and_links(site: httpx.Client, address: str) -> None:
    page = site.get(f"{address}&at=2021-04-15&lang=en").text
    form = page.partition("data-moments")[2].partition("</form>")[0]
    options = re.findall(r'<option value="([^"]*)"', form)
    assert options[0] == ""
    assert options[1:] == sorted(options[1:])
    assert '<option value="2021-04-15" selected>15 April 2021</option>' in form
    (earlier,) = re.findall(r'rel="prev" href="([^"]+)"', page)
    (later,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert ("at=2021-04-01" in earlier, "at=2021-05-15" in later) == (True, True)
    assert site.get(later.replace("&amp;", "&")).status_code == 200


def test_the_first_day_has_none_before_it(site: httpx.Client) -> None:
    page = site.get("/bodies?place=ex-c07&at=1990&lang=en").text
    moments = page.partition('data-part="moments"')[2].partition("</p>")[0]
    assert 'rel="prev"' not in moments
    assert "Later: 1 January 2017" in moments


def _network(count: int) -> Network:
    """A ring of so many bodies."""
    ids = [f"urn:b/{n}" for n in range(count)]
    empty = pl.Series([None] * count, dtype=pl.String)
    nodes = pl.DataFrame({"id": ids, "kind": "organization", "label_zh": ids}).with_columns(
        label_en=empty
    )
    links = pl.DataFrame({"source": ids, "target": ids[1:] + ids[:1], "weight": [1] * count})
    return Network("bodies", nodes, links)


def test_a_network_that_is_too_large_is_not_drawn() -> None:
    found = picture(_network(5_000))
    assert (found.nodes, found.links, found.too_large) == (5_000, 5_000, True)
    assert (found.dots, found.lines) == ((), ())
    assert len(picture(_network(LARGE)).dots) == DRAWN


def test_the_slider_changes_the_picture_and_the_address(browser: Browser, served: str) -> None:
    page = browser.new_page(locale="en-GB")
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"{served}/bodies?place=ex-c07&lang=en&at=2018-01-01")
    slider = page.get_by_role("slider", name="Time")
    before = page.locator("[data-part=chart]").inner_text()
    assert slider.get_attribute("aria-valuetext") == "1 January 2018"
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_url("**at=2021-05-15**")
    assert slider.evaluate("it => it === document.activeElement")
    assert slider.get_attribute("aria-valuetext") == "15 May 2021"
    assert page.locator("[data-part=chart]").inner_text() != before
    assert page.locator("[data-said]").inner_text().startswith("15 May 2021")
    page.keyboard.press("Home")
    page.wait_for_url(lambda url: "at=" not in url)
    assert messages == []
    page.close()


def test_a_citation_is_copied(browser: Browser, served: str) -> None:
    context = browser.new_context(locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{served}/data/releases?lang=en")
    page.get_by_text("BibTeX as text").click()
    page.locator("details[open]").get_by_role("button", name="Copy").click()
    page.get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{govgraph-release-")
    context.close()
