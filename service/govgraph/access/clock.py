"""A clock that does not go back while its process runs, nor behind a moment that is known."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """UTC, from the wall clock where that goes forward, from the monotonic one where it does not.

    A leap forward that is taken back leaves no trace; a leap back is not followed."""

    def __init__(self) -> None:
        self._wall, self._steady = time.time(), time.monotonic()

    def wall(self) -> datetime:
        """What the wall clock says, right or wrong."""
        return datetime.fromtimestamp(time.time(), UTC)

    def now(self, known: datetime | None = None) -> datetime:
        """The time now, which is not before `known`."""
        elapsed = self._wall + time.monotonic() - self._steady
        told = max(self.wall(), datetime.fromtimestamp(elapsed, UTC))
        return told if known is None else max(told, known)
