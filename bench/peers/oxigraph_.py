"""`oxigraph serve` of the release that peers/requirements.txt pins, in an environment of its own."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from bench.client import Client
from bench.data import Nation, Query
from bench.engine import Absent, Load, Reply
from bench.process import Server, disk_bytes, free_port, peak_memory, run_step

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def command(peers: Path) -> Path:
    """The command, installed if it is not there yet. Absent if it cannot be installed."""
    folder = peers / "oxigraph"
    binary = folder / "bin" / "oxigraph"
    if not binary.exists():
        venv.create(folder, with_pip=True, clear=True)
        argv = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(REQUIREMENTS)]
        done = subprocess.run([folder / "bin" / "python", *argv], capture_output=True, text=True)
        if done.returncode:
            raise Absent(f"pip could not install oxigraph: {done.stderr.strip()[-300:]}")
    return binary


def version(peers: Path) -> str:
    said = subprocess.run([command(peers), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[-1]


def load(peers: Path, folder: Path, nation: Nation) -> Load:
    """Load into the default graph, then optimise."""
    binary, database = command(peers), folder / "database"
    steps = [
        run_step("load", [binary, "load", "--location", database, "--file", nation.triples_file]),
        run_step("optimize", [binary, "optimize", "--location", database]),
    ]
    return Load(steps, {"database": disk_bytes(database)})


class Oxigraph:
    """The server on a loaded database."""

    restarts = True

    def __init__(self, peers: Path, folder: Path) -> None:
        self.peers, self.folder = peers, folder
        self._server: Server | None = None
        self._client: Client | None = None

    def start(self) -> None:
        port = free_port()
        argv: list[str | Path] = [
            command(self.peers),
            "serve",
            "--location",
            self.folder / "database",
        ]
        log = self.folder / "serve.log"
        self._server = Server([*argv, "--bind", f"127.0.0.1:{port}"], port, log)
        self._client = Client(port, "/query")

    def ask(self, query: Query, limit: float) -> Reply:
        assert self._client is not None
        return self._client.ask(query, limit)

    def memory(self) -> int:
        return peak_memory(self._server.pid) if self._server else 0

    def stop(self) -> None:
        """Kill it: it cannot be interrupted, and nothing was written."""
        if self._client:
            self._client.close()
        if self._server:
            self._server.kill()
        self._server = self._client = None
