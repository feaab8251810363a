"""/api/v1/entities: all that a release says of one entity as JSON or CSV, with its evidence."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from govgraph.governance.models.exports.written import csv_of
from govgraph.http import negotiate
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.state import Opened
from govgraph.lookup.statements import Statements, as_json, as_table, statements

router = APIRouter(prefix="/api/v1/entities", tags=["lookups"])
CSV = "text/csv; charset=utf-8"
#: Facts of an answer: so many have so many cells to look up.
PAGE, LONGEST = 500, 1_000
_OFFERED = {"application/json": "json", "text/csv": "csv"}
Type = Annotated[str, Path(description="Its type, as in its IRI.", examples=["person"])]
Key = Annotated[str, Path(description="Its identifier, as in its IRI.", examples=["ex-c01-p1"])]
Format = Annotated[
    Literal["json", "csv"] | None, Query(description="json or csv, instead of Accept.")
]
Limit = Annotated[int, Query(ge=1, le=LONGEST, description="Facts at most.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Facts to leave out first.")]


@router.get(
    "/{type}/{key:path}",
    summary="All facts of an entity, with dates, certainty and evidence",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
)
async def entity(
    request: Request, type: Type, key: Key, release: Release, format: Format = None,
    limit: Limit = PAGE, offset: Offset = 0,
) -> Response:  # fmt: skip
    """Property, value, from, to, how it is known, and the rows, cells and sentences of each fact.
    Texts of the CSV that a spreadsheet would take for formulas begin with an apostrophe.
    GovgraphError(not-found, not-acceptable)."""
    kind = format or negotiate.require(negotiate.accepted(request), _OFFERED)[1]
    iri = release.context.iri(type, key)

    def work() -> Response:
        return _written(release, statements(release.context, iri, limit, offset), kind)

    response = await in_thread(request, work)
    name_release(response, release, response.media_type or "")
    return response


def _written(release: Opened, found: Statements, kind: str) -> Response:
    if kind == "json":
        return JSONResponse(as_json(release.context, found) | {"release": release.release.id})
    response = Response(csv_of([list(row) for row in as_table(found)]), media_type=CSV)
    name = release.context.split(found.iri)[1]
    safe = "".join(c if (c.isascii() and c.isalnum()) or c in "-_" else "-" for c in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe[:80]}.csv"'
    return response
