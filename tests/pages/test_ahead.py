"""What a worker looks at of a large release before anyone asks."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from govgraph.app import create_app
from govgraph.engine import whole
from govgraph.http.ahead import begin_reading, read_ahead
from govgraph.http.state import Opened
from govgraph.pages.ahead import KINDS, examples, look_ahead
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
                seen.append((message["status"], threading.current_thread().name))
            await send(message)

        await app(scope, receive, sent)

    def large(release: Opened) -> None:
        look_ahead(asked, release)
        done.set()

    assert not read_ahead(opened)
    begin_reading(opened, large)
    assert done.wait(60)
    assert seen == [(200, "ahead")] * len(list(examples(opened)))


def test_a_small_release_is_read_instead(whole_home: Path) -> None:
    release = create_app(Settings(home=whole_home), one_by_one=True).state.releases.open()
    assert read_ahead(release)
