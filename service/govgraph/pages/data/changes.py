"""/data/diff: what changed from one release to another, in sentences."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from govgraph.errors import GovgraphError
from govgraph.http.common import in_thread, releases
from govgraph.http.releases import compare
from govgraph.lookup.differences import listed
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond

router = APIRouter(include_in_schema=False)
ROWS = 100
#: Releases that a reader is offered; older ones go by their addresses.
CHOICES = 200


@router.get("/data/diff")
async def diff(
    request: Request, page: Shown, a: str = "", b: str = "", kind: str = "", offset: int = 0
) -> Response:
    """The changes from release `a` to `b`; without `b` to the one served, without `a` from the one
    before. GovgraphError(unknown-release, no-release-by)."""
    store = releases(request)
    found = await in_thread(request, lambda: listed(store.home))
    chosen = (*found[:CHOICES], *(one for one in found[CHOICES:] if one["id"] in (a, b)))
    begin = min(max(offset, 0), 10_000_000)
    try:
        document = await in_thread(
            request,
            lambda: compare(
                store, b or "current", a or None, kind=kind or None, limit=ROWS, offset=begin
            ),
        )
    except GovgraphError as error:
        if error.code != "no-earlier-release":
            raise
        document = None
    return respond(
        "diff.html", page, "data", releases=chosen, document=document, kind=kind, rows=ROWS
    )
