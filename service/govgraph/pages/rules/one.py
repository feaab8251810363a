"""/findings: one finding at its own address, with all that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from fastapi import APIRouter, Request, Response

from govgraph.catalog.index import find_entry
from govgraph.errors import GovgraphError
from govgraph.http.common import in_thread
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.rules.findings import Finding, finding, key, proofs
from govgraph.pages.rules.made_up import made_up
from govgraph.pages.rules.ruleset import ruleset
from govgraph.pages.timeline import Timeline, timeline

router = APIRouter(include_in_schema=False)
_NAMES = ("rule", "place", "person", "slot")


@router.get("/findings")
async def one(request: Request, page: Shown) -> Response:
    """The finding. GovgraphError(not-found)."""
    return await in_thread(request, lambda: _page(page))


def _page(page: Page) -> Response:
    assert page.opened is not None
    found = finding(page, _row(page))
    rules = [rule for rule in ruleset(page, found.model).rules if rule.iri == found.rule]
    named = [iri for iri in (found.place, found.person, found.model, *found.source) if iri]
    return respond(
        "finding.html", page, "rules",
        one=found, rule=next(iter(rules), None), labels=page.opened.context.labels(named),
        line=_line(page, found), proved=proofs(page, found.source), numbers=numbers,
        made_up=made_up(page, named), short=lambda iri: (key(page, iri) or "").rpartition("/")[2],
    )  # fmt: skip


def _row(page: Page) -> Mapping[str, Any]:
    """The row of `rule-findings` that the address names."""
    assert page.opened is not None
    given = page.request.query_params
    asked = {name: [text] for name in _NAMES[:3] if (text := given.get(name))}
    wanted = {name: given.get(name) for name in _NAMES} | {"from": given.get("since")}
    if {"rule", "place"} <= asked.keys():
        result = page.opened.answer(find_entry("rule-findings"), asked)
        for row in result.frame.iter_rows(named=True):
            named = {name: key(page, row[name]) for name in _NAMES}
            if wanted == named | {"from": row["from"].isoformat() if row["from"] else None}:
                return row
    raise GovgraphError(
        "not-found", kind="finding", kind_zh="判断", id=page.request.query_params.get("rule", "—")
    )


def _line(page: Page, found: Finding) -> Timeline | None:
    """The person's posts with the stretch of the finding above them."""
    assert page.opened is not None
    if found.person is None:
        return None
    result = page.opened.answer(find_entry("person-career"), {"person": [found.person]})
    held = result.frame.filter(pl.col("post").is_not_null())
    days = {"possible_from": found.begin, "certain_from": found.begin}
    days |= {"possible_to": found.end, "certain_to": found.end}
    stretch = pl.DataFrame([{"kind": found.state, **days}], schema_overrides=held.schema)
    frame = pl.concat([stretch, held], how="diagonal")
    return timeline(page, replace(result, frame=frame), "post")
