"""/data/releases: all releases; /data/reports/ID: what a release was made of and what is odd in it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from govgraph.http.common import in_thread, releases
from govgraph.lookup.differences import listed
from govgraph.pages.citing.box import as_file, citation
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.words import texts
from govgraph.release import Release

router = APIRouter(include_in_schema=False)
Json = Mapping[str, Any]
#: Findings of a page.
SHOWN = 200


@router.get("/data")
async def data(page: Shown) -> Response:
    """The part's first page."""
    return RedirectResponse(page.to("/data/releases"), 303)


@router.get("/data/releases")
async def all_releases(request: Request, page: Shown) -> Response:
    """All releases, the newest first, each with its report and what it changed."""
    found = await in_thread(request, lambda: listed(releases(request).home))
    cited = citation(page, page.t("data.cited"), texts()["data.cited"]["en"], "release")
    earlier = {one["id"]: two["id"] for one, two in pairwise(found)}
    return as_file(page, cited) or respond(
        "releases.html", page, "data", releases=found, earlier=earlier, citation=cited
    )


@router.get("/data/reports/{id}")
async def report(request: Request, page: Shown, id: str) -> Response:
    """A release's report as people read it. GovgraphError(unknown-release)."""
    release = releases(request).home.get(id)
    return await in_thread(request, lambda: _report(page, release))


def _report(page: Page, release: Release) -> Response:
    report = release.report
    findings = [*report["problems"], *report["validation"]]
    order = {"error": 0, "warning": 1, "info": 2}
    findings.sort(key=lambda found: (order.get(found["severity"], 3), found["dataset"] or ""))
    return respond(
        "report.html", page, "data",
        release=release, report=report, manifest=release.manifest, findings=findings[:SHOWN],
        left_out=max(0, len(findings) - SHOWN), datasets=_datasets(report["tables"]),
    )  # fmt: skip


def _datasets(tables: list[Json]) -> dict[str, list[Json]]:
    """The tables by their datasets, those that are empty left out but counted."""
    found: dict[str, list[Json]] = {}
    for table in tables:
        found.setdefault(table["dataset"], []).append(table)
    return found
