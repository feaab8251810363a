"""Heads that come again on a connection: what follows is answered as by the parser, or passed to it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from httptools import HttpRequestParser, parse_url
from hypothesis import example, given
from hypothesis import strategies as st
from tests.pool.raw import asking, connected, request
from tests.pool.short import Served, answers, serving
from tests.pool.things import OLD, QUERY, knowing, write

from govgraph.pool.athand import AtHand
from govgraph.pool.connection import Connection
from govgraph.pool.heads import LONGEST, Head, Known, known

LINES = b"Host: a\r\nAccept: */*\r\n\r\n"
HEAD = Head({}, "127.0.0.1", "http", "", (), "", conditional=False)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with knowing(tmp_path) as running:
        yield running


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The requests that the parser is asked about."""
    seen: list[bytes] = []
    taken = Connection._is_taken

    def taking(self: Connection, way: object) -> bool:
        seen.append(self.url)
        return taken(self, way)  # type: ignore[arg-type]

    monkeypatch.setattr(Connection, "_is_taken", taking)
    return seen


def ask(client: socket.socket, sent: bytes) -> tuple[int, bytes, bytes]:
    client.sendall(sent)
    return answers(client)[0]


def test_only_the_first_goes_through_the_parser(served: Served, fed: list[bytes]) -> None:
    with connected(served.port) as client:
        for query in (QUERY, "a", "b", QUERY + " ", "a", "later", "c"):
            status, _, body = ask(client, asking(query))
            assert status == 200
            if query.startswith(QUERY):
                assert b"http://x/old" in body
            elif query == "later":
                assert body == b"the long way: query=later"
            else:
                assert body == query.encode()
    assert fed == [b"/sparql?query=" + quote(QUERY, safe="").replace("%20", "+").encode()]
    served.when(lambda: len(served.lines()) == 7)
    assert len({line["request_id"] for line in served.lines()}) == 7
    assert [line["lane"] for line in served.lines()].count("cache") == 1


def test_other_lines_are_read_anew(served: Served, fed: list[bytes]) -> None:
    with connected(served.port) as client:
        for name in ("one", "other", "other"):
            sent = request("GET /sparql?query=a HTTP/1.1", f"X-Request-Id: {name}")
            assert f"x-request-id: {name}".encode() in ask(client, sent)[1]
    assert len(fed) == 2


def test_what_is_not_plain_goes_through_the_parser(served: Served, fed: list[bytes]) -> None:
    targets = ["/sparql?query=a#b", "//sparql?query=a", "/sp%61rql?query=a", "/sparql?query=%C3%A9"]
    with connected(served.port) as client:
        ask(client, asking("a"))
        for target in targets:
            ask(client, request(f"GET {target} HTTP/1.1"))
    assert len(fed) == 3  # the first one, and those with a number sign and a percent sign


def test_other_methods_versions_and_ends_do(served: Served, fed: list[bytes]) -> None:
    with connected(served.port) as client:
        ask(client, asking("a"))
        client.sendall(asking("a").replace(b"GET", b"HEAD"))
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 ")
        assert ask(client, asking("b", version="1.0"))[2] == b"b"
        assert client.recv(10) == b""
    assert len(fed) == 1


def test_a_head_in_pieces_and_two_at_once(served: Served, fed: list[bytes]) -> None:
    sent = asking("a")
    with connected(served.port) as client:
        ask(client, sent)
        client.sendall(sent[:9])
        time.sleep(0.1)
        assert ask(client, sent[9:])[2] == b"a"
        client.sendall(asking("b") + asking("c"))
        assert [body for _, _, body in answers(client, 2)] == [b"b", b"c"]
        client.sendall(asking("d") + sent[:9])  # and the beginning of the next
        assert answers(client)[0][2] == b"d"
        assert ask(client, sent[9:])[2] == b"a"
        assert ask(client, asking("e"))[2] == b"e"
    assert len(fed) >= 4


def test_a_whole_head_is_none_if_another_has_begun(served: Served) -> None:
    sent = asking("a")
    with connected(served.port) as client:
        ask(client, sent)
        client.sendall(sent[:9])
        time.sleep(0.1)
        status, _, body = ask(client, sent)  # the rest of a URL with a space in it
        assert (status, json.loads(body)["code"]) == (400, "request-malformed")


def test_nor_if_one_has_begun_behind_another(served: Served) -> None:
    sent = asking("a")
    with connected(served.port) as client:
        ask(client, sent)
        assert ask(client, asking("b") + sent[:9])[2] == b"b"
        status, _, body = ask(client, sent)
        assert (status, json.loads(body)["code"]) == (400, "request-malformed")


def test_one_that_comes_while_another_is_worked_at_waits(served: Served) -> None:
    with connected(served.port) as client:
        ask(client, asking(QUERY))
        client.sendall(asking("long"))
        served.when(lambda: (served.folder / "asked").exists())
        client.sendall(asking(QUERY))
        time.sleep(0.1)
        (served.folder / "go").touch()
        assert answers(client, 2)[0][2] == b"long"


