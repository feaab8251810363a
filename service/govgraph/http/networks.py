"""Networks for other tools: GraphML for Gephi and its kind, nodes and links as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from govgraph.errors import GovgraphError
from govgraph.governance.networks.bodies import bodies
from govgraph.governance.networks.graphml import graphml
from govgraph.governance.networks.model import Network
from govgraph.governance.networks.nodelink import nodelink
from govgraph.governance.networks.people import people
from govgraph.governance.time import Asked
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.lookups import Days
from govgraph.http.state import Opened

router = APIRouter(prefix="/api/v1/networks", tags=["networks"])
GRAPHML = "application/graphml+xml"
#: name -> what makes it, and what it is in zh and en
NETWORKS: Mapping[str, tuple[Callable[..., Network], str, str]] = {
    "bodies": (
        bodies,
        "由共同任职者相连的组织",
        "Bodies joined by the people who hold posts in both",
    ),
    "people-posts": (people, "人员与其岗位", "People joined to the posts that they hold"),
}
Name = Annotated[str, Path(description="Its name, as the list has it.", examples=["bodies"])]
Place = Annotated[
    str | None,
    Query(description="Key of a place: only what is in it or below it.", examples=["ex-c01"]),
]
Format = Annotated[Literal["json", "graphml"], Query(description="json or graphml.")]


@router.get("", summary="The networks there are")
def networks() -> list[dict[str, str]]:
    """Name and meaning of each."""
    return [{"name": name, "zh": zh, "en": en} for name, (_, zh, en) in NETWORKS.items()]


@router.get(
    "/{name}",
    summary="A network as GraphML or JSON",
    responses={200: {"content": {"application/json": {}, GRAPHML: {}}}},
)
async def network(
    request: Request,
    name: Name,
    release: Release,
    asked: Days,
    place: Place = None,
    format: Format = "json",
) -> Response:
    """Nodes with labels in zh and en; links with weights, dates and how certain they are. A date or
    a window keeps what may have held then. GovgraphError(unknown-network, not-found)."""
    response = await in_thread(request, lambda: _written(release, name, place, asked, format))
    name_release(response, release, response.media_type or "")
    return response


def _written(
    release: Opened, name: str, place: str | None, asked: Asked | None, format: str
) -> Response:
    if name not in NETWORKS:
        raise GovgraphError("unknown-network", id=name, offered=", ".join(NETWORKS))
    days = asked or Asked()
    given: dict[str, Any] = {"at": days.at, "start": days.start, "end": days.end}
    given["place"] = release.context.require("place", place) if place else None
    found = NETWORKS[name][0](release.engine, **given)
    if format == "json":
        return JSONResponse(nodelink(found))
    attached = {"Content-Disposition": f'attachment; filename="{name}.graphml"'}
    return Response("".join(graphml(found)), media_type=GRAPHML, headers=attached)
