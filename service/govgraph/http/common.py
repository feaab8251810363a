"""What the routes share: the release asked for, and headers that name it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Depends, Query, Request, Response

from govgraph.edge.naming import naming
from govgraph.http.state import Opened, Releases

T = TypeVar("T")
#: Paths whose work may take long.
_HEAVY = ("/sparql", "/graphs", "/query", "/queries", "/api/v1/queries", "/api/v1/money")
ReleaseParameter = Annotated[
    str | None,
    Query(
        alias="release",
        description="Id of an older release, or a date: the last one published by then. The current one if"
        " left out.",
    ),
]


def releases(request: Request) -> Releases:
    found: Releases = request.app.state.releases
    return found


async def opened(request: Request, release: ReleaseParameter = None) -> Opened:
    """The release that the request asks for, opened off the event loop."""
    return await in_thread(request, lambda: releases(request).open(release))


Release = Annotated[Opened, Depends(opened)]


async def in_thread(request: Request, work: Callable[[], T]) -> T:
    """Run work in a thread, so that the event loop stays free; at once in a process that answers
    one request at a time.

    Lookups and queries have threads of their own: heavy queries do not hold up the lookups.
    """
    limiters: Mapping[bool, CapacityLimiter] | None = request.app.state.limiters
    if limiters is None:
        return work()
    heavy = request.url.path.startswith(_HEAVY)
    return await anyio.to_thread.run_sync(work, limiter=limiters[heavy])


def name_release(
    response: Response, release: Opened, media: str = "application/json", *, fixed: bool = True
) -> None:
    """Name the release in the headers: see `naming`."""
    response.headers.update(naming(release.release.id, media, fixed=fixed))


#: Calls of functions whose value is new with each query.
FRESH = re.compile(r"(?i)(?:rand|uuid|now|bnode)\s*[(#]")