def test_three_at_once_of_which_the_first_is_at_hand(served: Served) -> None:
    with connected(served.port) as client:
        for _ in range(2):
            client.sendall(asking(QUERY) + asking("a") + asking(QUERY) + asking("later"))
            found = [body for _, _, body in answers(client, 4)]
            assert b"http://x/old" in found[0]
            assert found[1::2] == [b"a", b"the long way: query=later"]
            assert ask(client, asking("b"))[2] == b"b"


def test_line_ends_between_requests_do_not_count(tmp_path: Path) -> None:
    with serving(tmp_path, arrival_seconds=0.5) as served, connected(served.port) as client:
        ask(client, asking("a"))
        client.sendall(b"\r\n")
        for _ in range(6):
            time.sleep(0.15)
            assert ask(client, asking("a"))[2] == b"a"
        client.sendall(b"\r\n" * 100_000)
        for _ in range(11):
            ask(client, asking("a"))
            client.sendall(b"\r\n" * 50_000)
        assert ask(client, asking("a"))[2] == b"a"


def test_what_began_in_another_request_is_not_known(served: Served) -> None:
    twice = asking("a") * 2
    with connected(served.port) as client:
        for _ in range(3):
            client.sendall(twice)
            assert len(answers(client, 2)) == 2
        client.sendall(asking("a").split(b"\r\n")[0] + b"\r\nX: ")
        time.sleep(0.1)
        client.sendall(twice)  # the end of that one's header, and then one more
        assert len(answers(client, 2)) == 2
        client.sendall(twice)
        assert len(answers(client, 2)) == 2


def test_one_that_may_not_ask_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, OLD, "http://x/old")
    asked: list[str] = []
    answer = AtHand.answer

    def counting(self: AtHand, thing: str, *rest: Any) -> Any:
        asked.append(thing)
        return answer(self, thing, *rest)

    monkeypatch.setattr(AtHand, "answer", counting)
    with serving(tmp_path) as served, connected(served.port) as client:
        (tmp_path / "current").write_text(OLD)
        assert ask(client, asking(QUERY))[0] == 200
        (one,) = served.front.clients._known.values()
        assert one.running == 0
        one.used = served.front.clients.seconds + 5
        for _ in range(2):
            assert ask(client, asking(QUERY))[0] == 429
        assert len(asked) == 1


def test_a_head_that_is_not_all_there_has_its_time(tmp_path: Path) -> None:
    with serving(tmp_path, arrival_seconds=0.3) as served, connected(served.port) as client:
        for query in "ab":
            assert ask(client, asking(query))[2] == query.encode()
        status, _, body = ask(client, asking("c")[:-2])
        assert (status, json.loads(body)["code"]) == (408, "request-timeout")


def test_a_connection_that_is_idle_is_closed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers at once do not set its clock, so that it may go off before its time."""
    with connected(served.port) as client:
        served.when(lambda: len(served.connections()) == 1)
        monkeypatch.setattr(served.connections()[0], "timeout_keep_alive", 0.4)
        for query in (QUERY, "a", QUERY, QUERY, QUERY, QUERY):
            ask(client, asking(query))
            time.sleep(0.15)
        began = time.monotonic()
        ask(client, asking(QUERY))
        assert client.recv(10) == b""
        assert time.monotonic() - began > 0.3


def test_one_that_waits_for_an_answer_is_not_idle(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(served.port) as client:
        served.when(lambda: len(served.connections()) == 1)
        monkeypatch.setattr(served.connections()[0], "timeout_keep_alive", 0.3)
        ask(client, asking(QUERY))
        client.sendall(asking("long"))
        time.sleep(0.7)
        (served.folder / "go").touch()
        assert answers(client)[0][2] == b"long"
        assert client.recv(10) == b""


@given(
    st.binary(max_size=40) | st.text("GET /sparql?=&%#+\r\n HTP1.abé", max_size=60).map(str.encode)
)
@example(b"/sparql?query=a%20b")
@example(b"/a//b")
@example(b"//a/b")
@example(b"/")
@example(b"/?")
@example(b"*")
def test_a_target_is_what_the_parser_finds(target: bytes) -> None:
    class Heard:
        url = b""

        def on_url(self, url: bytes) -> None:
            self.url += url

    sent = b"GET " + target + b" HTTP/1.1\r\n" + LINES
    found = Known(LINES, HEAD).target(sent)
    if found is not None:
        heard = Heard()
        HttpRequestParser(heard).feed_data(sent)
        url = parse_url(heard.url)
        assert (url.path, url.query or b"") == found
        assert b"%" not in url.path


def test_what_is_known_is_all_that_was_sent() -> None:
    sent = b"GET /a HTTP/1.1\r\n" + LINES
    assert known(sent, b"/a", HEAD) == Known(LINES, HEAD)
    assert known(sent, b"/b", HEAD) is None
    assert known(b"x" + sent, b"/a", HEAD) is None
    assert known(sent + b"x" * LONGEST, b"/a", HEAD) is None
    assert known(sent * 2, b"/a", HEAD) is None
    assert known(sent + b"GET", b"/a", HEAD) is None
