"""/api/v1/search and /api/v1/suggest: entities by what they are called, read or numbered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.state import Opened
from govgraph.lookup.around import Found, described
from govgraph.lookup.search import Hit, nearest, search

router = APIRouter(prefix="/api/v1", tags=["lookups"])
#: Suggestions, and nearest names, when no limit is given.
SUGGESTED, NEAR = 8, 5
Words = Annotated[
    str,
    Query(
        description="A name or part of it, Chinese (traditional or simplified) or English; pinyin or its"
        " initials; a code or its beginning; an identifier.",
        min_length=1,
        max_length=200,
        examples=["社区工作站", "xiyuan", "xyjd"],
    ),
]
Kind = Annotated[
    str | None,
    Query(
        description="Only this type, as in the IRI: organization, post, project …",
        pattern="^[a-z-]*$",
    ),
]


@router.get("/search", summary="Entities by name, pinyin, code or identifier")
async def find(
    request: Request,
    response: Response,
    release: Release,
    q: Words,
    type: Kind = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> dict[str, Any]:
    """The best first: whole names and codes, preferred names, other names, pinyin, its initials,
    beginnings of codes; short ones before long ones. `matched` is the text that matched, `matched_by`
    says how; where nothing does, `nearest` has names like it."""
    name_release(response, release)
    wanted = limit or request.app.state.settings.page_size
    return await in_thread(request, lambda: _search(release, q, type or None, wanted))


@router.get("/suggest", summary="What a reader who types may mean")
async def suggest(
    request: Request,
    response: Response,
    release: Release,
    q: Words,
    type: Kind = None,
    limit: Annotated[int, Query(ge=1, le=20)] = SUGGESTED,
) -> dict[str, Any]:
    """The first few hits, with the addresses of their pages; `nearest` if they are only like it."""
    name_release(response, release)
    return await in_thread(request, lambda: _suggest(release, q, type or None, limit))


def _search(release: Opened, q: str, kind: str | None, wanted: int) -> dict[str, Any]:
    context = release.context
    hits = search(release.labels, q, limit=wanted + 1, kind=kind)
    found = [one.as_dict(context) for one in described(context, hits[:wanted])]
    near = [] if hits else nearest(release.labels, q, limit=NEAR, kind=kind)
    answer = {"q": q, "hits": found, "more": len(hits) > wanted}
    if near:
        answer["nearest"] = [one.as_dict(context) for one in described(context, near)]
    return answer


def _suggest(release: Opened, q: str, kind: str | None, limit: int) -> dict[str, Any]:
    hits: Sequence[Hit] = search(release.labels, q, limit=limit, kind=kind)
    near = [] if hits else nearest(release.labels, q, limit=min(limit, NEAR), kind=kind)
    found = described(release.context, hits or near)
    suggestions = [_suggestion(release, one) for one in found]
    return {"q": q, "suggestions": suggestions, "nearest": bool(near)}


def _suggestion(release: Opened, found: Found) -> dict[str, Any]:
    return {
        "name": found.names,
        "type": found.type,
        "id": found.id,
        "kind": found.kind,
        "parent": found.above[0][1] if found.above else None,
        "code": found.code,
        "matched": found.hit.label,
        "matched_by": found.hit.how,
        "href": f"/id/{found.hit.iri.removeprefix(release.context.base)}",
    }
