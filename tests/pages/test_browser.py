"""Every page in a real browser: accessible, quiet, its own; with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.pages.reader import LANGS, Reader
from tests.pages.site import PAGES, STATUS

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from tests.pages.axe import Axe


@pytest.fixture(params=LANGS)
def reader(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    one = Reader(browser, served, request.param)
    yield one
    one.close()


@pytest.fixture(params=LANGS)
def plain_reader(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader whose browser runs no scripts."""
    one = Reader(browser, served, request.param, java_script_enabled=False)
    yield one
    one.close()


def test_every_page_is_accessible_and_quiet(reader: Reader, axe: Axe) -> None:
    """No violation of axe's, light or dark; no message, no request elsewhere, no sideways scroll."""
    found = {}
    for name, address in PAGES.items():
        faults = reader.faults(address, STATUS.get(name, 200))
        faults += [str(one) for one in axe.violations(reader.page)]
        if reader.lang == "zh":  # both languages have the same colours
            reader.page.emulate_media(color_scheme="dark")
            faults += [f"dark: {one}" for one in axe.violations(reader.page, ["color-contrast"])]
            reader.page.emulate_media(color_scheme="light")
        found |= {name: faults} if faults else {}
    assert found == {}


def test_every_page_is_complete_without_scripts(plain_reader: Reader) -> None:
    found = {}
    for name, address in PAGES.items():
        faults = plain_reader.faults(address, STATUS.get(name, 200))
        found |= {name: faults} if faults else {}
    assert found == {}


def test_paper_is_white_without_controls_and_not_wider_than_a_sheet(
    browser: Browser, served: str
) -> None:
    reader = Reader(browser, served, "zh", viewport={"width": 794, "height": 1123})
    reader.page.emulate_media(media="print", color_scheme="dark")
    for name in ("compare", "rules-of", "funding", "post"):
        reader.open(PAGES[name])
        look = "getComputedStyle(document.body).backgroundColor"
        assert reader.page.evaluate(look) == "rgb(255, 255, 255)"
        assert reader.page.locator("button:visible, input:visible, .nouns:visible").count() == 0
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 794
    reader.close()
