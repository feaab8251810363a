"""/funding: a Sankey diagram with unknown amounts drawn as unknown, sums by year, and office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.catalog.index import find_entry
from govgraph.catalog.run import Result
from govgraph.http.common import in_thread
from govgraph.http.money import diagram
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.funding.drawing import Drawing, drawing
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.results import Table, table

router = APIRouter(include_in_schema=False)
Texts = Mapping[str, Sequence[str]]
FIELDS = ("place", "funder", "recipient", "project", "year")
LEVELS = ("instrument", "project", "none")
ROWS = 50
_SUM = " value at_least at_most currency"
#: The parts of the page: a query, the fields that it takes, its columns.
_PARTS = {
    "flows": ("funding-flows", FIELDS, "flow funder recipient instrument fiscal_year" + _SUM),
    "years": (
        "funding-by-year",
        ("place", "funder", "recipient", "project"),
        "year currency flows known unknown value lower upper",
    ),
    "unknown": (
        "unknown-amounts",
        ("place", "funder", "year"),
        "flow funder recipient fiscal_year at_least at_most currency bound_by",
    ),
    "office": (
        "office-on-both-sides",
        ("place", "funder", "recipient", "year"),
        "flow person both payer_post other_post sure_from sure_to maybe_from maybe_to",
    ),
}


@router.get("/funding")
async def funding(request: Request, page: Shown) -> Response:
    """The page for what the address picks. GovgraphError(invalid-parameter, unknown-value)."""
    return await in_thread(request, lambda: _page(page))


def _page(page: Page) -> Response:
    asked = {
        name: [text] for name in FIELDS if (text := page.request.query_params.get(name, "").strip())
    }
    levels = page.request.query_params.get("levels", "")
    levels = levels if levels in LEVELS else LEVELS[0]
    results = {
        key: _answer(page, query, fields, asked) for key, (query, fields, _) in _PARTS.items()
    }
    proved = page.request.query_params.get("evidence")
    return respond(
        "funding.html", page, "funding",
        asked=asked, levels=levels, all_levels=LEVELS, fields=FIELDS, numbers=numbers,
        drawings=_drawings(page, asked, levels), results=results,
        tables={key: _table(page, key, result, proved) for key, result in results.items()},
        links={key: _link(page, key, asked) for key in _PARTS}, names=_names(page, results),
        sought={p.name: p.kind for p in results["flows"].entry.parameters if p.type == "entity"},
    )  # fmt: skip


def _answer(page: Page, query: str, fields: Sequence[str], asked: Texts) -> Result:
    assert page.opened is not None
    texts = {name: texts for name, texts in asked.items() if name in fields}
    return page.opened.answer(find_entry(query), texts)


def _table(page: Page, key: str, result: Result, proved: str | None) -> Table:
    return table(page, result, _PARTS[key][2].split(), limit=ROWS, proved=proved == key)


def _link(page: Page, key: str, asked: Texts) -> str:
    query, fields, _ = _PARTS[key]
    return page.to(f"/queries/{query}", **{n: list(t) for n, t in asked.items() if n in fields})


def _drawings(page: Page, asked: Texts, levels: str) -> dict[str, Drawing]:
    """A diagram for each currency."""
    assert page.opened is not None
    found = diagram(page.opened, {**{n: list(t) for n, t in asked.items()}, "levels": [levels]})
    currencies = sorted({link["currency"] or "" for link in found["links"]})
    drawn = {
        currency: drawing(
            found["nodes"], [x for x in found["links"] if (x["currency"] or "") == currency]
        )
        for currency in currencies
    }
    return {currency: one for currency, one in drawn.items() if one is not None}


def _names(page: Page, results: Mapping[str, Result]) -> dict[str, Any]:
    """What the fields of the form are called, from the query's own header."""
    entry = results["flows"].entry
    zh = page.language == "zh"
    return {p.name: p.zh if zh else p.en for p in entry.parameters}
