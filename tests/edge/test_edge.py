"""The edge around an application: ids, headers, lines, counts, whatever the application does."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from govgraph.access.keys import Keys
from govgraph.edge import logs
from govgraph.edge.edge import Edge
from govgraph.edge.logs import configure
from govgraph.observed import TOLD, Observed, note
from govgraph.settings import Settings

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def plain(_scope: dict[str, Any], receive: Any, send: Send) -> None:
    """An application as a worker's answer looks to the edge."""
    told = Observed("", route="/sparql", engine="columns").told()
    headers = [(b"content-type", b"text/html; x"), (b"govgraph-release", b"R1"), (TOLD, told)]
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"12345", "more_body": True})
    await send({"type": "http.response.body", "body": b"678", "more_body": False})


def request(
    method: str = "GET", path: str = "/sparql", query: str = "", body: bytes = b"",
    client: str = "127.0.0.1", **headers: str,
) -> tuple[dict[str, Any], bytes]:  # fmt: skip
    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "headers": pairs, "client": (client, 1), "scheme": "http",
    }, body  # fmt: skip


def answered(edge: Edge, asked: tuple[dict[str, Any], bytes]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": asked[1], "more_body": False}

    asyncio.run(edge(asked[0], receive, send))
    headers = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(m["body"] for m in sent[1:])


class Lines:
    """The lines of the log."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root, kept = logging.getLogger(), Lines()
    before = root.handlers[:], root.level, logs._requests
    configure("info", "json", kept.stream)
    yield kept
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logs._requests = before[2]


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    return Edge(plain, Settings(home=tmp_path))


def figures(edge: Edge) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values."""
    families = text_string_to_metric_families(edge.metrics.page().decode())
    return {(s.name, *s.labels.values()): s.value for f in families for s in f.samples}


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64])
def test_a_sane_id_is_kept(edge: Edge, given: str) -> None:
    assert answered(edge, request(x_request_id=given))[1]["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\nb", "é", 'a"', "a;b"])
def test_another_is_replaced(edge: Edge, given: str) -> None:
    found = answered(edge, request(x_request_id=given))[1]["x-request-id"]
    assert found != given
    assert len(found) == 32
    assert found != answered(edge, request(x_request_id=given))[1]["x-request-id"]


def test_the_application_sees_the_id_once(tmp_path: Path) -> None:
    seen: list[list[bytes]] = []

    async def app(scope: dict[str, Any], receive: Any, send: Send) -> None:
        seen.append([value for name, value in scope["headers"] if name == b"x-request-id"])
        await plain(scope, receive, send)

    scope, body = request(x_request_id="one")
    scope["headers"].append((b"x-request-id", b"two"))
    _, headers, _ = answered(Edge(app, Settings(home=tmp_path)), (scope, body))
    assert seen == [[headers["x-request-id"].encode()]]
    assert headers["x-request-id"] not in ("one", "two")


def test_what_a_worker_tells_stays_inside(edge: Edge, lines: Lines) -> None:
    _, headers, body = answered(edge, request())
    assert body == b"12345678"
    assert TOLD.decode() not in headers
    line = lines.all()[0]
    assert (line["engine"], line["bytes"], line["outcome"]) == ("columns", 8, "ok")
    assert (line["release"], line["client"], line["status"]) == ("R1", "127.0.0.1", 200)
    found = figures(edge)
    assert found["govgraph_requests_total", "GET", "/sparql", "200"] == 1
    assert found["govgraph_queries_total", "columns", "ok"] == 1
    assert found["govgraph_sent_bytes_total",] == 8


SECRET = "SELECT ?secret { ?s ?p 'hush' }"


@pytest.mark.parametrize(
    "asked",
    [
        request(query="query=SELECT+%3Fsecret+%7B+%3Fs+%3Fp+%27hush%27+%7D&key=hush"),
        request("POST", body=SECRET.encode(), content_type="application/sparql-query"),
        request("POST", body=b"a=1&query=SELECT+%3Fsecret+%7B+%3Fs+%3Fp+%27hush%27+%7D",
                content_type="application/x-www-form-urlencoded; charset=utf-8"),
    ],
)  # fmt: skip
def test_a_query_is_logged_as_its_digest(
    edge: Edge, lines: Lines, asked: tuple[dict[str, Any], bytes]
) -> None:
    asked[0]["headers"] += [(b"authorization", b"Bearer hush"), (b"x-api-key", b"hush")]
    answered(edge, asked)
    line = lines.all()[0]
    assert line["query"] == hashlib.sha256(SECRET.encode()).hexdigest()[:16]
    assert line["query_bytes"] == len(SECRET)
    assert "hush" not in str(line)
    assert "secret" not in str(line)


def test_a_path_that_is_not_plain_is_logged_as_it_was_sent(edge: Edge, lines: Lines) -> None:
    scope, body = request(path="/a\nb")
    scope["raw_path"] = b"/a%0Ab\xff"
    answered(edge, (scope, body))
    assert lines.all()[0]["path"] == "/a%0Ab\\xff"


