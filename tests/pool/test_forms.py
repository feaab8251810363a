"""Forms whose key is in their body: what the front reads of them, and errors as pages of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph.access.keys import Keys
from govgraph.edge.readers import reads_pages
from govgraph.errors import GovgraphError
from govgraph.http.multipart import leading_fields
from govgraph.pool.body import PIECE, Body
from govgraph.pool.front import FIELDS, Front
from govgraph.pool.plain import told
from govgraph.settings import Settings

HEADER = "multipart/form-data; boundary=b"
FIELD = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
FILE = '--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'


def form(*fields: tuple[str, str], file: str = "") -> bytes:
    """The beginning of a form, whose file goes on."""
    return "".join(FIELD.format(*field) for field in fields).encode() + (FILE + file).encode()


def held(content: bytes) -> Body:
    body = Body()
    for begin in range(0, len(content), 100_000):
        body.add(content[begin : begin + 100_000])
    body.over()
    return body


def test_the_fields_before_the_file_are_read_of_a_beginning() -> None:
    content = form(("key", "abc"), ("table", "人员"), file="x" * 1000)
    assert leading_fields(content, HEADER) == {"key": "abc", "table": "人员"}
    assert leading_fields(content[:-200], HEADER) == {"key": "abc", "table": "人员"}


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (b"", HEADER),
        (b"--b", HEADER),
        (b"--b\r\nno head at all", HEADER),
        (form(("key", "abc")), "text/csv"),
        (form(("key", "abc")), "multipart/form-data"),
        (b"\xff" * 1000, HEADER),
        # a key that comes after a file is none
        (FILE.encode() + b"1\r\n" + form(("key", "abc")), HEADER),
    ],
)
def test_what_is_no_such_form_has_no_fields(content: bytes, header: str) -> None:
    assert leading_fields(content, header) == {}


def test_a_body_is_looked_at_and_cut() -> None:
    content = form(("key", "abc"), file="x" * (2 * PIECE))
    body = held(content)
    assert body.head() == content[:PIECE]
    whole = b""
    more = True
    while more:
        piece, more = body.piece()
        whole += piece
    assert whole == content
    body.close()
    cut = held(content).cut(FIELDS)
    assert cut.small == content[:FIELDS]


def test_a_form_needs_a_key_that_may_write(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    pen, eye = keys.add("pen", "write")[1], keys.add("eye", "read")[1]
    front = Front(Settings(home=tmp_path, allow_update=True))
    closed = Front(Settings(home=tmp_path))
    scope = {"headers": [(b"content-type", HEADER.encode()), (b"x-api-key", pen.encode())]}
    for key, may in ((pen, True), (f" {pen} ", True), (eye, False), ("", False), ("x", False)):
        body = held(form(("key", key), file="x"))
        # the key of a header has no say
        assert front._may_send(scope, body) is may
        assert not closed._may_send(scope, body)


@pytest.mark.parametrize(
    ("method", "path", "accept", "page"),
    [
        ("POST", "/data/upload", b"text/html,*/*;q=0.8", True),
        ("POST", "/data/upload", b"*/*", True),
        ("POST", "/data/upload", b"application/json", False),
        ("GET", "/data/upload", b"*/*", False),
        ("GET", "/data/diff", b"*/*", False),
        ("GET", "/sparql", b"text/html", False),
        ("GET", "/api/v1/queries/x", b"text/html", False),
    ],
)
def test_who_reads_pages(method: str, path: str, accept: bytes, page: bool) -> None:
    assert reads_pages(method, path, [(b"accept", accept)]) is page


def test_a_form_that_says_nothing_of_what_it_takes() -> None:
    assert reads_pages("POST", "/data/upload", [])
    assert not reads_pages("GET", "/data/diff", [])


def test_an_error_is_a_page_in_both_languages() -> None:
    scope = {
        "method": "POST", "path": "/data/upload", "raw_path": b"/data/upload", "query_string": b"",
        "headers": [(b"accept", b"text/html")],
    }  # fmt: skip
    status, headers, body = told(scope, GovgraphError("query-timeout", limit="<30>"))
    text, found = body.decode(), dict(headers)
    assert status == 503
    assert "查询超过 &lt;30&gt; 秒" in text
    assert "The query was stopped" in text
    assert found[b"content-type"].startswith(b"text/html")
    assert found[b"cache-control"] == b"no-store"
    assert int(found[b"content-length"]) == len(body)
    busy = dict(told(scope, GovgraphError("busy", seconds=3)).headers)
    assert busy[b"retry-after"] == b"3"
    asked = dict(told(scope, GovgraphError("key-missing")).headers)
    assert asked[b"content-type"] == b"application/problem+json"
