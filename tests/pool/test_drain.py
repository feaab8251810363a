"""The end of the service: what is running comes to its end, or is ended; nothing is left."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.pool.raw import connected, request
from tests.pool.serving import QUICK, SLOW, Service, children, runs
from tests.pool.test_front import linux

PRODUCT = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(9))
ENDLESS = f"INSERT {{ <x:a> <x:p> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }} }}"


def ended(running: Service, processes: list[int], errors: Path) -> None:
    """The service ends as it should: with status 0, without a word, and with all its processes."""
    assert running.process.wait(60) == 0
    running.wait(lambda: not any(map(runs, processes)), 20)
    assert "Traceback" not in errors.read_text()


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_running_is_answered_and_nothing_new_let_in(
    home: Path, tmp_path: Path, number: int
) -> None:
    with (tmp_path / "errors").open("wb") as errors:
        running = Service(home, errors=errors, workers=1, drain_seconds=30)
    processes = [*children(running.process.pid), *running.workers()]
    body = httpx.QueryParams({"query": QUICK}).__str__()
    with connected(running.port) as begun:
        head = request(
            "POST /sparql HTTP/1.1",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        )
        begun.sendall(head + body[:9].encode())
        assert running.ask(QUICK).status_code == 200  # so the one before has been seen
        os.killpg(running.process.pid, number)  # as Ctrl-C and service managers do
        running.wait(lambda: running.client.get("/ready").status_code == 503)
        refused = running.ask(QUICK)
        assert (refused.status_code, refused.json()["code"]) == (503, "ending")
        assert refused.headers["retry-after"]
        assert running.client.get("/health").status_code == 200
        begun.sendall(body[9:].encode())
        assert b"200 OK" in begun.recv(1 << 16)
    running.client.close()
    ended(running, processes, tmp_path / "errors")


@linux
@pytest.mark.parametrize("times", [1, 2])
def test_what_does_not_end_is_ended(home: Path, tmp_path: Path, times: int) -> None:
    with (tmp_path / "errors").open("wb") as errors:
        running = Service(home, errors=errors, workers=1, drain_seconds=2 if times == 1 else 60)
    processes = [*children(running.process.pid), *running.workers()]
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(running.code, SLOW)
        running.wait(lambda: working(running.workers()[0]))
        running.process.send_signal(signal.SIGTERM)
        if times == 2:
            running.wait(lambda: httpx.get(f"{running.client.base_url}/ready").status_code == 503)
            running.process.send_signal(signal.SIGTERM)
        assert asked.result() == (503, "ending")
    running.client.close()
    ended(running, processes, tmp_path / "errors")


@linux
def test_a_change_that_does_not_end_is_undone_and_the_folder_goes(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary" / ("long" * 20)  # no room for the name of a socket
    temporary.mkdir(parents=True)
    with (tmp_path / "errors").open("wb") as errors:
        running = Service(None, errors=errors, workers=1, drain_seconds=2, TMPDIR=temporary)
    processes = [*children(running.process.pid), *running.workers()]
    assert any(temporary.glob("govgraph-*"))
    triples = " ".join(f"<x:s{n}> <x:p> {n} ." for n in range(300))
    assert update(running, f"INSERT DATA {{ {triples} }}").status_code == 204
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(update, running, ENDLESS)
        running.wait(lambda: any(map(working, running.workers())))
        running.process.send_signal(signal.SIGTERM)
        answer = asked.result()
        assert (answer.status_code, answer.json()["code"]) == (503, "write-ended")
    running.client.close()
    ended(running, processes, tmp_path / "errors")
    assert not any(temporary.glob("govgraph-*"))


def update(running: Service, text: str) -> httpx.Response:
    headers = {"content-type": "application/sparql-update"}
    return running.client.post("/update", content=text, headers=headers)


def working(pid: int) -> bool:
    """Whether a process is at something that takes long, not at its own beginnings."""
    return all(_runs(pid) for _ in range(10))


def _runs(pid: int) -> bool:
    time.sleep(0.02)
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "R"
    except FileNotFoundError:
        return False
