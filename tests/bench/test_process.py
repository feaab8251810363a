"""Processes are measured, given a limit, and ended."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from bench.client import JSON, TRIPLES, Client
from bench.data import Query
from bench.engine import Failed, Unfinished
from bench.process import Server, disk_bytes, free_port, run_step
from bench.worker import Worker

QUERY = Query("q", "ASK {}")
CONSTRUCT = Query("q", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_a_step_is_measured() -> None:
    """Its own memory, not that of the process which started it."""
    code = "block = b'x' * 150_000_000; x = sum(range(3_000_000)); import time; time.sleep(0.2)"
    ballast = b"x" * 400_000_000
    step = run_step("work", [sys.executable, "-c", code])
    assert len(ballast) > step.memory > 100_000_000
    assert 0 < step.cpu < step.wall + 1


def test_a_step_that_fails() -> None:
    with pytest.raises(RuntimeError, match=r"(?s)work ended with status 3.*because"):
        run_step("work", [sys.executable, "-c", "print('because'); raise SystemExit(3)"])


def test_the_bytes_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"67")
    assert disk_bytes(tmp_path) == 7


def test_a_server_is_started_and_ended(tmp_path: Path) -> None:
    port = free_port()
    argv = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    server = Server(argv, port, tmp_path / "log", cwd=tmp_path)
    server.stop()
    assert server.process.returncode == -signal.SIGTERM
    with pytest.raises(RuntimeError, match=r"(?s)ended while starting.*no such luck"):
        Server([sys.executable, "-c", "raise SystemExit('no such luck')"], port, tmp_path / "log")


class _Endpoint(BaseHTTPRequestHandler):
    """Answers what it was asked to accept; the path says what goes wrong."""

    protocol_version = "HTTP/1.1"
    never = Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/never":
            self.never.wait(20)
        body = self.headers["Accept"].encode()
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path == "/closing"

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a cut connection
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    _Endpoint.never.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/", "/closing"])
def test_the_client_asks_again_and_again(port: int, path: str) -> None:
    client = Client(port, path)
    bodies = [client.ask(query, 10).body.decode() for query in (QUERY, CONSTRUCT, QUERY)]
    client.close()
    assert bodies == [JSON, TRIPLES, JSON]


def test_the_client_gives_up(port: int) -> None:
    client = Client(port, "/never")
    with pytest.raises(Unfinished):
        client.ask(QUERY, 0.2)
    client.close()


def test_a_status_is_not_an_answer(port: int) -> None:
    client = Client(port, "/broken")
    with pytest.raises(Failed, match="status 500"):
        client.ask(QUERY, 10)
    client.close()


def _worker(answer: str) -> Worker:
    """A worker whose engine is the function of this text."""
    return Worker(partial(eval, f"lambda query: {answer}"))


def test_a_worker_answers_and_says_what_went_wrong() -> None:
    worker = _worker("query.text.encode() if query.id == 'q' else 1 / 0")
    worker.start()
    try:
        assert worker.ask(QUERY, 10).body == b"ASK {}"
        with pytest.raises(Failed, match="ZeroDivisionError"):
            worker.ask(Query("other", ""), 10)
        assert worker.memory() > 0
    finally:
        worker.stop()
    assert worker.memory() == 0


def test_a_worker_without_end_is_killed() -> None:
    worker = _worker("__import__('time').sleep(60)")
    worker.start()
    assert worker._process is not None
    pid = worker._process.pid
    assert pid is not None
    with pytest.raises(Unfinished):
        worker.ask(QUERY, 0.2)
    worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
