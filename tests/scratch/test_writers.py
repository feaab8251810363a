"""Many clients of the scratch endpoint at once: no write is lost, none is seen by half."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from asking import TURTLE, UPDATE, G, ask, command_server, count, put, update


def test_writers_at_once_lose_nothing(web: httpx.Client, server: str) -> None:
    def write(number: int) -> int:
        with httpx.Client(base_url=server, timeout=60) as own:
            text = f"INSERT DATA {{ <x:s{number}> <x:p> {number} }}"
            if number % 2:
                return update(own, text).status_code
            headers = {"content-type": TURTLE}
            content = f"<x:s{number}> <x:p> {number} ."
            return own.post("/graphs?default", content=content, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(100))) == {204}
    assert count(web) == 100


def test_a_counter_that_many_raise_counts_all(web: httpx.Client, server: str) -> None:
    put(web, None, "<x:c> <x:n> 0 .")
    text = "DELETE { ?c ?p ?n } INSERT { ?c ?p ?m } WHERE { ?c ?p ?n BIND(?n + 1 AS ?m) }"

    def patch(number: int) -> int:
        with httpx.Client(base_url=server, timeout=60) as own:
            if number % 2:
                return update(own, text).status_code
            headers = {"content-type": UPDATE}
            return own.patch("/graphs?default", content=text, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(patch, range(40))) == {204}
    assert ask(web, "<x:c> <x:n> 40")


def test_a_reader_sees_a_graph_before_or_after_a_put(web: httpx.Client, server: str) -> None:
    sizes = 50, 80
    texts = [" ".join(f"<x:s> <x:p> {n} ." for n in range(size)) for size in sizes]
    put(web, G, texts[0])
    over = threading.Event()

    def write() -> None:
        with httpx.Client(base_url=server, timeout=60) as own:
            for number in range(60):
                put(own, G, texts[number % 2])
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not over.is_set():
        seen.add(count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}"))
        document = web.get("/graphs", params={"graph": G, "format": "nt"}).text
        seen.add(document.count("\n"))
    writer.join()
    assert seen <= set(sizes)


PRODUCT = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))
ENDLESS = f"{{ {PRODUCT} FILTER(?o1 + ?o2 = ?o3 * ?o4 - 1) }}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[str]:
    """The endpoint as the command serves it: two processes that read, one that writes."""
    settings = {"GOVGRAPH_QUERY_SECONDS": "2", "GOVGRAPH_WORKERS": "2", "TMPDIR": str(folder)}
    with command_server(**settings) as url:
        yield url


@pytest.fixture
def own(pool: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pool, timeout=60) as client:
        assert update(client, "DROP ALL").status_code == 204
        yield client


def test_what_does_not_end_is_killed_and_nothing_is_lost(own: httpx.Client) -> None:
    put(own, None, " ".join(f"<x:s{n}> <x:p> {n} ." for n in range(300)))
    answer = own.get("/sparql", params={"query": f"SELECT (SUM(?o0) AS ?n) {ENDLESS}"})
    assert (answer.status_code, answer.json()["code"]) == (503, "query-timeout")
    assert count(own) == 300
    answer = update(own, f"INSERT {{ <x:a> <x:b> ?o0 }} WHERE {ENDLESS}")
    assert (answer.status_code, answer.json()["code"]) == (503, "write-timeout")
    assert count(own) == 300
    assert update(own, "CLEAR ALL").status_code == 204
    assert count(own) == 0


def test_a_read_after_a_write_sees_it_whichever_worker_reads(own: httpx.Client) -> None:
    for number in range(40):
        assert update(own, f"INSERT DATA {{ <x:s> <x:p> {number} }}").status_code == 204
        assert count(own) == number + 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_kill_9_of_the_writer_loses_nothing_acknowledged(
    own: httpx.Client, pool: str, folder: Path
) -> None:
    over, acknowledged = threading.Event(), set[int]()

    def write() -> None:
        with httpx.Client(base_url=pool, timeout=60) as other:
            for number in range(10_000):
                answer = update(other, f"INSERT DATA {{ <x:s{number}> <x:p> {number} }}")
                if answer.status_code == 204:
                    acknowledged.add(number)
                if over.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    for kills in range(1, 6):
        while len(acknowledged) < kills * 20:
            time.sleep(0.01)
        os.kill(writer_of(folder), signal.SIGKILL)
    over.set()
    writer.join()
    query = "SELECT ?n { ?s <x:p> ?n }"
    rows = own.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert {int(row["n"]["value"]) for row in rows} >= acknowledged
    assert len(acknowledged) >= 100


def writer_of(folder: Path) -> int:
    """The process that has the lock of the store in a folder."""
    while True:
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):
                if str(link.readlink()).startswith(f"{folder}/") and link.readlink().name == "LOCK":
                    return int(link.parts[2])
        time.sleep(0.01)
