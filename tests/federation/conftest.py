"""A real endpoint of another program, and one of ours that says what it is told to say."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from tests.service.conftest import serve

from govgraph.settings import Settings

REMOTE = """
@prefix ex: <http://example.org/> .
@prefix person: <https://w3id.org/govgraph/id/person/> .
person:ex-c01-p1 ex:born 1970 ; ex:said "它说：\\"}\\n{ ?x\\""@zh ; ex:knows [ ex:born 1971 ] .
person:ex-c01-p2 ex:born 1980 ; ex:home <http://example.org/a(b)> .
ex:nobody ex:born 1990 .
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The URL of `oxigraph serve` with a few triples."""
    at = f"127.0.0.1:{free_port()}"
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen([program, "serve", "--bind", at], stderr=subprocess.DEVNULL)
    try:
        _until_up(f"http://{at}/")
        sent = httpx.post(
            f"http://{at}/store?default", content=REMOTE, headers={"Content-Type": "text/turtle"}
        )
        assert sent.is_success
        yield f"http://{at}/query"
    finally:
        process.terminate()
        process.wait(10)


def _until_up(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.05)
    raise TimeoutError(url)


class Scripted:
    """An endpoint that answers each request with `answer`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda _: None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.asked.append((dict(self.headers), body))
                with contextlib.suppress(ConnectionError):
                    outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"

    def says(self, status: int, media: str, body: bytes, **headers: str) -> None:
        """Give this answer from now on."""
        self.asked.clear()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Type": media, **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answer = answer


@pytest.fixture(scope="session")
def scripted() -> Iterator[Scripted]:
    running = Scripted()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture(scope="session")
def federated_web(home: Path, endpoint: str, scripted: Scripted) -> Iterator[httpx.Client]:
    """The shipped data, served by a service that may ask both endpoints."""
    allowed = f"{endpoint}, {scripted.url}"
    yield from serve(
        Settings(home=home, service_allow=allowed, service_seconds=2, service_rows=100)
    )


@pytest.fixture(scope="session")
def closed_web(home: Path) -> Iterator[httpx.Client]:
    """The same from a service that may ask nobody."""
    yield from serve(Settings(home=home))
