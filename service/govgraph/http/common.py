"""What the routes share: the release asked for, and headers that name it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Depends, Query, Request, Response

from govgraph import __version__
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


def naming(release_id: str, media: str, *, fixed: bool = True) -> dict[str, str]:
    """Headers that name a release. Under one URL an answer depends on no more than the release, our
    version and the media type, so these are its ETag. The current release is asked for each time;
    one asked for by its id answers the same for good. An answer that is not `fixed`, as by a query
    of NOW() or of other endpoints, is of its moment."""
    named = {"Govgraph-Release": release_id, "Vary": "Accept"}
    if not fixed:
        return named | {"Cache-Control": "no-store"}
    tag = f'W/"{release_id};{__version__};{media}"'
    return named | {"ETag": tag, "Cache-Control": "no-cache"}


#: Calls of functions whose value is new with each query.
FRESH = re.compile(r"(?i)(?:rand|uuid|now|bnode)\s*[(#]")
