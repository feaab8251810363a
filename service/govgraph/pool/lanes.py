"""Two lanes: many workers answer what only reads, one after the other changes what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from govgraph.edge.writes import is_write as is_write
from govgraph.pool.pool import Pool
from govgraph.pool.role import Role
from govgraph.settings import Settings, in_bytes

#: Bytes of the body of a request that only reads.
ASKED = 16 << 20


@dataclass(frozen=True)
class Lane:
    """How requests of a kind are worked on: by which workers, for how many seconds, with bodies of
    how many bytes; `late` and `lost` are the codes of errors if the time is up or the worker ends.
    What is `unstoppable` goes on when its client hangs up."""

    name: str
    pool: Pool
    seconds: float
    limit: int
    late: str
    lost: str
    unstoppable: bool = False


@dataclass(frozen=True)
class Lanes:
    """The two lanes of a service; those of the scratch dataset need no release and no keys."""

    reads: Lane
    writes: Lane
    scratch: bool = False


def lanes_of_releases(settings: Settings) -> Lanes:
    """Workers with the service over a home's releases."""
    function, given = "govgraph.app:create_worker_app", _given(settings)
    return Lanes(
        _reads(settings, Role(function, (given,), in_bytes(settings.worker_memory))),
        _writes(
            settings,
            Role(function, (given,), in_bytes(settings.writer_memory)),
            settings.write_seconds,
        ),
    )


def lanes_of_scratch(settings: Settings, folder: str) -> Lanes:
    """Workers with the scratch dataset in a folder. A change takes no longer than a query."""
    module, given = "govgraph.scratch.app", (_given(settings), folder)
    read = Role(f"{module}:create_reading_app", given, in_bytes(settings.worker_memory))
    write = Role(f"{module}:create_writing_app", given, in_bytes(settings.writer_memory))
    return Lanes(
        _reads(settings, read), _writes(settings, write, settings.query_seconds), scratch=True
    )


def _reads(settings: Settings, role: Role) -> Lane:
    pool = Pool(role, settings.workers, settings.queue_length)
    return Lane(
        "readers", pool, settings.query_seconds, ASKED, "query-timeout", "query-ended-worker"
    )


def _writes(settings: Settings, role: Role, seconds: float) -> Lane:
    pool, limit = Pool(role, 1, settings.write_queue), in_bytes(settings.upload_limit)
    return Lane("writer", pool, seconds, limit, "write-timeout", "write-ended", unstoppable=True)


def _given(settings: Settings) -> dict[str, Any]:
    """Settings as JSON has them, for another process."""
    return settings.plain()
