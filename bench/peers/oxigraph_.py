"""`oxigraph serve` of the release that peers/requirements.txt pins, in an environment of its own."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from bench.client import Client
from bench.data import Nation
from bench.endpoint import Endpoint
from bench.engine import Absent, Load
from bench.process import Server, disk_bytes, free_port, run_step

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
