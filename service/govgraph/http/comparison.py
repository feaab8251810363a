"""/api/v1/compare and /api/v1/qca: models and places side by side, and studies for R, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from govgraph.catalog.entry import Entry, Parameter
from govgraph.catalog.values import Texts, given
from govgraph.governance.models.nodes import Language
from govgraph.governance.models.qca.archive import archive
from govgraph.governance.models.qca.truth import study
from govgraph.governance.models.side_by_side import MEDIA, Format, compare, written
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.state import Opened

router = APIRouter(prefix="/api/v1", tags=["comparison"])
_CONDITION = "name of a query with columns case and value, as NAME, NAME>=THRESHOLD or NAME=OUT/CROSSOVER/FULL"
_MODELS = Query(description="Models, by id.", examples=[["gm-1zhan", "gm-2zhan"]])
_PLACES = Query(description="Places, by id; each with all below it.", examples=[["ex-c01"]])
_DIMENSIONS = Query(
    description="These dimensions only.", examples=[["gov:bodiesDimension"]]
)  # fmt: skip
#: What a caller names, to be read as the catalogue reads its parameters.
_ASKED = Entry(
    "compare", "comparison", Path(), "并排比较", "Side by side", "", "", (),
    parameters=(
        Parameter("models", "entity", "模式", "models", many=True, kind="model"),
        Parameter("places", "entity", "地点", "places", many=True, kind="place"),
        Parameter("dimensions", "entity", "维度", "dimensions", many=True),
        Parameter("at", "date", "日期", "date"),
    ),
)  # fmt: skip
_AT = Query(description="What held in places at this date.", examples=["2021-04"])


@router.get(
    "/compare",
    summary="Models and places side by side",
    response_class=Response,
    responses={200: {"content": {media.partition(";")[0]: {} for media in MEDIA.values()}}},
)
async def compared(
    request: Request,
    release: Release,
    models: Annotated[list[str] | None, _MODELS] = None,
    places: Annotated[list[str] | None, _PLACES] = None,
    dimensions: Annotated[list[str] | None, _DIMENSIONS] = None,
    at: Annotated[str | None, _AT] = None,
    differences_only: Annotated[bool, Query(description="Only rows that differ.")] = False,
    format: Annotated[Format, Query(description="json, csv, md or xlsx.")] = "json",
    lang: Annotated[Language, Query(description="Language of Markdown.")] = "zh",
) -> Response:
    """Two or more models or places, aligned on function and slot, each cell with its state and
    its numbered citations. XLSX has the sheets comparison, cells, codebook and citations."""

    texts = {
        "models": models or [],
        "places": places or [],
        "dimensions": dimensions or [],
        "at": [at] if at else [],
    }

    def work() -> bytes:
        return side_by_side(release, texts, format, lang, differences_only=differences_only)

    body = await in_thread(request, work)
    return _file(release, body, MEDIA[format], f"comparison.{format}")


def side_by_side(
    release: Opened, texts: Texts, kind: Format, language: Language, *, differences_only: bool
) -> bytes:
    """A comparison as a file, of what a caller names by texts: `models`, `places`, `dimensions`,
    `at`. GovgraphError(unknown-value, invalid-parameter, invalid-date)."""
    asked = given(release.context, _ASKED, texts).plain(_ASKED)
    shown = compare(
        release.engine, **asked, differences_only=differences_only, release=release.release.id
    )
    return written(shown, kind, language)


@router.get(
    "/qca",
    summary="A study for R's package QCA",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
async def qca(
    request: Request,
    release: Release,
    conditions: Annotated[
        list[str], Query(description=_CONDITION, examples=[["condition-paid-staff"]])
    ],
    outcome: Annotated[str, Query(description=_CONDITION, examples=["condition-joined-posts"])],
    cases: Annotated[
        Literal["models", "places"], Query(description="What is compared.")
    ] = "models",
    unsourced: Annotated[bool, Query(description="Count what has no source.")] = False,
    cut: Annotated[float, Query(ge=0, le=1, description="Consistency cut-off.")] = 0.8,
) -> Response:
    """A ZIP of data.csv (cases by calibrated conditions), truth-table.csv and qca.R, which opens
    both in R. Unknown is NA, never 0; contradictory rows are marked, not dropped."""

    def work() -> bytes:
        found = study(release.engine, conditions, outcome, cases, unsourced=unsourced)
        return archive(found, release.context.base, cut)

    body = await in_thread(request, work)
    return _file(release, body, "application/zip", "qca.zip")


def _file(release: Opened, body: bytes, media: str, name: str) -> Response:
    response = Response(body, media_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    name_release(response, release, media)
    return response
