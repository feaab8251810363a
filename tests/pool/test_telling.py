"""What the service tells its operators of requests that processes of its own have answered."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.federation.conftest import free_port
from tests.service.conftest import write_dataset

from govgraph.build import build
from govgraph.settings import Settings

SLOW = """SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
  FILTER (CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = "x") }"""
SETTINGS = {"workers": 1, "query_seconds": 1, "client_seconds": 10_000, "log_format": "json"}


class Running:
    """A server process whose log is a file."""

    def __init__(self, folder: Path) -> None:
        data = write_dataset(folder / "tiny")
        assert build([data], Settings(home=folder / "home")).release
        port, self.log = free_port(), folder / "log"
        environment = os.environ | {f"GOVGRAPH_{k.upper()}": str(v) for k, v in SETTINGS.items()}
        command = [sys.executable, "-m", "govgraph.cli", "serve", "--home", str(folder / "home")]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(port)], env=environment, stderr=log, stdout=log
            )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def up(self) -> Running:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                if self.client.get("/ready").status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError

    def ask(self, query: str, **headers: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": query}, headers=headers)

    def lines(self, request_id: str) -> list[dict[str, Any]]:
        """What the log says of a request, once it says that it is over."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            text = self.log.read_text("utf-8")
            found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
            mine = [line for line in found if line.get("request_id") == request_id]
            if any(line["event"] == "request" for line in mine):
                return mine
            time.sleep(0.05)
        raise TimeoutError

    def figures(self) -> dict[tuple[str, ...], float]:
        families = text_string_to_metric_families(self.client.get("/metrics").text)
        return {(s.name, *s.labels.values()): s.value for f in families for s in f.samples}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = Running(tmp_path_factory.mktemp("telling"))
    try:
        yield started.up()
    finally:
        started.client.close()
        started.process.terminate()
        started.process.wait(30)


def test_an_answer_is_told_by_engine_lane_and_release(running: Running) -> None:
    query = "SELECT ?s { ?s a foaf:Person } ORDER BY ?s LIMIT 1"
    first = running.ask(query, **{"X-Request-Id": "first"})
    again = running.ask(query, **{"X-Request-Id": "again"})
    assert (first.content, again.headers["x-request-id"]) == (again.content, "again")
    assert "govgraph-observed" not in first.headers
    (line,), (kept,) = running.lines("first"), running.lines("again")
    assert (line["lane"], kept["lane"]) == ("readers", "cache")
    assert line["engine"] == kept["engine"] == "oxigraph"
    assert line["release"] == first.headers["govgraph-release"]
    assert line["query"] == hashlib.sha256(query.encode()).hexdigest()[:16]
    assert (line["status"], line["outcome"], line["bytes"]) == (200, "ok", len(first.content))


def test_a_refusal_has_a_code_and_no_traceback(running: Running) -> None:
    response = running.ask("SELECT nonsense", **{"X-Request-Id": "refused"})
    assert response.json()["request_id"] == "refused"
    (line,) = running.lines("refused")
    assert (line["status"], line["outcome"]) == (400, "query-syntax")
    assert "exception" not in line


def test_a_timeout_is_counted_with_the_worker_that_it_ended(running: Running) -> None:
    before = running.figures()
    response = running.ask(SLOW, **{"X-Request-Id": "slow"})
    assert (response.status_code, response.json()["request_id"]) == (503, "slow")
    (line,) = running.lines("slow")
    assert (line["outcome"], line["query_bytes"]) == ("query-timeout", len(SLOW))
    after = running.figures()
    timeouts = {
        key: value - before.get(key, 0)
        for key, value in after.items()
        if key[0] == "govgraph_queries_total" and "query-timeout" in key
    }
    assert sum(timeouts.values()) == 1
    assert after["govgraph_requests_total", "GET", "/sparql", "503"] == 1


def test_a_client_that_hangs_up_is_counted(running: Running) -> None:
    with pytest.raises(httpx.TimeoutException):
        running.client.get(
            "/sparql", params={"query": f"{SLOW} # left"}, timeout=0.3,
            headers={"X-Request-Id": "left"},
        )  # fmt: skip
    (line,) = (line for line in running.lines("left") if line["event"] == "request")
    assert (line["status"], line["outcome"], line["lane"]) == (499, "gone", "readers")
    assert running.up().figures()["govgraph_workers_ended_total", "gone"] == 1
    end = time.monotonic() + 30
    while running.figures()["govgraph_workers_gone_total", "readers"] != 1:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_figures_of_the_pool_the_cache_and_the_releases(running: Running) -> None:
    for _ in range(2):
        assert running.ask("ASK { ?s ?p ?o }").status_code == 200
    running.up()
    found = running.figures()
    release = running.client.get("/health").json()["release"]
    assert found["govgraph_release_info", release] == 1
    assert found["govgraph_releases",] == 1
    assert found["govgraph_workers", "readers", "idle"] <= 1
    assert (
        found["govgraph_queue_length", "readers"] == found["govgraph_queue_length", "writer"] == 0
    )
    assert found["govgraph_cache_bytes",] > 0
    assert found["govgraph_cache_hits_total",] >= 1
    assert found["process_resident_memory_bytes",] > 1e6
    routes = {key[2] for key in found if key[0] == "govgraph_requests_total"}
    assert routes <= {"/sparql", "/ready", "/health", "/metrics", "other"} | {
        key[2] for key in found if key[2:] and key[2].startswith("/api/")
    }


def test_what_is_kept_is_kept_in_its_coding(running: Running) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 200"
    sent = []
    for coding in ("gzip", "gzip", "identity", "identity"):
        request = running.client.build_request(
            "GET", "/sparql", params={"query": query}, headers={"Accept-Encoding": coding}
        )
        response = running.client.send(request, stream=True)
        sent.append((response.headers.get("content-encoding"), b"".join(response.iter_raw())))
        response.close()
    assert sent[0] == sent[1] != sent[2] == sent[3]
    assert sent[0][0] == "gzip"
    assert gzip.decompress(sent[0][1]) == sent[2][1]


def test_every_answer_has_the_headers_of_safety(running: Running) -> None:
    for path in ("/health", "/ready", "/metrics", "/docs", "/no/such/path", "/sparql?query=x"):
        headers = running.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["access-control-allow-origin"] == "*", path
        assert headers["x-request-id"], path


def test_an_answer_that_names_our_host_is_kept_for_that_host(running: Running) -> None:
    for host in ("a.example", "b.example", "a.example"):
        answer = running.client.get("/sparql", headers={"Host": host, "Accept": "text/turtle"})
        assert f"<http://{host}/sparql>" in answer.text
