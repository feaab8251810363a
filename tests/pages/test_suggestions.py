"""Suggestions in a real browser: by keyboard, by mouse, in forms, and for a screen reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.pages.reader import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from tests.pages.axe import Axe


@pytest.fixture
def home_page(browser: Browser, served: str) -> Iterator[Page]:
    page = browser.new_page(locale="zh-CN")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{served}/?lang=zh")
    yield page
    page.close()


def typed(page: Page, text: str, box: str = "main [data-suggest]") -> None:
    """Type a text and wait for its suggestions; those of its beginning may come before."""
    page.locator(box).focus()
    page.keyboard.type(text)
    answered = (
        f"{box} ~ .suggestions[data-for={json.dumps(text, ensure_ascii=False)}] [role=option]"
    )
    page.locator(answered).first.wait_for()


def test_by_keyboard(home_page: Page) -> None:
    box = home_page.locator("main [data-suggest]")
    typed(home_page, "xyjd")
    assert box.get_attribute("aria-expanded") == "true"
    assert "个建议" in home_page.locator("[role=status]").first.inner_text()
    first = home_page.locator("[role=option]").first
    assert first.locator("b").inner_text() == "西园街道"
    assert "拼音首字母" in first.inner_text()
    home_page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert first.get_attribute("aria-selected") == "true"
    home_page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    home_page.keyboard.press("Escape")
    assert home_page.locator(".suggestions").is_hidden()
    assert box.input_value() == "xyjd"
    home_page.keyboard.press("ArrowDown")
    first.wait_for()
    home_page.keyboard.press("ArrowDown")
    home_page.keyboard.press("Enter")
    home_page.wait_for_url("**/id/organization/org-xiyuan?lang=zh")


def test_enter_without_a_choice_searches(home_page: Page) -> None:
    typed(home_page, "西园")
    home_page.keyboard.press("Enter")
    home_page.wait_for_url("**/search?**")


def test_by_mouse(home_page: Page) -> None:
    typed(home_page, "西圆街道")
    assert "读音相同" in home_page.locator("[role=option]").first.inner_text()
    assert "相近" in home_page.locator("[role=status]").first.inner_text()
    home_page.locator("[role=option]").first.click()
    home_page.wait_for_url("**/id/organization/org-xiyuan?lang=zh")


def test_a_field_of_a_query_is_filled(browser: Browser, served: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{served}/queries/post-succession?lang=en")
    typed(page, "deputy", "#f-post")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#f-post").input_value() == "ex-c01-fsj-post"
    page.close()


def test_a_slash_leads_to_the_box_unless_one_types(home_page: Page) -> None:
    home_page.keyboard.press("/")
    assert home_page.evaluate("document.activeElement.id") == "q"
    home_page.keyboard.type("a/b")
    assert home_page.locator("#q").input_value() == "a/b"
    home_page.locator("footer button").click()
    home_page.locator("h1").click()
    home_page.keyboard.press("/")
    assert home_page.evaluate("document.activeElement.id") != "q"


def test_accessible_and_within_a_strict_policy(browser: Browser, served: str, axe: Axe) -> None:
    page = browser.new_page(locale="zh-CN", viewport={"width": 320, "height": 640})
    page.set_default_timeout(PATIENCE)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"

    def strict(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        headers = answer.headers | {"content-security-policy": policy}
        route.fulfill(response=answer, headers=headers)  # type: ignore[attr-defined]

    page.route("**/search?**", strict)
    page.goto(f"{served}/search?q=西园")
    page.locator("#q").fill("")
    typed(page, "西园")
    page.keyboard.press("ArrowDown")
    assert messages == []
    page.unroute("**/search?**")
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
