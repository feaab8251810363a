"""The short way: what goes it, what begins anew, and that nothing is lost or told twice on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests.pool.raw import asking, connected, request
from tests.pool.short import Served, answers, serving

from govgraph.access.keys import Keys
from govgraph.pool.written import top_of


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as running:
        yield running


def test_an_answer_has_the_edges_headers_and_its_line(served: Served) -> None:
    with connected(served.port) as client:
        client.sendall(asking("a", version="1.1"))
        ((status, head, body),) = answers(client)
        assert (status, body) == (200, b"a")
        for name in (b"date", b"x-request-id", b"content-security-policy", b"etag"):
            assert head.count(b"\r\n" + name + b":") == 1
        assert b"\r\naccess-control-allow-origin: *" in head
        client.sendall(request("GET /sparql?query=a HTTP/1.1", "X-Request-Id: mine"))
        assert b"x-request-id: mine" in answers(client)[0][1]
    served.when(lambda: len(served.lines()) == 2)
    first, again = served.lines()
    assert (first["lane"], first["outcome"], first["bytes"]) == ("readers", "ok", 1)
    assert (again["lane"], again["request_id"]) == ("cache", "mine")
    assert first["query"] == again["query"]
    assert served.asked() == ["a"]


@pytest.mark.parametrize("query", ["later", "wrong"])
def test_what_is_not_answered_at_once_begins_anew(served: Served, query: str) -> None:
    with connected(served.port) as client:
        for _ in range(2):
            client.sendall(asking(query))
            assert answers(client)[0][2] == b"the long way: query=" + query.encode()
    served.when(lambda: len(served.lines()) == 2)
    assert served.asked()[:2] == [query] * 2  # at once, then on the long way


def test_what_was_no_lookup_is_not_tried_again(served: Served) -> None:
    with connected(served.port) as client:
        for _ in range(3):
            client.sendall(asking("later"))
            answers(client)
    assert len(served.asked()) == 4  # each time on the long way, and once before it


def test_pipelined_requests_are_answered_in_order(served: Served) -> None:
    names = ["a", "later", "b", "a", "later", "c"]
    with connected(served.port) as client:
        client.sendall(b"".join(map(asking, names)))
        found = [body for _, _, body in answers(client, len(names))]
    assert found == [
        b"the long way: query=later" if name == "later" else name.encode() for name in names
    ]


def test_requests_with_more_to_them_go_the_long_way(served: Served) -> None:
    with connected(served.port) as client:
        client.sendall(request("GET /sparql?query=a HTTP/1.1", "Content-Length: 1", body="x"))
        assert answers(client)[0][2] == b"a"
        client.sendall(request("GET /sparql?query=b HTTP/1.1", "Connection: close"))
        assert answers(client)[0][2] == b"b"
        assert client.recv(10) == b""


def test_a_worker_that_dies_is_tried_anew_and_then_told(served: Served) -> None:
    with connected(served.port) as client:
        client.sendall(asking("die"))
        status, _, body = answers(client)[0]
        assert (status, json.loads(body)["code"]) == (503, "query-ended-worker")
        client.sendall(asking("a"))
        assert answers(client)[0][2] == b"a"
    assert served.asked().count("die") == 2
    assert not served.front.lookups


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    with serving(tmp_path, seconds=-1.5) as served, connected(served.port) as client:
        client.sendall(asking("long"))
        status, _, body = answers(client)[0]
        assert (status, json.loads(body)["code"]) == (503, "query-timeout")
        served.when(lambda: len(served.lines()) == 1)
        assert served.lines()[0]["seconds"] >= 0.5
        client.sendall(asking("a"))
        assert answers(client)[0][2] == b"a"


def test_a_client_that_hangs_up_ends_its_worker(served: Served) -> None:
    with connected(served.port) as client:
        client.sendall(asking("long"))
        served.when(lambda: (served.folder / "asked").exists())
    served.when(lambda: bool(served.lines()))
    assert served.lines()[0]["outcome"] == "gone"
    with connected(served.port) as client:
        client.sendall(asking("a"))
        assert answers(client)[0][2] == b"a"
    assert served.front.lanes.reads.pool.replaced == 1


def test_those_who_wait_take_turns_and_a_full_queue_says_so(served: Served) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(served.port)) for _ in range(4)]
        clients[0].sendall(asking("long"))
        served.when(lambda: (served.folder / "asked").exists())
        for number, client in enumerate(clients[1:3]):
            client.sendall(asking(f"w{number}"))
            served.when(lambda n=number: len(served.front.lanes.reads.pool.waiting) == n + 1)
        clients[3].sendall(asking("too many"))
        assert answers(clients[3])[0][0] == 503
        clients[1].close()
        served.when(lambda: len(served.front.lanes.reads.pool.waiting) == 1)
        (served.folder / "go").touch()
        assert answers(clients[0])[0][2] == b"long"
        assert answers(clients[2])[0][2] == b"w1"
    assert served.asked() == ["long", "w1"]
    (client,) = served.front.clients._known.values()
    assert client.running == 0


def test_the_end_of_the_service_waits_for_lookups_and_then_ends_them(tmp_path: Path) -> None:
    with serving(tmp_path, drain_seconds=1.2) as served, connected(served.port) as client:
        client.sendall(asking("long"))
        served.when(lambda: (served.folder / "asked").exists())
        ended = asyncio.run_coroutine_threadsafe(served.front.drain(), served.loop)
        status, _, body = answers(client)[0]
        assert (status, json.loads(body)["code"]) == (503, "ending")
        ended.result(30)


def test_one_client_may_ask_for_so_much(tmp_path: Path) -> None:
    with serving(tmp_path, client_requests=1) as served, ExitStack() as stack:
        one, other = (stack.enter_context(connected(served.port)) for _ in range(2))
        one.sendall(asking("long"))
        served.when(lambda: (served.folder / "asked").exists())
        other.sendall(asking("a"))
        assert answers(other)[0][0] == 429
        (served.folder / "go").touch()
        assert answers(one)[0][0] == 200
        other.sendall(asking("a"))
        assert answers(other)[0][0] == 200


def test_what_is_kept_says_its_length(served: Served) -> None:
    address = f"http://127.0.0.1:{served.port}/kept?query=a"
    first, again = httpx.get(address), httpx.get(address, headers={"Connection": "keep-alive"})
    assert "content-length" not in first.headers
    assert int(again.headers["content-length"]) == len(again.content)
    assert first.content == again.content


def test_what_is_kept_needs_the_key_too(tmp_path: Path) -> None:
    _, secret = Keys(tmp_path).add("reader", "read")
    with serving(tmp_path, read_key=True) as served:
        address = f"http://127.0.0.1:{served.port}/kept?query=a"
        allowed = {"Authorization": f"Bearer {secret}"}
        assert httpx.get(address, headers=allowed).status_code == 200
        served.when(lambda: bool(served.front.cache.size))
        assert httpx.get(address, headers=allowed).status_code == 200
        assert httpx.get(address).status_code == 401


def test_nothing_is_let_in_once_the_service_ends(served: Served) -> None:
    with connected(served.port) as client:
        for status, ending in ((200, False), (503, True)):
            served.front.ending = ending
            client.sendall(asking("a"))
            assert answers(client)[0][0] == status
    served.front.ending = False


def test_time_is_counted_and_a_proxy_believed(tmp_path: Path) -> None:
    with serving(tmp_path, trusted_proxies="127.0.0.1") as served:
        with connected(served.port) as client:
            for _ in range(2):
                client.sendall(request("GET /sparql?query=a HTTP/1.1", "X-Forwarded-Proto: https"))
                assert b"\r\nstrict-transport-security:" in answers(client)[0][1]
        assert served.front.clients._known["127.0.0.1"].used > 0


def test_a_header_stays_one() -> None:
    with pytest.raises(ValueError, match="control character"):
        top_of(((b"x-name", b"a\r\nx-other: b"),), https=False)
