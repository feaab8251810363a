"""Files that are whole or not there, folders that stay as long as they are in use, full disks."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govgraph.errors import GovgraphError

#: What says that there is no room, or that a limit on the size of files leaves none.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sync(path: Path) -> None:
    """Flush a file or a folder's list of names to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put content in a file's place, atomically. After an error the old file is what it was.

    OSError as of the file system; one writer at a time."""
    beside = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync(path.parent)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file as a lock, waiting for it; it ends with its process, however that ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Hold:
    """Says that a folder is in use, until it is closed, is no longer referred to, or its process
    ends. FileNotFoundError if the folder is not there."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, os.O_RDONLY)
        with contextlib.suppress(OSError):  # a file system without locks: nothing is removed there
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        if not folder.is_dir():
            self.close()
            raise FileNotFoundError(folder)

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            self.close()


@contextmanager
def claimed(folder: Path) -> Iterator[bool]:
    """Whether nobody holds a folder; if so, nobody can until this ends. False too where the file
    system knows no locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def telling_of_a_full_disk(path: Path) -> Iterator[None]:
    """What fails for want of room on a disk fails with GovgraphError(disk-full). The engines say
    so in words only."""
    try:
        yield
    except GovgraphError:
        raise
    except Exception as error:
        said = str(error)
        if getattr(error, "errno", None) in _FULL or any(os.strerror(e) in said for e in _FULL):
            raise GovgraphError("disk-full", path=path) from error
        raise
