"""Where the scratch dataset is: in memory, or in a folder that one process writes and others read.

RocksDB lets many processes open what one writes, each as it was at that moment. A stamp in the
folder is moved with each change before its writer is told that it is made, so a reader whose stamp
is old opens the folder again, and one whose stamp is new has nothing to do.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pyoxigraph import Store

#: Bytes of changes that each reader may have to read through, before they are sorted into files.
LOG = 256 << 10
#: Tries to open a folder, and seconds between them: the process before may not be gone altogether,
#: and files may be merged under a reader.
_TRIES, _PAUSE = 200, 0.02


class Shelf(Protocol):
    """A place for a dataset."""

    @property
    def store(self) -> Store:
        """The dataset as it is now."""
        ...

    def changed(self) -> None:
        """A change has been made: from now on it is seen by all."""
        ...


class InMemory:
    """For one process alone."""

    def __init__(self) -> None:
        self.store = Store()

    def changed(self) -> None:
        """Nobody else is there to see it."""


class Written:
    """A folder for its one writer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "store"
        self.store = _opened(lambda: Store(str(self.folder)))
        self._stamp = Stamp(folder)
        self._logged = self._log()
        # what a writer before this one made, and could not tell, is there to be seen
        self._stamp.move()

    def changed(self) -> None:
        """Move the stamp; sort the changes into files if they are many."""
        if (size := self._log()) > self._logged + LOG or size < self._logged:
            self.store.flush()
            self._logged = self._log()
        self._stamp.move()

    def _log(self) -> int:
        return sum(path.stat().st_size for path in self.folder.glob("*.log"))


class Seen:
    """A folder for one of its readers. Before there is a writer it is empty."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._stamp = folder / "store", Stamp(folder)
        self._at, self._store = 0, Store()

    @property
    def store(self) -> Store:
        now = self._stamp.value()
        if now != self._at:
            self._store = _opened(lambda: Store.read_only(str(self.folder)))
            self._at = now
        return self._store

    def changed(self) -> None:
        raise TypeError("a reader changes nothing")


class Stamp:
    """A number in a file, which only grows."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "stamp", os.O_RDWR | os.O_CREAT, 0o600)

    def value(self) -> int:
        return int.from_bytes(os.pread(self._file, 8, 0), "big")

    def move(self) -> None:
        os.pwrite(self._file, (self.value() + 1).to_bytes(8, "big"), 0)


def _opened(opening: Callable[[], Store]) -> Store:
    for _ in range(_TRIES):
        try:
            return opening()
        except (OSError, RuntimeError):
            time.sleep(_PAUSE)
    return opening()
