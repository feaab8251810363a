"""What the front answers itself: as a worker would, for who may ask, of the release that is served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.pool.raw import asking, connected, request
from tests.pool.short import Served, answers, serving
from tests.pool.things import NEW, OLD, QUERY, knowing, write

from govgraph.engine.things.layout import FILE


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with knowing(tmp_path) as running:
        yield running


def test_no_worker_is_asked_and_nothing_is_kept(served: Served) -> None:
    with connected(served.port) as client:
        for _ in range(2):
            client.sendall(asking(QUERY, version="1.1"))
            ((status, head, body),) = answers(client)
            assert (status, b"http://x/old" in body) == (200, True)
            assert b"\r\ngovgraph-release: " + OLD.lower().encode() in head
            for name in (
                b"date",
                b"x-request-id",
                b"content-security-policy",
                b"etag",
                b"content-length",
            ):
                assert head.count(b"\r\n" + name + b":") == 1
    served.when(lambda: len(served.lines()) == 2)
    for line in served.lines():
        assert (line["lane"], line["engine"], line["outcome"]) == ("front", "things", "ok")
    assert not served.front.cache.size
    assert not (served.folder / "asked").exists()


def test_it_has_the_id_that_it_was_given_and_ends_with_the_service(served: Served) -> None:
    line = asking(QUERY).split(b"\r\n")[0].decode()
    with connected(served.port) as client:
        client.sendall(request(line, "X-Request-Id: mine"))
        assert b"x-request-id: mine\r\n" in answers(client)[0][1]
        served.front.ending = True
        client.sendall(request(line, "X-Request-Id: mine"))
        assert answers(client)[0][0] == 503
        served.front.ending = False
    served.when(lambda: len(served.lines()) == 2)
    assert [line["request_id"] for line in served.lines()] == ["mine", "mine"]


def test_an_ampersand_ends_the_query(served: Served) -> None:
    with connected(served.port) as client:
        client.sendall(request("GET /sparql?query=SELECT+?o+{<http://x/s&x>+?p+?o} HTTP/1.1"))
        assert answers(client)[0][2] == b"SELECT ?o {<http://x/s"  # a worker's


def test_a_new_release_is_seen_at_once(served: Served) -> None:
    write(served.folder, NEW, "http://x/new")
    with connected(served.port) as client:
        client.sendall(asking(QUERY))
        assert b"http://x/old" in answers(client)[0][2]
        (served.folder / "next").write_text(NEW)
        (served.folder / "next").rename(served.folder / "current")
        client.sendall(asking(QUERY))
        assert b"http://x/new" in answers(client)[0][2]


def test_a_release_without_the_file_is_the_workers(served: Served) -> None:
    write(served.folder, NEW, "http://x/new")
    (served.folder / "releases" / NEW / "columns" / FILE).unlink()
    with connected(served.port) as client:
        for name in (NEW, "20220101T000000Z-00000000", "none"):
            (served.folder / "current").write_text(name)
            client.sendall(asking(QUERY + " " * len(name)))
            answers(client)
    assert len(served.asked()) == 3


@pytest.mark.parametrize(
    "lines",
    [
        ["Accept: text/csv"],
        ["Accept: text/csv, application/sparql-results+json;q=0.5"],
        ["Accept: */*, application/sparql-results+json;q=0"],
        ["Accept: application/sparql-results+json", "Accept: text/csv"],
        ["Range: bytes=0-3"],
        ['If-None-Match: "x"'],
        ["Accept-Encoding: identity;q=0, *;q=0"],
    ],
)
def test_requests_with_more_to_them_are_the_workers(served: Served, lines: list[str]) -> None:
    target = "/sparql?query=SELECT+?o+%7B%3Chttp://x/s%3E+?p+?o%7D"
    with connected(served.port) as client:
        client.sendall(request(f"GET {target} HTTP/1.1", *lines))
        answers(client)
    assert len(served.asked()) == 1


@pytest.mark.parametrize(
    "accept", ["*/*", "application/sparql-results+json, text/csv", "Application/*"]
)
def test_json_is_given_to_those_who_take_it(served: Served, accept: str) -> None:
    target = "/sparql?query=SELECT+?o+%7B%3Chttp://x/s%3E+?p+?o%7D"
    with connected(served.port) as client:
        client.sendall(request(f"GET {target} HTTP/1.1", f"Accept: {accept}"))
        ((_, head, body),) = answers(client)
    assert b"content-type: application/sparql-results+json" in head
    assert b"http://x/old" in body


@pytest.mark.parametrize("more", ["&release=x", "&format=csv", "&query=x"])
def test_parameters_are_the_workers(served: Served, more: str) -> None:
    target = "/sparql?query=SELECT+?o+%7B%3Chttp://x/s%3E+?p+?o%7D" + more
    with connected(served.port) as client:
        client.sendall(request(f"GET {target} HTTP/1.1"))
        answers(client)
    assert len(served.asked()) == 1


def test_it_comes_off_a_clients_budget(tmp_path: Path) -> None:
    write(tmp_path, OLD, "http://x/old")
    with (
        serving(tmp_path, client_seconds=0.001, cache="0") as served,
        connected(served.port) as client,
    ):
        (tmp_path / "current").write_text(OLD)
        found = set()
        for _ in range(100):
            client.sendall(asking(QUERY))
            found.add(answers(client)[0][0])
        assert found == {200, 429}
        assert not any(client.running for client in served.front.clients._known.values())


@pytest.mark.parametrize("engine", ["columns", "remote"])
def test_an_engine_that_is_chosen_answers(tmp_path: Path, engine: str) -> None:
    write(tmp_path, OLD, "http://x/old")
    more = {"query_url": "http://127.0.0.1:9/"} if engine == "remote" else {}
    with serving(tmp_path, engine=engine, **more) as served, connected(served.port) as client:
        (tmp_path / "current").write_text(OLD)
        client.sendall(asking(QUERY))
        answers(client)
        assert served.asked() == [QUERY]


def test_a_release_that_cannot_be_read_for_a_moment_is_tried_again(served: Served) -> None:
    write(served.folder, NEW, "http://x/new")
    folder, away = served.folder / "releases" / NEW, served.folder / "away"
    with connected(served.port) as client:
        folder.rename(away)
        (served.folder / "current").write_text(NEW)
        client.sendall(asking(QUERY))
        assert answers(client)[0][2] == QUERY.encode()  # a worker's
        away.rename(folder)
        client.sendall(asking(QUERY))
        assert b"http://x/new" in answers(client)[0][2]
