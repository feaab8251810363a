"""Answers on the wire: whole when small, in chunks when large, broken off when they fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.service.conftest import serve
from tests.service.test_sparql import problem

from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.running import Run
from govgraph.errors import GovgraphError
from govgraph.settings import Settings

LOOKUP = "SELECT ?p { ?p a foaf:Person } LIMIT 1"
MANY = "SELECT * { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 150000 } }"
#: More than can be sent while a test runs.
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
#: Nothing can be sent before all of it has been counted.
SILENT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) < STR(?g)) }"


def get(query: str, **more: str) -> dict[str, str]:
    return {"query": query, "format": "tsv"} | more


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """The runs of the columns that begin from now on."""
    begun: list[Run] = []
    original = Run.__init__

    def noting(self: Run, *arguments: object) -> None:
        original(self, *arguments)  # type: ignore[arg-type]
        begun.append(self)

    monkeypatch.setattr(Run, "__init__", noting)
    return begun


def until(condition: Callable[[], bool]) -> None:
    """Wait for what is to happen soon, and fail if it does not happen at all."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_small_answer_has_a_length(web: httpx.Client) -> None:
    response = web.get("/sparql", params=get(LOOKUP))
    assert int(response.headers["content-length"]) == len(response.content)
    assert "transfer-encoding" not in response.headers


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "xml"])
def test_a_large_answer_comes_in_chunks(web: httpx.Client, form: str) -> None:
    response = web.get("/sparql", params=get(MANY, format=form))
    assert response.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in response.headers
    assert {"etag", "govgraph-release", "vary"} <= set(response.headers)
    rows = {
        "tsv": lambda: response.text.count("\n") - 1,
        "csv": lambda: response.text.count("\r\n") - 1,
        "json": lambda: len(response.json()["results"]["bindings"]),
        "xml": lambda: response.text.count("<result>"),
    }[form]()
    assert rows >= 150_000


def test_what_the_client_has_is_not_streamed_again(web: httpx.Client, runs: list[Run]) -> None:
    tag = web.get("/sparql", params=get(MANY)).headers["etag"]
    runs.clear()
    again = web.get("/sparql", params=get(MANY), headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    until(lambda: runs[0]._closed)
    assert web.head("/sparql", params=get(MANY)).headers["etag"] == tag
    assert web.get("/sparql", params=get(LOOKUP)).status_code == 200


def test_a_reader_who_leaves_stops_the_query(web: httpx.Client, runs: list[Run]) -> None:
    with web.stream("GET", "/sparql", params=get(ENDLESS)) as response:
        assert response.status_code == 200
        next(response.iter_bytes())
        assert not runs[0]._closed
    until(lambda: runs[0]._closed)
    assert web.get("/sparql", params=get(LOOKUP)).status_code == 200


def test_a_client_who_hangs_up_stops_the_query(web: httpx.Client, runs: list[Run]) -> None:
    """Before there is anything to send."""
    with pytest.raises(httpx.ReadTimeout):
        web.get("/sparql", params=get(SILENT), timeout=0.5)
    until(lambda: bool(runs) and runs[0]._closed)
    assert web.get("/sparql", params=get(LOOKUP)).status_code == 200


def failing_after(good: int, error: Exception) -> Callable[..., Iterator[object]]:
    original = ColumnarEngine._decoded

    def decoded(self: ColumnarEngine, *arguments: object) -> Iterator[object]:
        batches = original(self, *arguments)  # type: ignore[arg-type]
        for _ in range(good):
            yield next(batches)
        raise error

    return decoded


@pytest.mark.parametrize("error", [RuntimeError("x"), GovgraphError("query-memory", limit="1GB")])
def test_a_failing_answer_never_looks_whole(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(ColumnarEngine, "_decoded", failing_after(1, error))
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        web.get("/sparql", params=get(MANY))
    monkeypatch.undo()
    assert web.get("/sparql", params=get(LOOKUP)).status_code == 200


def test_an_error_before_the_first_bytes_is_a_problem(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = GovgraphError("query-spill", limit="1GB")
    monkeypatch.setattr(ColumnarEngine, "_decoded", failing_after(0, error))
    assert "1GB" in problem(web.get("/sparql", params=get(MANY)), 503, "query-spill")["detail"]


def test_a_run_that_gives_up_is_answered_by_oxigraph(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ColumnarEngine, "_decoded", failing_after(0, NotCompiled("in the run")))
    assert web.get("/sparql", params=get(MANY)).text.count("\n") == 150_001


def test_time_is_up_over_http(home: Path) -> None:
    for web in serve(Settings(home=home, query_seconds=0.3)):
        document = problem(web.get("/sparql", params=get(SILENT)), 503, "query-timeout")
        assert "0.3" in document["detail"]
