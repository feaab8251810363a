"""/.well-known/void: the description of a release in VoID, DCAT and PROV."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from govgraph.http.common import Release, in_thread, name_release, releases
from govgraph.http.dcat import NAMES, Description
from govgraph.http.linked import Format
from govgraph.http.rdf import document

router = APIRouter(tags=["linked data"])


@router.get("/.well-known/void", summary="What a release is, holds and comes from")
async def void(request: Request, release: Release, format: Format = None) -> Response:
    """VoID counts by class and property, DCAT distributions and versions, and the files it was
    built from with their digests."""

    def work() -> Response:
        there = {each.id: each for each in (*releases(request).home.releases(), release.release)}
        others = [there[id] for id in sorted(there)]
        root = str(request.base_url).rstrip("/")
        about = Description(root, release.release, release.statistics, others)
        return document(request, about.triples(), NAMES, format)

    response = await in_thread(request, work)
    name_release(response, release, str(response.media_type))
    return response
