"""Environments of peers: each has its own, with the versions that its requirements file pins."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from bench.engine import Absent

STAMP = ".requirements"


def python(peers: Path, name: str) -> Path:
    """The interpreter of a peer's environment, made if it is not there or pins have changed.

    Absent if its packages cannot be installed.
    """
    folder = peers / name
    wanted = Path(__file__).with_name(f"{name}.txt")
    stamp = folder / STAMP
    if not stamp.exists() or stamp.read_bytes() != wanted.read_bytes():
        venv.create(folder, with_pip=True, clear=True)
        _install(folder, name, wanted)
        stamp.write_bytes(wanted.read_bytes())
    return folder / "bin" / "python"


def _install(folder: Path, name: str, wanted: Path) -> None:
    argv = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(wanted)]
    done = subprocess.run([folder / "bin" / "python", *argv], capture_output=True, text=True)
    if done.returncode:
        raise Absent(f"pip could not install {name}: {done.stderr.strip()[-300:]}")


def version(python: Path, package: str) -> str:
    """The version of a package in an environment."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return said.stdout.strip()
