"""A home with keys, and a clock that the tests set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from govgraph.access import clock as clock_module
from govgraph.access.keys import Keys

#: A moment that the tests start from.
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Time:
    """Stands for the module `time`: both clocks as the test sets them, in seconds."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON.timestamp(), 1000.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    set_clock = Time()
    monkeypatch.setattr(clock_module, "time", set_clock)
    return set_clock


@pytest.fixture
def keys(tmp_path: Path, time: Time) -> Keys:  # noqa: ARG001
    return Keys(tmp_path / "home")


Bearer = Callable[[str], list[tuple[bytes, bytes]]]


@pytest.fixture
def bearer() -> Bearer:
    return lambda secret: [(b"authorization", f"Bearer {secret}".encode())]


class Web:
    """A client of an application in this process."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def options(self, path: str, **more: Any) -> httpx.Response:
        return self.request("OPTIONS", path, **more)
