"""The record: which releases there are, and what changed from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from govgraph.http.access import administrator
from govgraph.http.caching import IMMUTABLE
from govgraph.http.common import in_thread, name_release, releases
from govgraph.http.state import Releases
from govgraph.http.streaming import FileChunks
from govgraph.http.updates import REFUSALS
from govgraph.http.writing import SCHEMES, answer_of, writing
from govgraph.lookup.differences import before, differences, listed

QUADS = "application/n-quads"
router = APIRouter(prefix="/api/v1/releases", tags=["releases"])
#: Changes of a page when no limit is given.
_PAGE = 100
ReleaseId = Annotated[
    str,
    Path(
        description="An id, `current`, or a date: the last release published by then.",
        examples=["current"],
    ),
]
Since = Annotated[
    str | None,
    Query(
        description="The release to compare with, by id or date; the one published before if left"
        " out."
    ),
]


@router.get("", summary="All releases, the newest first")
async def all_releases(request: Request) -> list[dict[str, Any]]:
    """Id, time, number of tables, rows and quads, and which one is served."""
    return await in_thread(request, lambda: listed(releases(request).home))


@router.get("/{id}/changes", summary="What changed from one release to another")
async def release_changes(
    request: Request,
    response: Response,
    id: ReleaseId,
    since: Since = None,
    kind: Annotated[
        str | None, Query(description="Only changes of one kind, as `counts` names them.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = _PAGE,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """Who took or left which post, which body came or went, which amount changed, and every other
    fact that was added, withdrawn or corrected, each as a sentence with its values."""
    store = releases(request)
    new = await in_thread(request, lambda: store.open(None if id == "current" else id))
    name_release(response, new)
    return await in_thread(
        request,
        lambda: compare(store, new.release.id, since, kind=kind, limit=limit, offset=offset),
    )


@dataclass(frozen=True)
class _Served:
    """The releases that were current before and after."""

    before: str
    release: str


@router.post(
    "/{id}/serve",
    summary="Serve an older release again 重新提供较早的发布版",
    responses=REFUSALS,
    dependencies=SCHEMES,
)
async def serve(
    request: Request,
    response: Response,
    id: Annotated[str, Path(description="The id of a release 发布版编号")],
) -> dict[str, str]:
    """What was changed after it is left out from now on; its releases stay. Needs a key of scope
    `admin`. 其后的改动不再生效，但各发布版仍保留。需要 `admin` 权限的密钥。"""
    async with writing(request, "serve", administrator) as write:
        write.tell(asked=id)
        found = await write.made(b"", lambda: _Served(*write.gate.serve(id)), lambda _: {})
    answer_of(found, response)
    return {"before": found.before, "release": found.release}


@router.get(
    "/{id}/export.nq",
    summary="All quads of a release as N-Quads",
    response_class=Response,
    responses={200: {"content": {QUADS: {}}}},
)
async def export(request: Request, id: ReleaseId) -> Response:
    """Every graph, inferences too, as `govgraph export` writes them."""
    store = releases(request)
    opened = await in_thread(request, lambda: store.open(None if id == "current" else id))
    release = opened.release
    response = FileChunks(sorted(release.quads.glob("*.nq")), QUADS, held=opened)
    response.headers["Govgraph-Release"] = release.id
    response.headers["ETag"] = f'W/"{release.id};export"'
    response.headers["Cache-Control"] = IMMUTABLE if id == release.id else "no-cache"
    response.headers["Content-Disposition"] = f'attachment; filename="{release.id}.nq"'
    return response


def compare(store: Releases, id: str, since: str | None, **page: Any) -> dict[str, Any]:
    """The document of `differences` for two releases by id or date."""
    new = store.open(None if id == "current" else id)
    old = store.open(since or before(store.home, new.release).id)
    return differences((old.release, old.context), (new.release, new.context), **page)
