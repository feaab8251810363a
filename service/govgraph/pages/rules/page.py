"""/rules and /rules/{model}: what rules ask, as a picture and in words, and how they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import polars as pl
from fastapi import APIRouter, Request, Response

from govgraph.catalog.index import find_entry
from govgraph.errors import GovgraphError
from govgraph.governance.models.compare import all_models
from govgraph.http.common import in_thread
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.rules.asked import Asked, asked_for
from govgraph.pages.rules.drawing import drawing
from govgraph.pages.rules.findings import STATUSES, findings, key, proofs
from govgraph.pages.rules.made_up import made_up
from govgraph.pages.rules.practice import practice
from govgraph.pages.rules.ruleset import Rule, ruleset

router = APIRouter(include_in_schema=False)
_FILES = ("csv", "xlsx", "json")


@router.get("/rules")
async def overview(request: Request, page: Shown) -> Response:
    """All models that have rules, with what became of them."""
    return await in_thread(request, lambda: _overview(page))


def _overview(page: Page) -> Response:
    assert page.opened is not None
    context = page.opened.context
    rules = page.opened.answer(find_entry("rules-of-models"), {}).frame
    kept = page.opened.answer(find_entry("rule-summary"), _at(page))
    counted = rules.group_by("model").agg(
        rules=pl.col("rule").n_unique(), judged=pl.col("rule").filter("judged").n_unique()
    )
    sums = kept.frame.group_by("model").agg(
        pl.col("cases", "broken", "cannot_be_told", "kept").sum(), places=pl.len()
    )
    models = counted.join(sums, on="model", how="left").sort("rules", descending=True)
    every = all_models(page.opened.engine)
    return respond(
        "rules.html", page, "rules",
        models=list(models.iter_rows(named=True)), without=len(every) - models.height,
        labels=context.labels(models["model"].to_list()), address=lambda iri: _address(page, iri),
        coverage=[said.zh if page.language == "zh" else said.en for said in kept.coverage],
    )  # fmt: skip


def _at(page: Page) -> dict[str, list[str]]:
    return {"at": [page.asked.at.text]} if page.asked and page.asked.at else {}


def _address(page: Page, model: str) -> str:
    """The page of a model's rules."""
    return page.to(f"/rules/{(key(page, model) or '').removeprefix('model/')}")


@router.get("/rules/{model:path}")
async def of_model(request: Request, model: str, page: Shown) -> Response:
    """The rules of a model and its practice. GovgraphError(not-found)."""
    return await in_thread(request, lambda: _of_model(page, model))


def _of_model(page: Page, text: str) -> Response:
    assert page.opened is not None
    model = _model(page, text)
    found = ruleset(page, model)
    asked = asked_for(page)
    content = _practised(page, model, found.rules, asked)
    evidence = proofs(page, [rule.iri for rule in found.rules])
    title = page.opened.context.labels([model]).get(model, {})
    return respond(
        "ruleset.html", page, "rules", asked.status,
        model=model, key=text, title=title, found=found, evidence=evidence, numbers=numbers,
        wide=drawing(page, found, 2), narrow=drawing(page, found, 1), asked=asked,
        files=_files(page, model, asked), **content,
    )  # fmt: skip


def _model(page: Page, text: str) -> str:
    """The model of a key. GovgraphError(not-found)."""
    assert page.opened is not None
    known = set(all_models(page.opened.engine))
    for iri in (text, f"{page.opened.context.base}model/{quote(text, safe='%')}"):
        if iri in known:
            return iri
    raise GovgraphError("not-found", kind="model", kind_zh="治理模式", id=text)


def _practised(page: Page, model: str, rules: Sequence[Rule], asked: Asked) -> dict[str, Any]:
    """How rules are kept: totals, a page of places, a page of findings, names of all."""
    assert page.opened is not None
    kept = practice(page, model, asked.place, rules, asked.offset)
    totals = kept.totals
    found = findings(
        page, model, asked.place, asked.statuses, asked.rule, asked.skip,
        totals.broken + totals.open + (totals.kept if "kept" in asked.statuses else 0),
    )  # fmt: skip
    people = [one.person for one in found.found if one.person]
    places = [*(place.iri for place in kept.places), *(one.place for one in found.found)]
    named = {*people, *places, *(one.rule for one in found.found), *filter(None, [asked.place])}
    named |= {iri for one in asked.unclear for iri in one.offered}
    return {
        "practice": kept,
        "findings": found,
        "statuses": STATUSES,
        "labels": page.opened.context.labels(named),
        "made_up": made_up(page, [*people, *places]),
        "proved": proofs(page, [iri for one in found.found for iri in one.source]),
        "short": lambda iri: (key(page, iri) or "").rpartition("/")[2],
        "of_key": lambda iri: key(page, iri),
    }


def _files(page: Page, model: str, asked: Asked) -> dict[str, str]:
    given = {"model": key(page, model), "place": key(page, asked.place), "status": asked.statuses}
    return {
        kind: page.to(
            "/api/v1/queries/rule-findings", **given, release=page.release,
            format=None if kind == "json" else kind,
        )
        for kind in _FILES
    }  # fmt: skip
