"""Pages of other sites read everything and write nothing, but for those that are configured."""

from __future__ import annotations

import pytest

from govgraph.edge.cors import cors_headers, origins, preflight
from govgraph.edge.writes import is_write

ALLOW = b"access-control-allow-origin"
WRITERS = origins("https://editor.example/, http://localhost:3000")


def allowed(
    method: str, path: str, origin: str | None, writers: frozenset[str] = WRITERS
) -> object:
    return dict(cors_headers(method, path, origin, writers)).get(ALLOW)


@pytest.mark.parametrize(
    ("method", "path", "writes"),
    [
        ("GET", "/sparql", False),
        ("POST", "/sparql", False),
        ("GET", "/graphs", False),
        ("HEAD", "/graphs", False),
        ("PUT", "/graphs", True),
        ("PATCH", "/graphs", True),
        ("DELETE", "/graphs", True),
        ("POST", "/update", True),
        ("POST", "/api/v1/datasets/x/tables/y", True),
        ("POST", "/api/v1/releases/x/rollback", True),
        ("GET", "/api/v1/releases", False),
        ("POST", "/api/v1/queries/x", False),
    ],
)
def test_what_writes(method: str, path: str, writes: bool) -> None:
    assert is_write(method, path) is writes
    assert allowed(method, path, "https://anyone.example") == (None if writes else b"*")
    assert allowed(method, path, None) == (None if writes else b"*")


def test_configured_origins_write() -> None:
    assert allowed("POST", "/update", "https://editor.example") == b"https://editor.example"
    assert allowed("POST", "/update", "http://localhost:3000") == b"http://localhost:3000"
    assert allowed("POST", "/update", "http://editor.example") is None
    assert allowed("POST", "/update", "https://editor.example.evil.example") is None
    assert allowed("POST", "/update", "null") is None
    assert allowed("POST", "/update", "https://any.example", origins("*")) == b"https://any.example"


def question(origin: str, method: str, path: str) -> dict[bytes, bytes] | None:
    headers = [(b"origin", origin.encode()), (b"access-control-request-method", method.encode())]
    found = preflight(path, headers, WRITERS)
    return None if found is None else dict(found)


def test_a_browser_that_asks_first_is_told() -> None:
    read = question("https://anyone.example", "POST", "/sparql")
    assert read is not None
    assert read[ALLOW] == b"*"
    assert b"Content-Type" in read[b"access-control-allow-headers"]
    assert question("https://anyone.example", "PUT", "/graphs") == {b"vary": b"Origin"}
    write = question("https://editor.example", "PUT", "/graphs")
    assert write is not None
    assert (write[ALLOW], write[b"vary"]) == (b"https://editor.example", b"Origin")


def test_other_questions_are_not_a_browsers() -> None:
    assert preflight("/sparql", [], WRITERS) is None
    assert preflight("/sparql", [(b"origin", b"https://x.example")], WRITERS) is None
