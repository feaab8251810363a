"""The service as a process of its own, for the tests of this folder."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

import httpx

SLOW = """SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
  FILTER (CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = "x") }"""
QUICK = "SELECT ?s { ?s a foaf:Person } ORDER BY ?s LIMIT 1"


class Service:
    """A server process with a client of it."""

    def __init__(
        self,
        home: Path | None,
        *arguments: str,
        errors: IO[bytes] | None = None,
        **settings: object,
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = os.environ | {_variable(name): str(v) for name, v in settings.items()}
        command = [sys.executable, "-m", "govgraph.cli", "serve"]
        where = ["--home", str(home)] if home else ["--scratch"]
        self.process = subprocess.Popen(
            [*command, *where, "--port", str(self.port), *arguments],
            env=environment, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True,
        )  # fmt: skip
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        self.wait(lambda: self.client.get("/ready").status_code == 200)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self, until: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                if until():
                    return
            time.sleep(0.02)
        raise TimeoutError

    def ask(self, query: str, **more: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": query, **more})

    def code(self, query: str) -> tuple[int, str]:
        response = self.ask(query)
        return response.status_code, response.json().get("code", "")

    def workers(self) -> list[int]:
        """The processes of the pool: grandchildren of the server, through the one that forks."""
        return [pid for fork in children(self.process.pid) for pid in children(fork)]

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(30)


def _variable(name: str) -> str:
    return name if name.isupper() else f"GOVGRAPH_{name.upper()}"


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
