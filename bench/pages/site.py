"""The site in this process, as one of its workers has it, and the site of a server."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bench.process import Server, free_port
from govgraph.app import create_app
from govgraph.http.ahead import read_ahead
from govgraph.http.answers import Answers
from govgraph.http.state import Opened
from govgraph.pages.ahead import look_ahead
from govgraph.settings import Settings

_ACCEPT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_LIMITS_OFF = {
    "GOVGRAPH_CLIENT_SECONDS": "100000",
    "GOVGRAPH_CLIENT_REQUESTS": "64",
    "GOVGRAPH_CACHE": "0",
}


@dataclass(frozen=True)
class Answered:
    """A page that came: its status, its bytes, and those that went over the line."""

    status: int
    size: int
    sent: int


class InProcess:
    """The application called directly, without threads, sockets and caches of whole answers: what
    a page takes on the server."""

    def __init__(self, home: Path) -> None:
        self.app = create_app(Settings(home=home), one_by_one=True)
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url="http://localhost",
            headers=_ACCEPT | {"Accept-Encoding": "identity"},
        )

    def opened(self) -> Opened:
        opened: Opened = self.app.state.releases.open()
        return opened

    def ask(self, address: str) -> Answered:
        """A page. Whatever goes wrong is a status."""
        response = self._runner.run(self._client.get(address))
        return Answered(response.status_code, len(response.content), len(response.content))

    def forget(self) -> None:
        """Questions that were answered before are answered anew. What the process knows of the
        release by then stays, as it does for the reader who comes next."""
        kept = self.app.state.releases._opened
        for key, value in list(kept.items()):
            kept[key] = replace(value, answers=Answers())

    def reopen(self) -> None:
        """The release is opened anew, as a worker opens it: all else that was read of it is gone."""
        self.app.state.releases._opened.clear()
        gc.collect()
        look_ahead(self.app, self.opened(), read_ahead(self.opened()))

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class OverHttp:
    """A server of the release, asked over one connection with its compression."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers=_ACCEPT | {"Accept-Encoding": "gzip"},
            timeout=120,
        )

    def ask(self, address: str) -> Answered:
        """A page. Whatever goes wrong is a status."""
        response = self._client.get(address)
        return Answered(response.status_code, len(response.content), response.num_bytes_downloaded)

    def close(self) -> None:
        self._client.close()


@contextmanager
def served(home: Path, log: Path) -> Iterator[OverHttp]:
    """`govgraph serve` with its cache off, as a client meets it."""
    port = free_port()
    argv: list[str | Path] = [sys.executable, "-m", "govgraph.cli", "serve"]
    argv += ["--home", home, "--port", str(port)]
    server = Server(argv, port, log, environment=os.environ | _LIMITS_OFF)
    site = OverHttp(port)
    try:
        yield site
    finally:
        site.close()
        server.stop()
