"""What a worker looks at of a large release before anyone asks."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from govgraph.app import create_app
from govgraph.engine import whole
from govgraph.http.ahead import begin_reading, read_ahead
from govgraph.http.state import Opened
from govgraph.pages.ahead import KINDS, OVERVIEW, examples, look_ahead
from govgraph.settings import Settings


@pytest.fixture
def app(whole_home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(whole, "SERVED_BYTES", 0)
    return create_app(Settings(home=whole_home), one_by_one=True)


@pytest.fixture
def opened(app: Any) -> Opened:
    found: Opened = app.state.releases.open()
    return found


def test_there_is_a_page_of_each_kind_and_two_comparisons(opened: Opened) -> None:
    found = list(examples(opened))
    kinds = {address.split("/")[2] for address in found if address.startswith("/id/")}
    assert kinds == {"place", "flow", *KINDS}
    assert [address.partition("=")[0] for address in found[-2:]] == ["/compare?m", "/compare?p"]


def test_they_are_looked_at_in_a_thread(app: Any, opened: Opened) -> None:
    seen: list[Any] = []
    done = threading.Event()

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                named = scope["query_string"].decode().rpartition("release=")[2]
                seen.append((message["status"], named, threading.current_thread().name))
            await send(message)

        await app(scope, receive, sent)

    def look(release: Opened, small: bool) -> None:
        look_ahead(asked, release, small)
        done.set()

    assert not read_ahead(opened)
    begin_reading(opened, look)
    assert done.wait(60)
    assert seen == [(200, opened.release.id, "ahead")] * len(list(examples(opened)))


def test_of_a_small_release_it_is_one(whole_home: Path) -> None:
    app = create_app(Settings(home=whole_home), one_by_one=True)
    release = app.state.releases.open()
    look_ahead(app, release, read_ahead(release))
    kept = len(release.answers._found)
    assert kept
    assert asyncio.run(fetched(app, OVERVIEW)) == 200
    assert len(release.answers._found) == kept


async def fetched(app: Any, address: str) -> int:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        return (await client.get(address, headers={"accept": "text/html"})).status_code
