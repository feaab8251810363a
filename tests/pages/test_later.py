"""On a large release a page leaves what goes through whole tables to a click."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from govgraph.app import create_worker_app
from govgraph.pages.entity import later
from govgraph.settings import Settings

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def ask(home: Path) -> Ask:
    """Pages of the site, asked for in this process."""
    app = create_worker_app(Settings(home=home).model_dump(mode="json"))

    async def page(address: str, parameters: dict[str, str]) -> str:
        transport, accept = httpx.ASGITransport(app), {"Accept": "text/html"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://here", headers=accept
        ) as client:
            return (await client.get(address, params=parameters)).text

    return lambda address, **parameters: asyncio.run(page(address, parameters))


@pytest.fixture
def large(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """The same; every release is large."""
    monkeypatch.setattr(later, "LARGE", 0)
    return ask


@pytest.mark.parametrize(("lang", "title"), [("zh", "一地的组织"), ("en", "Bodies of a place")])
def test_costly_sections_are_links(large: Ask, lang: str, title: str) -> None:
    page = large("/id/place/ex-c07", lang=lang, at="2020")
    assert f'">{title}</a></li>' in page
    assert f"/queries/bodies-of-place?place=place/ex-c07&amp;at=2020&amp;lang={lang}" in page
    assert 'id="later"' in page


def test_what_is_small_is_told_at_once(large: Ask) -> None:
    """A community has no places in it, so its money and rules are near; a district has."""
    community, district = (
        large(f"/id/place/{key}", lang="en") for key in ("ex-c07", "ex-district")
    )
    assert "/queries/rule-summary?place=place/ex-district&amp;lang=en" in district
    waiting = community[community.index('id="later"') :]
    assert "/queries/rule-summary" not in waiting
    assert "Places within" in waiting


def test_nothing_waits_on_a_small_release(ask: Ask) -> None:
    assert 'id="later"' not in ask("/id/place/ex-c07")
