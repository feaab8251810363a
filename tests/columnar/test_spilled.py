"""Folders of what does not fit in memory: those of killed processes are swept away by the next."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCRIPT = """
from pathlib import Path
from govgraph.engine.columnar.spilled import spill_folder
print(spill_folder(Path("x")).parent, flush=True)
input()
"""


@contextmanager
def running(temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that has a folder, and its folder."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | {"TMPDIR": str(temporary)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_process_left_goes_with_the_next(tmp_path: Path) -> None:
    with running(tmp_path) as (one, first), running(tmp_path) as (_, second):
        assert first.is_dir()
        assert second.is_dir()
        (first / "spilled").write_bytes(bytes(1000))
        one.kill()
        one.wait()
        assert first.is_dir()
        with running(tmp_path) as (_, third):
            assert not first.exists()
            assert second.is_dir()
            assert third.is_dir()


def test_a_process_that_ends_by_itself_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as (process, folder):
        assert folder.is_dir()
        process.communicate("\n")
        assert not folder.exists()


def test_links_and_others_files_are_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    (tmp_path / "govgraph-spill-link").symlink_to(precious)
    (tmp_path / "govgraph-spill-file").write_text("x")
    with running(tmp_path) as (_, folder):
        assert folder.is_dir()
    assert (precious / "file").read_text() == "x"
    assert (tmp_path / "govgraph-spill-link").is_symlink()
    assert (tmp_path / "govgraph-spill-file").is_file()
