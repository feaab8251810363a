"""/search: what is called so, why each was found and where it is; without words, all of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, Request, Response

from govgraph.http.common import in_thread
from govgraph.lookup.around import described
from govgraph.lookup.search import Hit, all_of, by_kind, how_many, nearest, search
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.kinds import KINDS

router = APIRouter(include_in_schema=False)
#: Hits of a page, and pages at most; nearest names; hits that are counted by kind.
SHOWN, PAGES, NEAR, COUNTED = 50, 200, 10, 500
#: Characters that are looked for.
LONGEST = 200


@router.get("/search")
async def find(request: Request, page: Shown, q: str = "", type: str = "") -> Response:
    """The page of hits. An unknown type is no type."""
    kind = type if type in KINDS else ""
    number = _number(request.query_params.get("page"))
    return await in_thread(request, lambda: _page(page, q.strip()[:LONGEST], kind, number))


def _page(page: Shown, q: str, kind: str, number: int) -> Response:
    assert page.opened is not None
    labels = page.opened.labels
    hits = _hits(labels, q, kind, number)
    counts, all_counted = _counts(labels, q, kind, number, hits)
    near = [] if hits or number > 1 else nearest(labels, q, limit=NEAR, kind=kind or None)
    return respond(
        "search.html", page, "find",
        q=q, kind=kind, number=number, more=len(hits) > SHOWN,
        found=described(page.opened.context, hits[:SHOWN]),
        near=described(page.opened.context, near),
        counts=counts, all_counted=all_counted,
    )  # fmt: skip


def _hits(labels: Path, q: str, kind: str, number: int) -> Sequence[Hit]:
    """Those of a page, and one more if there are more."""
    start = (number - 1) * SHOWN
    if q:
        return search(labels, q, limit=start + SHOWN + 1, kind=kind or None)[start:]
    return all_of(labels, kind, limit=SHOWN + 1, offset=start) if kind else []


def _counts(
    labels: Path, q: str, kind: str, number: int, hits: Sequence[Hit]
) -> tuple[dict[str, int], bool]:
    """How many hits there are of each kind, and whether that is all. Those of a page that has them
    all need not be looked for again."""
    if not q or not hits:
        return {}, False
    if not kind and number == 1 and len(hits) <= SHOWN:
        return by_kind(hits), True
    return how_many(labels, q, COUNTED)


def _number(text: str | None) -> int:
    return min(max(int(text), 1), PAGES) if text and text.isascii() and text.isdigit() else 1
