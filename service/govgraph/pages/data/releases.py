"""/data/releases: all releases; /data/reports/ID: what a release was made of and what is odd in it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.http.common import in_thread, releases
from govgraph.lookup.differences import listed
from govgraph.pages.citing.box import as_file, citation
from govgraph.pages.common import Shown
from govgraph.pages.data.findings import FILTERS, SHOWN, Findings
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.words import texts
from govgraph.release import Release

router = APIRouter(include_in_schema=False)
Json = Mapping[str, Any]
#: Releases of a page.
LISTED = 50


@router.get("/data/releases")
async def all_releases(request: Request, page: Shown, offset: int = 0) -> Response:
    """All releases, the newest first, each with its report and what it changed."""
    found = await in_thread(request, lambda: listed(releases(request).home))
    cited = citation(page, page.t("data.cited"), texts()["data.cited"]["en"], "release")
    earlier = {one["id"]: two["id"] for one, two in pairwise(found)}
    begin = max(offset, 0)
    return as_file(page, cited) or respond(
        "releases.html", page, "data", releases=found[begin : begin + LISTED], earlier=earlier,
        offset=begin, total=len(found), rows=LISTED, citation=cited,
    )  # fmt: skip


@router.get("/data/reports/{id}")
async def report(request: Request, page: Shown, id: str, offset: int = 0) -> Response:
    """A release's report as people read it, narrowed by what the address asks for.
    GovgraphError(unknown-release, release-gone)."""
    current = page.opened.release if page.opened else None
    release = current if current and current.id == id else releases(request).home.get(id)
    return await in_thread(request, lambda: _report(page, release, max(offset, 0)))


def _report(page: Page, release: Release, offset: int) -> Response:
    report = release.report
    asked = {name: page.request.query_params.get(name, "") for name in FILTERS}
    everything = [*report["problems"], *report["validation"]]
    findings = Findings.narrowed(everything, asked, offset)
    return respond(
        "report.html", page, "data",
        release=release, report=report, manifest=release.manifest, asked=asked, all=len(everything),
        findings=findings, narrowable=any(asked.values()) or findings.is_mixed, rows=SHOWN, filters=FILTERS,
        datasets=_datasets(report["tables"]),
    )  # fmt: skip


def _datasets(tables: list[Json]) -> dict[str, list[Json]]:
    """The tables by their datasets, those that are empty left out but counted."""
    found: dict[str, list[Json]] = {}
    for table in tables:
        found.setdefault(table["dataset"], []).append(table)
    return found
