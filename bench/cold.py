"""Making the first query of a server a cold one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

Cold = Literal["machine", "files", "start"]
MEANING = {
    "machine": "first query after a start, the machine's page cache dropped before",
    "files": "first query after a start, the files of the database put out of the page cache before",
    "start": "first query after a start, the page cache left as it was",
}
_DROP = Path("/proc/sys/vm/drop_caches")


def possible(wanted: Cold) -> Cold:
    """What this process may do: dropping the machine's whole cache takes the right to."""
    if wanted == "machine" and not os.access(_DROP, os.W_OK):
        return "files" if hasattr(os, "posix_fadvise") else "start"
    return wanted


def cool(folder: Path, cold: Cold) -> None:
    """Make the reads of the next start come from disk."""
    if cold == "machine":
        os.sync()
        _DROP.write_text("3\n")
    elif cold == "files":
        for path in folder.rglob("*"):
            if path.is_file():
                _put_out(path)


def _put_out(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
