"""Temporary folders: one that nobody holds any more goes, one that is held stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from govgraph.engine.temporary import SPILLED

_HOLDING = """from govgraph.engine.temporary import own_folder
folder = own_folder()
(folder / "spilled").write_text("much")
print(folder, flush=True)
input()
"""


def _holding(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has a folder of its own below another, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDING],
        env=os.environ | {"TMPDIR": str(parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)


def test_the_folder_of_a_killed_process_goes_with_the_next(tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    killed, left = _holding(tmp_path)
    running, held = _holding(tmp_path)
    killed.kill()
    killed.communicate()
    assert (left / "spilled").exists()
    another, new = _holding(tmp_path)
    assert not left.exists()
    assert (held / "spilled").exists()
    assert len({left, held, new}) == 3
    for process in (running, another):
        _end(process)
    assert list(tmp_path.glob(f"{SPILLED}*")) == []
    assert other.is_dir()
