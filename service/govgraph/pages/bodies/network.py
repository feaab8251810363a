"""/network: bodies joined by the people who hold posts in both, or people and their posts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.governance.networks.model import Network
from govgraph.governance.time import Asked
from govgraph.http.common import in_thread
from govgraph.http.networks import NETWORKS
from govgraph.pages.bodies.moments import moments
from govgraph.pages.bodies.picture import HEIGHT, LARGE, WIDTH, picture, written
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.page import Page

router = APIRouter(include_in_schema=False)
#: Links of a page of the table.
ROWS = 100


@router.get("/network")
async def network(request: Request, page: Shown, name: str = "bodies", place: str = "") -> Response:
    """The network's picture and table, on a day or in a window. GovgraphError(not-found)."""
    kind = name if name in NETWORKS else "bodies"
    return await in_thread(request, lambda: _page(page, kind, place.strip()))


def _page(page: Page, name: str, place: str) -> Response:
    assert page.opened is not None
    days = page.asked or Asked()
    context = page.opened.context
    iri = context.require("place", place.removeprefix("place/")) if place else None
    found = NETWORKS[name][0](
        page.opened.engine, place=iri, at=days.at, start=days.start, end=days.end
    )
    drawn, offset = picture(found), offset_of(page)
    said = page.t("network.drawn", nodes=page.number(drawn.nodes), links=page.number(drawn.links),
                  drawn=len(drawn.dots))  # fmt: skip
    return respond(
        "network.html", page, "find",
        name=name, place=place, names=written(page, drawn.dots),
        kinds_of={k: {"zh": v[1], "en": v[2]} for k, v in NETWORKS.items()},
        picture=drawn, coverage=found.coverage, rows=_rows(found, offset), width=WIDTH, height=HEIGHT,
        times=moments(page, iri), said=said, offset=offset, step=ROWS, large=LARGE,
    )  # fmt: skip


def offset_of(page: Page) -> int:
    """How many rows of a table the address leaves out."""
    text = page.request.query_params.get("skip", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _rows(network: Network, offset: int) -> list[dict[str, Any]]:
    """The links from `offset` on as a table, the strongest first."""
    shown = network.links.sort(["weight", "source", "target"], descending=[True, False, False])
    labels = {
        row["id"]: {lang: row[f"label_{lang}"] for lang in ("zh", "en") if row[f"label_{lang}"]}
        for row in network.nodes.iter_rows(named=True)
    }
    return [
        row | {"names": (labels.get(row["source"], {}), labels.get(row["target"], {}))}
        for row in shown.slice(offset, ROWS).iter_rows(named=True)
    ]
