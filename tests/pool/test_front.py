"""The service as a process: what ends workers, hangs up, waits or floods, and the next request."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.pool.serving import QUICK, SLOW, Service, children, runs

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    running = Service(home, workers=2, query_seconds=1, queue_seconds=5, client_seconds=10_000)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def the_next_request_is_answered(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "service" in request.fixturenames:
        running: Service = request.getfixturevalue("service")
        assert running.ask(QUICK).status_code == 200
        assert running.client.get("/health").json()["status"] == "ok"


def test_an_answer_is_the_applications_own(service: Service) -> None:
    response = service.ask(QUICK)
    assert response.status_code == 200
    assert response.headers["govgraph-release"]
    assert len(response.json()["results"]["bindings"]) == 1
    assert service.client.get("/no-such-path").status_code == 404
    assert service.client.get("/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("engine", ["oxigraph", "columns"])
def test_work_without_end_is_stopped_in_time(home: Path, engine: str) -> None:
    running = Service(home, workers=1, query_seconds=1, engine=engine)
    try:
        began = time.monotonic()
        assert running.code(SLOW) == (503, "query-timeout")
        assert time.monotonic() - began < 10
        assert running.ask(QUICK).status_code == 200
    finally:
        running.stop()


@linux
def test_a_worker_that_is_killed_is_replaced(service: Service) -> None:
    before = service.workers()
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    service.wait(lambda: len(set(service.workers()) - set(before)) == 2, 20)
    assert service.ask(QUICK + " #").status_code == 200


@linux
def test_a_client_that_hangs_up_frees_its_worker(service: Service) -> None:
    before = set(service.workers())
    with pytest.raises(httpx.TimeoutException):
        service.client.get("/sparql", params={"query": SLOW}, timeout=0.3)
    service.wait(lambda: bool(set(service.workers()) - before), 20)


@linux
def test_a_worker_that_dies_at_work_says_so(home: Path) -> None:
    running = Service(home, workers=1, query_seconds=30, engine="oxigraph")
    try:
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(running.code, SLOW)
            time.sleep(1)
            os.kill(running.workers()[0], signal.SIGKILL)
            assert asked.result() == (503, "query-ended-worker")
        assert running.ask(QUICK).status_code == 200
    finally:
        running.stop()


@linux
def test_memory_has_an_end(home: Path) -> None:
    doubling = "".join(f" BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(34))
    bomb = f'SELECT (STRLEN(?x34) AS ?n) {{ BIND ("x" AS ?x0){doubling} }}'
    running = Service(home, workers=1, worker_memory="1GB", engine="oxigraph")
    try:
        status, code = running.code(bomb)
        assert status in (500, 503), code
        assert running.ask(QUICK).status_code == 200
    finally:
        running.stop()


def test_a_full_queue_and_a_greedy_client_are_told_to_wait(home: Path) -> None:
    running = Service(home, workers=1, query_seconds=3, queue_length=2, client_requests=100,
                      queue_seconds=1, client_seconds=10_000, engine="oxigraph")  # fmt: skip
    try:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda n: running.ask(f"{SLOW} #{n}"), range(8)))
        codes = [response.json()["code"] for response in answers]
        assert set(codes) == {"query-timeout", "busy"}
        busy = [response for response in answers if response.json()["code"] == "busy"]
        assert all(response.headers["retry-after"] for response in busy)
        running.wait(lambda: running.ask(QUICK).status_code == 200, 20)
    finally:
        running.stop()
    running = Service(home, workers=1, query_seconds=2, client_requests=2, engine="oxigraph")
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda n: running.ask(f"{SLOW} #{n}"), range(4)))
        told = [(r.status_code, r.json()["code"]) for r in answers]
        assert (429, "too-many-requests") in told
    finally:
        running.stop()


def test_health_is_answered_while_everything_works(service: Service) -> None:
    with ThreadPoolExecutor(30) as threads:
        heavy = [threads.submit(service.ask, f"{SLOW} #{n}") for n in range(24)]
        time.sleep(0.2)
        healthy = [service.client.get("/health").status_code for _ in range(20)]
        assert healthy == [200] * 20
        assert {future.result().status_code for future in heavy} <= {503, 429}


def test_the_same_question_is_answered_from_memory(service: Service) -> None:
    first = service.ask(QUICK + " # kept")
    second = service.ask(QUICK + " # kept")
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    fresh = [service.ask("SELECT (STRUUID() AS ?x) {}").content for _ in range(2)]
    assert fresh[0] != fresh[1]


def test_a_long_answer_streams(home: Path) -> None:
    running = Service(home, workers=1)
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
    try:
        with running.client.stream(
            "GET", "/sparql", params={"query": query, "format": "csv"}
        ) as answer:
            lines = sum(chunk.count(b"\n") for chunk in answer.iter_bytes())
        assert lines == 200_001
    finally:
        running.stop()


def test_a_body_that_is_too_large_is_refused(service: Service) -> None:
    response = service.client.post("/sparql", content=b"x" * (17 << 20))
    assert (response.status_code, response.json()["code"]) == (413, "body-too-large")


@linux
def test_workers_end_with_the_service_however_it_ends(home: Path) -> None:
    for end in (signal.SIGTERM, signal.SIGKILL):
        running = Service(home, workers=2)
        processes = [*children(running.process.pid), *running.workers()]
        running.process.send_signal(end)
        running.process.wait(30)
        running.wait(lambda p=processes: not any(map(runs, p)), 20)  # type: ignore[misc]
        running.client.close()
