"""Answers of a release that were given before: a release never changes, so neither do they."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from govgraph.catalog.run import Result

#: Bytes of frames that are kept for one release.
KEPT = 64 << 20


class Answers:
    """The last answers, as far as they take no more than KEPT bytes; the longest unused go first.
    Two threads that miss the same answer both make it."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept, self.size = kept, 0
        self._found: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The answer under a key, made if it is not there. An error is not kept."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        result = make()
        with self._lock:
            self._keep(key, result)
        return result

    def _keep(self, key: Hashable, result: Result) -> None:
        size = _bytes(result)
        if key in self._found or size > self.kept:
            return
        self._found[key] = result
        self.size += size
        while self.size > self.kept:
            self.size -= _bytes(self._found.popitem(last=False)[1])


def _bytes(result: Result) -> int:
    return int(result.frame.estimated_size()) + 1024
