"""Every page in a real browser: accessible, quiet, its own; with scripts and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.pages.site import PAGES, STATUS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = {"wide": (1360, 900), "small": (320, 640)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("name", PAGES)
def test_page(browser: Browser, served: str, name: str, lang: str) -> None:
    """No violation, no message, no request elsewhere, no sideways scroll; light, dark and small."""
    from axe_core_python.sync_playwright import Axe

    context = browser.new_context(locale={"zh": "zh-CN", "en": "en-GB"}[lang])
    page = context.new_page()
    messages, outside = _watched(page, served)
    answer = page.goto(served + _in(PAGES[name], lang))
    assert answer is not None
    assert answer.status == STATUS.get(name, 200)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": RULES})
        assert [_told(violation) for violation in found["violations"]] == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
    assert outside == []
    expected = [f"status of {STATUS[name]}"] if name in STATUS else []
    assert [m for m in messages if not any(part in m for part in expected)] == []


@pytest.mark.parametrize(
    "name", ["home", "person", "query", "funding", "network", "compare", "rules-of"]
)
def test_without_scripts(browser: Browser, served: str, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + PAGES[name])
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()
    context.close()


def test_by_keyboard_from_search_to_evidence(browser: Browser, served: str) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(served + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("main input[name=q]").focus()
    page.keyboard.type("示例人员07-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    page.locator(".hits a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/person/**")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.proof[open] .card").first.is_visible()
    page.close()


def _watched(page: Page, served: str) -> tuple[list[str], list[str]]:
    """What the console says, and what is asked of anyone else."""
    messages: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(served) else outside.append(request.url),
    )
    return messages, outside


def _in(address: str, lang: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={lang}"


def _told(violation: dict[str, object]) -> str:
    nodes: list[dict[str, object]] = violation["nodes"]  # type: ignore[assignment]
    return f"{violation['id']}: {[node['html'] for node in nodes[:3]]}"
