"""kill -9 of each process of a service at work: what is left works, and what is started again too."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.abuse.conftest import LIMITS
from tests.abuse.server import Server, children, until

from govgraph.access.keys import Keys

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


class Load:
    """Clients that ask and write all the time; what they were told is written is remembered."""

    def __init__(self, server: Server, secret: str) -> None:
        self.server, self.written = server, list[str]()
        self.headers = {"authorization": f"Bearer {secret}"}
        self.wrong: list[str] = []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=work) for work in (self._ask, self._ask, self._write)
        ]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        """Answers are whole, or are said not to be."""
        query = "SELECT ?s WHERE { ?s a foaf:Person } ORDER BY ?s"
        while not self._over.is_set():
            with contextlib.suppress(httpx.TransportError):
                answer = self.server.client.post("/sparql", data={"query": query})
                if answer.status_code == 200:
                    found = len(answer.json()["results"]["bindings"])
                    if found < 200:
                        self.wrong.append(f"{found} people")
                elif answer.status_code != 503:
                    self.wrong.append(answer.text)

    def _write(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            triple = f"<x:load> <x:p> {number}"
            update = {"update": f"INSERT DATA {{ {triple} }}"}
            with contextlib.suppress(httpx.TransportError):
                done = self.server.client.post("/update", data=update, headers=self.headers)
                if done.status_code == 200:
                    self.written.append(triple)


@contextmanager
def _running(folder: Path, home: Path) -> Iterator[Server]:
    settings = LIMITS | {"query_seconds": 20, "write_seconds": 60}
    server = Server(folder, "--home", str(home), "--allow-update", **settings)
    try:
        yield server
    finally:
        server.stop()


def _forkserver(server: Server) -> int:
    return next(pid for pid in children(server.process.pid) if children(pid))


VICTIMS: dict[str, Callable[[Server], list[int]]] = {
    "every worker": Server.workers,
    "the process that forks": lambda server: [_forkserver(server)],
}


def test_no_process_that_is_killed_takes_the_service_with_it(
    abused_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(abused_home, tmp_path / "home"))
    secret = Keys(home).add("load", "write")[1]
    with _running(tmp_path / "server", home) as server:
        with Load(server, secret) as load:
            assert until(lambda: bool(load.written))
            for victims in VICTIMS.values():
                seen = len(load.written)
                for pid in victims(server):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                assert until(lambda: server.ask("ASK {}").status_code == 200)
                assert until(lambda before=seen: len(load.written) > before, 120)  # type: ignore[misc]
        assert not load.wrong
        for triple in load.written:
            assert server.ask(f"ASK {{ {triple} }}").json()["boolean"], triple


def test_the_service_itself_is_killed_and_started_again(abused_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(abused_home, tmp_path / "home"))
    secret = Keys(home).add("load", "write")[1]
    with _running(tmp_path / "server", home) as server, Load(server, secret) as load:
        processes = [server.process.pid, *children(server.process.pid), *server.workers()]
        assert until(lambda: len(load.written) > 1, 120)
        server.process.kill()
        assert until(lambda: not any(map(_runs, processes)), 20)
    written = list(load.written)
    with _running(tmp_path / "server", home) as server:
        for triple in written:
            assert server.ask(f"ASK {{ {triple} }}").json()["boolean"], triple
        headers = {"authorization": f"Bearer {secret}"}
        update = {"update": "INSERT DATA { <x:after> <x:p> 1 }"}
        assert server.client.post("/update", data=update, headers=headers).status_code == 200
        assert not list(home.glob(".build-*"))


def _runs(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
