"""/api/v1/money: money in the shapes that diagrams need."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from govgraph.catalog.index import find_entry
from govgraph.catalog.present import rows
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.state import Opened

router = APIRouter(prefix="/api/v1/money", tags=["money"])
Json = dict[str, Any]
Levels = Literal["instrument", "project", "none", "chain"]


def _entity(what: str, example: str) -> Any:
    return Query(description=f"{what}: a key, `type/key` or an IRI.", examples=[example])


Funder = Annotated[str | None, _entity("Funder", "ex-subdistrict-office")]
Recipient = Annotated[str | None, _entity("Recipient", "ex-charity")]
Project = Annotated[str | None, _entity("Project", "ex-prj-1")]
Place = Annotated[str | None, _entity("Place, with all below it", "ex-c01")]
Day = Annotated[str | None, Query(description="Year, month or day.", examples=["2021"])]


@router.get("/sankey", summary="Nodes and links of a Sankey diagram of funding")
async def sankey_diagram(
    request: Request,
    response: Response,
    release: Release,
    levels: Levels = "instrument",
    funder: Funder = None,
    recipient: Recipient = None,
    project: Project = None,
    place: Place = None,
    year: int | None = None,
    at: Day = None,
    start: Day = None,
    end: Day = None,
) -> Json:
    """The answer of the query `funding-sankey` as `nodes` and `links`.

    `source` and `target` of a link are places in `nodes`, from 0. A link whose `value` is null has
    no known amount, and so no width; `unknown` says how many of its flows have none.
    """
    name_release(response, release)
    asked = {
        "levels": levels, "funder": funder, "recipient": recipient, "project": project,
        "place": place, "year": year, "at": at, "start": start, "end": end,
    }  # fmt: skip
    texts = {name: [str(given)] for name, given in asked.items() if given is not None}
    return await in_thread(request, lambda: diagram(release, texts))


def diagram(release: Opened, texts: dict[str, list[str]]) -> Json:
    """`nodes`, `links`, `coverage` of the query `funding-sankey`.

    GovgraphError(invalid-parameter, invalid-date, unknown-value)."""
    result = release.answer(find_entry("funding-sankey"), texts)
    nodes: dict[tuple[str, str | None], Json] = {}
    links = [_link(row, nodes) for row in rows(release.context, result.entry, result.frame)]
    return {
        "parameters": dict(result.given),
        "nodes": list(nodes.values()),
        "links": links,
        "coverage": [vars(said) for said in result.coverage],
    }


def _link(row: Json, nodes: dict[tuple[str, str | None], Json]) -> Json:
    """A link, its nodes added to `nodes` where they are new."""
    ends = (_node(row, side, nodes) for side in ("from", "to"))
    kept = ("currency", "flows", "unknown", "value", "lower", "upper", "cycle")
    return dict(zip(("source", "target"), ends, strict=True)) | {name: row[name] for name in kept}


def _node(row: Json, side: str, nodes: dict[tuple[str, str | None], Json]) -> int:
    """The place of a node: a level with an entity, or with none where it is not stated."""
    level, entity = row[f"{side}_level"], row[f"{side}_entity"]
    key = level, entity["iri"] if entity else None
    nodes.setdefault(key, {"index": len(nodes), "level": level, "entity": entity})
    index: int = nodes[key]["index"]
    return index
