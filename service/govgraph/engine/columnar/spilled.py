"""Where queries keep what does not fit in memory: a folder for each process, never a release."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from govgraph.durable import Hold, claimed

_PREFIX = "govgraph-spill-"


def spill_folder(database: Path) -> Path:
    """A database's own folder, which DuckDB makes when it needs it and removes when it closes. All
    connections of a process to one database share its settings, so they must name the same."""
    return _spill()[0] / hashlib.sha256(str(database.resolve()).encode()).hexdigest()[:16]


@cache
def _spill() -> tuple[Path, Hold]:
    """This process's folder, held so that it can be told from one whose process was killed."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder, Hold(folder)


def left_over() -> list[Path]:
    """This user's folders whose processes have ended without removing them."""
    found = sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))
    return [folder for folder in found if _is_left(folder)]


def _is_left(folder: Path) -> bool:
    try:
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False
        with claimed(folder) as free:
            return free
    except OSError:
        return False
