"""Answers that a limit cuts: a client of either HTTP can tell them from whole ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.pool.raw import asking, connected, until_closed
from tests.pool.serving import QUICK, Service

#: Rows without end; rows now and then.
ENDLESS = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SPARSE = f"{ENDLESS[:-1]} FILTER (STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) > 60) }}"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"


@pytest.mark.parametrize("engine", ["oxigraph", "columns"])
def test_a_stream_that_is_cut_has_no_end(home: Path, tmp_path: Path, engine: str) -> None:
    with (
        (tmp_path / "errors").open("wb") as errors,
        Service(home, errors=errors, workers=1, query_seconds=3, engine=engine) as running,
        connected(running.port) as connection,
    ):
        connection.sendall(asking(ENDLESS, format="csv"))
        status, headers, rest = until_closed(connection)
        assert status == 200
        assert headers["transfer-encoding"] == "chunked"
        assert "content-length" not in headers
        assert len(rest) > 10_000
        assert not rest.endswith(b"0\r\n\r\n")
        assert running.ask(QUICK).status_code == 200
    assert "Traceback" not in (tmp_path / "errors").read_text()


def test_what_is_cut_under_http_1_0_is_no_answer(home: Path) -> None:
    with (
        Service(home, workers=1, query_seconds=1, upload_limit="2GB", engine="oxigraph") as running,
        connected(running.port) as connection,
    ):
        connection.sendall(asking(SPARSE, "1.0", format="csv"))
        status, headers, rest = until_closed(connection)
        assert (status, json.loads(rest)["code"]) == (503, "query-timeout")
        assert int(headers["content-length"]) == len(rest)


def test_a_long_answer_under_http_1_0_has_its_length(home: Path) -> None:
    with Service(home, workers=1) as running, connected(running.port) as connection:
        connection.sendall(asking(LONG, "1.0", format="csv"))
        status, headers, rest = until_closed(connection)
        assert status == 200
        assert "transfer-encoding" not in headers
        assert int(headers["content-length"]) == len(rest)
        assert rest.count(b"\n") == 200_001


def test_an_answer_that_is_too_long_to_be_gathered_asks_for_http_1_1(home: Path) -> None:
    with (
        Service(home, workers=1, upload_limit="1MB") as running,
        connected(running.port) as connection,
    ):
        connection.sendall(asking(LONG, "1.0", format="csv"))
        status, _, rest = until_closed(connection)
        assert (status, json.loads(rest)["code"]) == (505, "answer-too-long")
        assert running.ask(QUICK).status_code == 200
