"""`oxigraph serve` of the release that peers/oxigraph.txt pins, in an environment of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bench.client import Client
from bench.data import Nation
from bench.endpoint import Endpoint
from bench.engine import Load
from bench.peers import environment
from bench.process import Server, disk_bytes, free_port, run_step


def command(peers: Path) -> Path:
    """The command, installed if it is not there yet. Absent if it cannot be installed."""
    return environment.python(peers, "oxigraph").with_name("oxigraph")


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


class Oxigraph(Endpoint):
    """The server on a loaded database."""

    def __init__(self, peers: Path, folder: Path) -> None:
        super().__init__()
        self.peers, self.folder = peers, folder

    def launch(self) -> tuple[Server, Client]:
        port = free_port()
        argv: list[str | Path] = [command(self.peers), "serve"]
        argv += ["--location", self.folder / "database", "--bind", f"127.0.0.1:{port}"]
        return Server(argv, port, self.folder / "serve.log"), Client(port, "/query")
