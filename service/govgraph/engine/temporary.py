"""Folders for what does not fit in memory, which go with their process however it ends.

A process that is killed removes nothing. So each holds a lock on its folder, which the system lets
go when the process ends, and whoever makes a folder removes those that nobody holds.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

PREFIX = "govgraph-process-"


def own_folder() -> Path:
    """The folder of this process; a process that was forked has its own."""
    return _folder(os.getpid())


@cache
def _folder(_process: int) -> Path:
    _sweep(Path(tempfile.gettempdir()))
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        if _lock(path, fcntl.LOCK_EX) is not None and path.is_dir():  # not swept in between
            atexit.register(shutil.rmtree, path, ignore_errors=True)
            return path


def _sweep(parent: Path) -> None:
    """Remove the folders of processes that are no more; those of other users stay."""
    for path in parent.glob(f"{PREFIX}*"):
        folder = _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(folder)


def _lock(path: Path, how: int) -> int | None:
    """Lock a folder for as long as its descriptor is open; None if another process has it."""
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, how)
        except OSError:
            os.close(folder)
        else:
            return folder
    return None
