"""kill -9 of the process that writes, in a loop, under load: what was acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from tests.gate.conftest import EDITS

from govgraph.access.keys import Keys
from govgraph.edits import Edits
from govgraph.engine.base import Dataset
from govgraph.gate.gate import Gate
from govgraph.http.state import Releases
from govgraph.release import Home
from govgraph.settings import Settings

SCRIPT = Path(__file__).with_name("servers.py")
KILLS = 8


class Servers:
    """Starts servers and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.pids = process, list[int]()
        assert process.stdout
        self.url = f"http://127.0.0.1:{int(process.stdout.readline())}"

    def start(self) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.pids.append(int(self.process.stdout.readline()))
        return self.pids[-1]


@contextmanager
def servers(home: Path) -> Iterator[Servers]:
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        found = Servers(process)
        try:
            yield found
        finally:
            for pid in found.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            assert process.stdin
            process.stdin.close()


class Writers:
    """Two clients that write a triple after the other, and remember what was acknowledged."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.headers = url, {"authorization": f"Bearer {key}"}
        self.acknowledged: list[str] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(2)]

    def _write(self, name: int) -> None:
        number = 0
        while not self.over.is_set():
            triple = f"<x:w{name}> <x:p> {number}"
            try:
                done = httpx.post(
                    f"{self.url}/update",
                    content=f"INSERT DATA {{ {triple} }}",
                    headers=self.headers | {"content-type": "application/sparql-update"},
                    timeout=60,
                )
            except httpx.HTTPError:
                continue
            if done.status_code == 200:
                self.acknowledged.append(triple)
                number += 1


def test_no_acknowledged_write_is_lost(settings: Settings) -> None:
    chance, home = random.Random(6), Home(settings.home)
    key = Keys(settings.home).add("pen", "write")[1]
    left = 0
    with servers(settings.home) as running:
        writers = Writers(running.url, key)
        for thread in writers.threads:
            thread.start()
        for _ in range(KILLS):
            pid, seen = running.start(), len(writers.acknowledged)
            waits = chance.randrange(2)
            while len(writers.acknowledged) < seen + waits:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.1, 1.5))
            os.kill(pid, signal.SIGKILL)
            left += len(list(settings.home.glob(".build-*")))
        writers.over.set()
        last = running.start()
        for thread in writers.threads:
            thread.join()
        os.kill(last, signal.SIGKILL)
    assert left, "no crash left anything: did any come in the middle of a write?"
    written = {line for line in Edits.of(home.current()).added if line.endswith(f"<{EDITS}> .")}
    stated = {line.partition('"')[0].strip() + " " + line.split('"')[1] for line in written}
    assert set(writers.acknowledged) <= stated
    assert len(writers.acknowledged) >= KILLS // 4
    for release in home.releases():
        opened = Releases(settings).open(release.id)
        rows = opened.engine.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        assert int(rows[0]["n"].value) == release.manifest["triples"]


def test_what_a_crash_leaves_the_next_writer_clears_away(settings: Settings) -> None:
    left = settings.home / ".build-1"
    (left / "sources" / "tiny").mkdir(parents=True)
    (left / "sources" / "tiny" / "persons.csv").write_text("half")
    Gate(settings).update("INSERT DATA { <x:a> <x:p> 1 }", Dataset(), "http://example.org/")
    assert not list(settings.home.glob(".build-*"))
