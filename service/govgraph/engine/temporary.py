"""The folder of a process for what does not fit in memory; it goes with it, however it ends.

A process that is killed removes nothing. So each holds its folder while it runs, and one that makes
a folder removes those that nobody holds.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from govgraph.durable import Hold, claimed

#: How the names of these folders begin.
SPILLED = "govgraph-spill-"


def own_folder() -> Path:
    """The folder of this process; a process that was forked has its own."""
    return _folder(os.getpid())[0]


@cache
def _folder(_process: int) -> tuple[Path, Hold]:
    sweep()
    while True:
        path = Path(tempfile.mkdtemp(prefix=SPILLED))
        with suppress(FileNotFoundError):  # swept before it was held
            held = Hold(path)
            atexit.register(shutil.rmtree, path, ignore_errors=True)
            return path, held


def left_over() -> list[Path]:
    """This user's folders whose processes have ended without removing them."""
    return [folder for folder in _folders() if _if_left(folder, lambda _folder: None)]


def sweep() -> None:
    """Remove them."""
    for folder in _folders():
        _if_left(folder, partial(shutil.rmtree, ignore_errors=True))


def _folders() -> list[Path]:
    return sorted(Path(tempfile.gettempdir()).glob(f"{SPILLED}*"))


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
