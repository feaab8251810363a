"""A server process to abuse: how to ask it, and what it holds of the machine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from govgraph.errors import CATALOGUE

#: What no answer may have in it: the content of a file beside the server's.
CANARY = "canary-5d1c0f7e"
#: Outcomes that are no code: an answer, and one that a client can tell is cut.
OK, BROKEN = "ok", "broken"
#: Bytes that the processes may take together beyond what they took when the server was new.
MEMORY = 400 << 20
#: Open files that they may have beyond that: those of stores are opened as they are needed.
FILES = 64
#: Bytes of temporary files that they may have beyond that (the scratch dataset is in some), and
#: temporary folders: that of a process which is on its way out.
TEMPORARY, FOLDERS = 64 << 20, 1
_TEXTS_OF_OURS = ("Traceback", "/site-packages/", "pyoxigraph", "duckdb.", "/tmp/")


@dataclass(frozen=True)
class Footprint:
    """What a server's processes hold."""

    processes: int
    memory: int
    files: int
    temporary: int
    folders: int
    tracebacks: int

    def is_back(self, before: Footprint) -> bool:
        return (
            self.processes == before.processes
            and self.memory <= before.memory + MEMORY
            and self.files <= before.files + FILES
            and self.temporary <= before.temporary + TEMPORARY
            and self.folders <= before.folders + FOLDERS
        )


class Server:
    """`govgraph serve` with options, in a folder of its own for its log and temporary files."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        prepare: Callable[[], None] | None = None,
        **settings: object,
    ) -> None:
        self.folder, self.temporary, self.port = folder, folder / "tmp", free_port()
        self.temporary.mkdir(parents=True, exist_ok=True)
        given = {f"GOVGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "govgraph.cli", "serve", *options]
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)], stdout=log, stderr=log, preexec_fn=prepare,
                env=os.environ | {"TMPDIR": str(self.temporary)} | given, start_new_session=True,
            )  # fmt: skip
        many = httpx.Limits(max_connections=None)
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", timeout=60, limits=many
        )
        until(lambda: self.client.get("/health").status_code == 200)
        self.new: Footprint | None = None

    def settle(self) -> None:
        """Take what the server holds once all its processes run for what it may hold later."""
        until(lambda: self.ask("ASK {}").status_code == 200)
        self.send("POST", "/update", data={"update": "CLEAR ALL"})
        time.sleep(0.5)
        self.new = self.footprint()

    def ask(self, query: str, **more: str) -> httpx.Response:
        """The answer to a query, sent as a form."""
        return self.send("POST", "/sparql", data={"query": query, **more})

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The answer to any request; it has nothing in it of a file or of our insides."""
        answer = self.client.request(method, path, **request)
        for text in (CANARY, *_TEXTS_OF_OURS):
            assert text not in answer.text, f"{text} in {answer.text[:2000]}"
        return answer

    def outcome(self, method: str, path: str, **request: Any) -> str:
        """What came of a request: OK, BROKEN, or the code of a problem with its own status."""
        try:
            answer = self.send(method, path, **request)
        except httpx.RemoteProtocolError:
            return BROKEN
        return verdict(answer)

    def footprint(self) -> Footprint:
        pids = tree(self.process.pid)
        return Footprint(
            len(pids),
            sum(map(resident, pids)),
            sum(map(open_files, pids)),
            sum(map(_size, self.temporary.rglob("*"))),
            len(list(self.temporary.iterdir())),
            self.log().count("Traceback"),
        )

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def workers(self) -> list[int]:
        """The processes of the pool: grandchildren of the server, through the one that forks."""
        return [pid for fork in children(self.process.pid) for pid in children(fork)]

    def stop(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(15)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def verdict(answer: httpx.Response) -> str:
    """OK, or the code of a problem document, which is as the catalogue has it."""
    if answer.status_code < 400:
        return OK
    problem: Mapping[str, Any] = answer.json()
    code = str(problem["code"])
    assert answer.status_code == problem["status"] == CATALOGUE[code][0]
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["message_zh"]
    assert problem["message_en"]
    return code


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something is so; whether it came to be."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if true():
                return True
        time.sleep(0.02)
    return False


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(below for child in children(pid) for below in tree(child))]


def children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _size(path: Path) -> int:
    """Bytes of a file on disk; none if it has gone by now."""
    with contextlib.suppress(FileNotFoundError):
        return path.lstat().st_blocks * 512
    return 0


def resident(pid: int) -> int:
    """Bytes of memory that a process has for itself alone."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        own = [line.split() for line in lines if line.startswith("Private_")]
        return sum(int(line[1]) for line in own) << 10
    return 0


def open_files(pid: int) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0
