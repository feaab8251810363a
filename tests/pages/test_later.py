"""On a large release a page leaves what goes through whole tables to a click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from govgraph.app import create_app
from govgraph.pages.entity import later
from govgraph.settings import Settings


@pytest.fixture
def large(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The site in this process; every release is large for it."""
    monkeypatch.setattr(later, "LARGE", 0)
    with TestClient(create_app(Settings(home=home)), headers={"Accept": "text/html"}) as client:
        yield client


@pytest.mark.parametrize(("lang", "title"), [("zh", "一地的组织"), ("en", "Bodies of a place")])
def test_costly_sections_are_links(large: TestClient, lang: str, title: str) -> None:
    page = large.get("/id/place/ex-c07", params={"lang": lang, "at": "2020"}).text
    assert f'">{title}</a></li>' in page
    assert f"/queries/bodies-of-place?at=2020&amp;lang={lang}&amp;place=place%2Fex-c07" in page
    assert 'id="later"' in page


def test_what_is_small_is_told_at_once(large: TestClient) -> None:
    """A community has no places in it, so its money and rules are near; a district has."""
    community, district = (
        large.get(f"/id/place/{key}", params={"lang": "en"}).text
        for key in ("ex-c07", "ex-district")
    )
    assert "/queries/rule-summary?lang=en&amp;place=place%2Fex-district" in district
    waiting = community[community.index('id="later"') :]
    assert "/queries/rule-summary" not in waiting
    assert "Places within" in waiting


def test_nothing_waits_on_a_small_release(home: Path) -> None:
    with TestClient(create_app(Settings(home=home)), headers={"Accept": "text/html"}) as client:
        assert 'id="later"' not in client.get("/id/place/ex-c07").text
