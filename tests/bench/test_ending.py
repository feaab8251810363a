"""Whatever ends the bench ends what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def processes_of(folder: Path) -> list[str]:
    """The commands of all running processes that name the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # ended meanwhile
            continue
        if str(folder) in words:
            found.append(words)
    return found


@pytest.mark.parametrize("sign, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_server_too(
    shared: Path, tmp_path: Path, sign: signal.Signals, status: int
) -> None:
    options = ["--only", "govgraph-http", "--runs", "1000000", "--cold", "start"]
    argv = [sys.executable, "-m", "bench", "--scale", "13", "--shared", str(shared / "bench")]
    bench = subprocess.Popen(
        [*argv, *options, "--work", str(tmp_path)], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        while not (tmp_path / "13" / "govgraph" / "serve.log").exists():
            assert bench.poll() is None, "the bench ended by itself"
            time.sleep(0.05)
        assert len(processes_of(tmp_path)) >= 2
        os.kill(bench.pid, sign)
        assert bench.wait(300) == status
    finally:
        bench.kill()
        bench.wait()
    assert processes_of(tmp_path) == []