def test_labels_are_of_closed_sets(tmp_path: Path) -> None:
    async def nothing(_scope: dict[str, Any], _receive: Any, send: Send) -> None:
        note(lane="made-up", engine="made-up", ended="made-up", code="made-up")
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    edge = Edge(nothing, Settings(home=tmp_path))
    before = len(figures(edge))
    for number in range(50):
        answered(edge, request(f"MADE{number}", f"/made/{number}"))
        answered(edge, request(path="/sparql"))
    found = figures(edge)
    assert found["govgraph_requests_total", "other", "other", "404"] == 50
    assert found["govgraph_queries_total", "none", "other"] == 50
    assert len(found) < before + 30
    assert not any("made" in part for sample in found for part in sample)


def test_an_application_that_fails_is_counted_and_let_fail(tmp_path: Path, lines: Lines) -> None:
    async def broken(_scope: dict[str, Any], _receive: Any, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("on the way")

    edge = Edge(broken, Settings(home=tmp_path))
    with pytest.raises(RuntimeError, match="on the way"):
        answered(edge, request())
    assert lines.all()[0]["outcome"] == "broken"


def test_a_client_that_left_is_no_answer(tmp_path: Path, lines: Lines) -> None:
    async def silent(_scope: dict[str, Any], _receive: Any, _send: Send) -> None:
        note(lane="readers", ended="gone")

    edge = Edge(silent, Settings(home=tmp_path))

    async def main() -> None:
        await edge(request()[0], None, None)  # type: ignore[arg-type]

    asyncio.run(main())
    line = lines.all()[0]
    assert (line["status"], line["outcome"]) == (499, "gone")
    found = figures(edge)
    assert found["govgraph_workers_ended_total", "gone"] == 1
    assert found["govgraph_queries_total", "none", "gone"] == 1


def policy(headers: dict[str, str]) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_a_page_runs_nothing_that_is_not_ours(edge: Edge) -> None:
    _, headers, _ = answered(edge, request())
    found = policy(headers)
    assert found["default-src"] == found["frame-ancestors"] == found["base-uri"] == "'none'"
    assert found["script-src"] == found["style-src"] == "'self'"
    assert "unsafe" not in str(found)
    assert "sandbox" not in found
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("media", ["application/rdf+xml", "image/svg+xml", "text/xml", "text/csv"])
def test_data_is_no_page(tmp_path: Path, media: str) -> None:
    async def data(_scope: dict[str, Any], _receive: Any, send: Send) -> None:
        headers = [(b"content-type", media.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<html><script>alert(1)</script>"})

    _, headers, _ = answered(Edge(data, Settings(home=tmp_path)), request())
    assert policy(headers).keys() >= {"sandbox", "default-src"}
    assert "script-src" not in policy(headers)
    assert headers["x-content-type-options"] == "nosniff"


def test_https_is_insisted_on_where_it_is_in_use(tmp_path: Path) -> None:
    edge = Edge(plain, Settings(home=tmp_path, trusted_proxies="10.0.0.0/8"))
    by = {
        client: answered(edge, request(client=client, x_forwarded_proto="https"))[1]
        for client in ("10.0.0.1", "192.0.2.1")
    }
    assert "max-age" in by["10.0.0.1"]["strict-transport-security"]
    assert "strict-transport-security" not in by["192.0.2.1"]


def test_a_browsers_question_is_answered_here(tmp_path: Path) -> None:
    async def never(_scope: dict[str, Any], _receive: Any, _send: Send) -> None:
        raise AssertionError

    edge = Edge(never, Settings(home=tmp_path, cors_origins="https://editor.example"))
    asked = {"access_control_request_method": "PUT", "origin": "https://editor.example"}
    status, headers, _ = answered(edge, request("OPTIONS", "/graphs", **asked))
    assert status == 204
    assert headers["access-control-allow-origin"] == "https://editor.example"
    asked["origin"] = "https://other.example"
    status, headers, _ = answered(edge, request("OPTIONS", "/graphs", **asked))
    assert "access-control-allow-origin" not in headers


def test_metrics_are_for_those_who_watch(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, metrics_networks="192.0.2.0/24")
    edge = Edge(plain, settings)
    secret = {scope: Keys(tmp_path).add(scope, scope)[1] for scope in ("read", "admin")}  # type: ignore[arg-type]
    far = "198.51.100.1"
    for asked, status in (
        (request(path="/metrics", client="192.0.2.9"), 200),
        (request(path="/metrics", client=far), 401),
        (request(path="/metrics", client=far, authorization="Bearer nonsense"), 401),
        (request(path="/metrics", client=far, authorization=f"Bearer {secret['read']}"), 403),
        (request(path="/metrics", client=far, authorization=f"Bearer {secret['admin']}"), 200),
        (request("POST", path="/metrics", client="192.0.2.9"), 405),
    ):
        found, headers, body = answered(edge, asked)
        assert found == status, asked
        assert (b"govgraph_requests_total" in body) is (status == 200)
        assert ("www-authenticate" in headers) is (status in (401, 403))
