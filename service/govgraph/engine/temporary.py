"""The folder of a process for what does not fit in memory; it goes with it, however it ends.

A process that is killed removes nothing. So each holds its folder while it runs, and one that makes
a folder removes those that nobody holds.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from govgraph.durable import Hold, claimed

#: How the names of these folders begin.
SPILLED = "govgraph-spill-"


def own_folder() -> Path:
    """The folder of this process; a process that was forked has its own."""
    return _folder(os.getpid())[0]


@cache
def _folder(_process: int) -> tuple[Path, Hold]:
    _sweep(Path(tempfile.gettempdir()))
    while True:
        path = Path(tempfile.mkdtemp(prefix=SPILLED))
        with suppress(FileNotFoundError):  # swept before it was held
            held = Hold(path)
            atexit.register(shutil.rmtree, path, ignore_errors=True)
            return path, held


def _sweep(parent: Path) -> None:
    """Remove the folders of processes that are no more; those of other users stay."""
    for path in parent.glob(f"{SPILLED}*"):
        with suppress(OSError), claimed(path) as free:
            if free:
                shutil.rmtree(path, ignore_errors=True)
