"""The site on the shipped data: asked in process, and served to a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.pages.axe import Axe, installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[str]:
    """The address of a server of its own over a home, with settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["serve", "--home", str(home), "--port", str(port)]
    command = [sys.executable, "-m", "govgraph.cli", *arguments]
    limits = {"GOVGRAPH_CLIENT_SECONDS": "10000", "GOVGRAPH_CLIENT_REQUESTS": "64"}
    given = os.environ | limits | environment
    server = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def served(home: Path) -> Iterator[str]:
    """The address of a server of its own on the shipped data."""
    with serving(home) as address:
        yield address


@pytest.fixture
def site(served: str) -> Iterator[httpx.Client]:
    """That server, asked as a browser asks; cookies last for one test."""
    with httpx.Client(base_url=served, headers=HTML, timeout=60) as client:
        yield client


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{address}/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, stopped with each module: its event loop would be in others' way."""
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip("needs Chromium, which is not on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> Axe:
    """axe-core, which finds what keeps people from using a page."""
    found = installed()
    if found is None:
        pytest.skip("needs npm to fetch axe-core, and it is not on this machine")
    return found
