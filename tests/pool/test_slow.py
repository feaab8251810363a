"""Clients that take their time: with a request's head, with its body, with the answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import uvicorn
from tests.pool.raw import asking, connected, request
from tests.pool.serving import QUICK, Service
from tests.pool.test_cut import LONG

from govgraph.pool.connection import taking
from govgraph.pool.front import Front
from govgraph.settings import Settings

HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
MOST = 2
BODY = request("POST /sparql HTTP/1.1", "Content-Type: application/sparql-query",
               "Content-Length: 1000")  # fmt: skip


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A front without workers that has no patience, and no room for many."""
    settings = Settings(home=tmp_path, arrival_seconds=0.3)
    config = uvicorn.Config(
        Front(settings), port=0, http=taking(settings.arrival_seconds, MOST), lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("sent", [b"", HEAD[:5], HEAD], ids=["nothing", "a word", "no end"])
def test_a_head_that_does_not_come_closes_its_connection(port: int, sent: bytes) -> None:
    with connected(port) as late:
        late.sendall(sent)
        assert b" 408 " in late.recv(1 << 16)
        assert late.recv(100) == b""


def test_the_next_head_has_its_time_again(port: int) -> None:
    with connected(port) as late:
        late.sendall(HEAD + b"\r\n")
        assert b"200 OK" in late.recv(1 << 16)
        late.sendall(HEAD)
        assert b" 408 " in late.recv(1 << 16)
        assert late.recv(100) == b""


def test_a_body_that_does_not_come_is_told_so(port: int) -> None:
    with connected(port) as late:
        late.sendall(BODY + b"ASK")
        answer = late.recv(1 << 16)
        assert b"408" in answer.partition(b"\r\n")[0]
        assert b"request-timeout" in answer


def test_there_are_no_more_connections_than_may_be(port: int) -> None:
    with connected(port) as first, connected(port), connected(port) as third:
        with suppress(ConnectionResetError):
            assert b" 503 " in third.recv(1 << 16)
        first.sendall(HEAD + b"\r\n")
        assert b"200 OK" in first.recv(1 << 16)


def test_two_hundred_slow_clients_leave_the_service_answering(home: Path) -> None:
    with Service(home, workers=2, query_seconds=2) as running, ExitStack() as open_:
        slow = [open_.enter_context(connected(running.port)) for _ in range(200)]
        for number, late in enumerate(slow):
            late.sendall((HEAD[:9], HEAD, BODY, BODY + b"A")[number % 4])
        readers = [open_.enter_context(connected(running.port)) for _ in range(3)]
        for reader in readers:
            reader.sendall(asking(LONG, format="csv"))
        for number in range(10):
            assert running.client.get("/health").status_code == 200
            running.wait(lambda n=number: running.ask(f"{QUICK} # {n}").status_code == 200)  # type: ignore[misc]
            for late in slow:
                with suppress(ConnectionError):  # one whose time is over
                    late.send(b"x")
