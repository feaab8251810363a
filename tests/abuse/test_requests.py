"""Requests that are none, are ambiguous, never end, or come in crowds."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import repeat

import httpx
import pytest
from tests.abuse.messages import AMBIGUOUS, ENDLESS, TRAILER, UNUSUAL, exchanged, status
from tests.abuse.queries import ENDLESS as ENDLESS_QUERIES
from tests.abuse.queries import STOPPED
from tests.abuse.server import CANARY, Server

from govgraph.app import create_app
from govgraph.settings import Settings

CROWD = 200


@pytest.mark.parametrize("case", AMBIGUOUS)
def test_what_could_be_two_requests_is_none(server: Server, case: str) -> None:
    """A refusal, or no answer at all, and no second answer on the same connection."""
    following = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = exchanged(server.port, [AMBIGUOUS[case], following])
    assert status(answer) in (0, 400)
    assert answer.count(b"HTTP/1.1 ") <= 1


@pytest.mark.parametrize("case", UNUSUAL)
def test_what_is_unusual_is_answered(server: Server, case: str) -> None:
    expected, sent = UNUSUAL[case]
    answer = exchanged(server.port, [sent])
    # a client that still sends when it is refused may lose the answer on the way
    assert status(answer) == expected or (expected == 431 and not answer)
    assert CANARY.encode() not in answer


@pytest.mark.parametrize("case", ENDLESS)
def test_what_never_ends_is_broken_off(server: Server, case: str) -> None:
    begin, more = ENDLESS[case]
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        yield begin
        for part in repeat(more, 1000):
            sent += len(part)
            yield part

    exchanged(server.port, parts())
    assert sent < 60 << 20


def test_what_follows_a_body_is_no_header(server: Server) -> None:
    """A proxy has looked at the head only: what a trailer says of the client is not believed."""
    answer = exchanged(server.port, [TRAILER])
    assert b"200 OK" in answer
    assert b"application/sparql-results+json" in answer


def test_many_requests_at_once_are_answered_in_order(server: Server) -> None:
    one = "GET /sparql?query=SELECT%20({}%20AS%20%3Fx)%7B%7D HTTP/1.1\r\nHost: a\r\n"
    sent = "".join(f"{one.format(number)}\r\n" for number in range(1000, 1099))
    last = one.format(1099) + "Connection: close\r\n\r\n"
    answer = exchanged(server.port, [(sent + last).encode()])
    places = [answer.find(b'"value":"%d"' % number) for number in range(1000, 1100)]
    assert places == sorted(places)
    assert places[0] > 0


def test_slow_connections_keep_nobody_out(server: Server) -> None:
    """Heads and bodies that come byte by byte, and answers that nobody takes."""
    query = b"SELECT%20*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D"
    slow = {
        0: b"GET /health HTTP/1.1\r\nX: ",
        1: b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nq",
        2: b"",
        3: b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    }
    with contextlib.ExitStack() as opened:
        for number in range(CROWD):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(slow[number % 3 if number % 50 else 3])
        answers = [server.client.get("/health").status_code for _ in range(50)]
        assert answers == [200] * 50
        assert server.ask("ASK {}").status_code == 200


def test_health_is_told_while_a_crowd_asks_for_too_much(server: Server) -> None:
    queries = list(ENDLESS_QUERIES.values())
    asked = [f"{queries[number % len(queries)]} # {number}" for number in range(CROWD)]
    url = server.client.base_url
    with ThreadPoolExecutor(CROWD) as threads, httpx.Client(base_url=url, timeout=60) as watching:
        began = time.monotonic()
        crowd = [
            threads.submit(server.outcome, "POST", "/sparql", data={"query": query})
            for query in asked
        ]
        times = []
        for _ in range(100):
            before = time.monotonic()
            assert watching.get("/health").status_code == 200
            times.append(time.monotonic() - before)
            time.sleep(0.02)
        during = sum(not one.done() for one in crowd)
        found = {one.result() for one in crowd}
    times.sort()
    print(f"/health: median {times[50] * 1e3:.0f} ms, longest {times[-1] * 1e3:.0f} ms")
    print(f"{during} of {CROWD} queries were waiting; all over in {time.monotonic() - began:.0f} s")
    assert during > 0
    assert found <= STOPPED | {"busy", "too-many-requests"}


@cache
def described() -> tuple[str, ...]:
    """The paths of all routes: the application's own list, which a busy server may be too slow for."""
    return tuple(create_app(Settings()).openapi()["paths"])


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "LOCK"])
def test_no_route_fails_on_a_method(server: Server, method: str) -> None:
    """Every route with each method: an answer or a refusal, never a fault of ours."""
    for path in (*described(), "/", "/docs", "/openapi.json"):
        answer = server.client.request(method, path)
        assert answer.status_code < 500, (method, path, answer.text)
        if method == "HEAD":
            assert answer.content == b""
