"""Where queries keep what does not fit in memory: a folder for each process, never a release."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from govgraph.durable import Hold, claimed

_PREFIX = "govgraph-spill-"


def spill_folder(database: Path) -> Path:
    """A database's own folder, which DuckDB makes when it needs it and removes when it closes. All
    connections of a process to one database share its settings, so they must name the same."""
    return _spill()[0] / hashlib.sha256(str(database.resolve()).encode()).hexdigest()[:16]


def own_folder() -> Path:
    """This process's folder, for whatever else it keeps on disk for a while."""
    return _spill()[0]


@cache
def _spill() -> tuple[Path, Hold]:
    """This process's folder, held so that it can be told from one whose process was killed. What
    killed ones have left goes first: a query that is stopped leaves no disk behind for long."""
    sweep()
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            hold = Hold(folder)
        except FileNotFoundError:
            continue  # swept away by another process before it was held
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder, hold


def left_over() -> list[Path]:
    """This user's folders whose processes have ended without removing them."""
    return [folder for folder in _folders() if _if_left(folder, lambda _folder: None)]


def sweep() -> None:
    """Remove them."""
    for folder in _folders():
        _if_left(folder, partial(shutil.rmtree, ignore_errors=True))


def _folders() -> list[Path]:
    return sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))


def _if_left(folder: Path, work: Callable[[Path], object]) -> bool:
    """Do something with a folder if nobody holds it, and while nobody can."""
    try:
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False
        with claimed(folder) as free:
            if free:
                work(folder)
            return free
    except OSError:
        return False
