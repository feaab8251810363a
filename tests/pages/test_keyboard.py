"""The site by keyboard alone: every path that the pages offer, with a focus that shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.pages.reader import Reader
from tests.pages.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: What has the focus, as a reader would name it, and whether it shows.
_FOCUS = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  if (one === document.body) return null;
  const box = one.getBoundingClientRect();
  return { name: (one.ariaLabel || one.innerText || one.name || one.id).trim().slice(0, 40),
           shows: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
           seen: box.right > 0 && box.bottom > 0 && box.width > 0 };
}"""


@pytest.fixture(scope="module")
def reader(browser: Browser, served: str) -> Iterator[Reader]:
    one = Reader(browser, served, "zh")
    yield one
    one.close()


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus and focus["name"] == name:
            return
    raise AssertionError(f"Tab does not come to {name}")


def test_tab_passes_through_a_page_shows_where_it_is_and_is_not_trapped(reader: Reader) -> None:
    reader.open("/id/post/ex-c12-cy-post?evidence=post-succession")
    passed = []
    for _ in range(150):
        reader.page.keyboard.press("Tab")
        focus = reader.page.evaluate(_FOCUS)
        if focus is None:
            break
        passed.append(focus)
    assert focus is None, "the end of the page is never reached"
    assert [one["name"] for one in passed if not (one["shows"] and one["seen"])] == []
    assert [one["name"] for one in passed][:4] == ["跳到正文", "govgraph", "查找", "比较"]


def test_the_skip_link_leads_past_the_menu(reader: Reader) -> None:
    reader.open("/compare")
    reader.page.keyboard.press("Tab")
    assert reader.page.locator(".skip").bounding_box()["x"] == 0  # type: ignore[index]
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.closest('main') !== null")


def test_menu_language_and_theme(reader: Reader) -> None:
    page = reader.page
    reader.open("/")
    tab_to(page, "规则")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules?lang=zh")
    tab_to(page, "English")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules?lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".themes a", has_text="light").focus()
    tab_to(page, "dark")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules?lang=en")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    page.locator(".themes a", has_text="system").press("Enter")
    page.wait_for_url("**/rules?lang=en")
    assert page.locator("html").get_attribute("data-theme") is None


def test_from_search_to_evidence(reader: Reader) -> None:
    page = reader.page
    reader.open("/")
    page.locator("main input[name=q]").focus()
    page.keyboard.type("示例人员07-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    page.locator(".hits a").first.press("Enter")
    page.wait_for_url("**/id/person/**")
    page.locator("details.proof > summary").first.press("Enter")
    assert page.locator("details.proof[open] .card").first.is_visible()
    page.keyboard.press("Space")
    assert page.locator("details.proof[open]").count() == 0


def test_from_a_choice_to_a_comparison_to_a_source(reader: Reader) -> None:
    page = reader.page
    reader.open("/compare")
    for key in ("gm-2zhan", "gm-1zhan"):
        page.locator(f"input[value={key}]").press("Space")
    page.locator("button", has_text="并排比较").press("Enter")
    page.wait_for_url("**/compare?**m=gm-2zhan**")
    cited = page.locator("td .cited a").first
    cited.press("Enter")
    target = cited.evaluate("one => one.hash.slice(1)")
    page.wait_for_url(f"**#{target}")
    assert page.locator(f"#{target}").is_visible()


def test_a_form_and_a_table_that_is_wider_than_the_screen(reader: Reader) -> None:
    page = reader.page
    page.set_viewport_size({"width": 390, "height": 800})
    reader.open("/queries/post-succession")
    page.locator("#f-post").focus()
    page.keyboard.type("ex-c12-cy-post")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queries/post-succession?**post=ex-c12-cy-post**")
    wide = page.locator(".scroll").last
    assert wide.evaluate("one => one.scrollWidth > one.clientWidth")
    wide.focus()
    page.keyboard.press("ArrowRight")
    until(lambda: wide.evaluate("one => one.scrollLeft > 0"))
    page.set_viewport_size({"width": 1360, "height": 900})


def test_nothing_went_wrong_on_the_way(reader: Reader) -> None:
    assert reader.said() == []
