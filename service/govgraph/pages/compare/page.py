"""/compare: a form to choose, and models and places side by side with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.models.cells import KNOWN, STATES
from govgraph.governance.models.compare import all_models
from govgraph.governance.models.dimensions import dimensions
from govgraph.governance.models.exports.document import Comparison
from govgraph.governance.models.side_by_side import MEDIA, compare
from govgraph.governance.time import Moment
from govgraph.http.common import in_thread
from govgraph.pages.citing.box import Citation, as_file, citation
from govgraph.pages.common import Shown
from govgraph.pages.compare.aligned import groups
from govgraph.pages.compare.choice import COLUMNS, PINS, Choice, choice, key, term, without
from govgraph.pages.compare.footnotes import MOST, sources
from govgraph.pages.compare.likeness import LEAST, pairs
from govgraph.pages.compare.revision import revised
from govgraph.pages.frame import respond
from govgraph.pages.home import matrix
from govgraph.pages.page import Page
from govgraph.pages.words import texts

router = APIRouter(include_in_schema=False)
#: Cells of a table that lists slots one by one without being asked to: more weigh too much.
CELLS = 240


@dataclass(frozen=True)
class Column:
    """A model or place: its key, the parameter that chooses it, how many aspects are known, and
    how its column stands: pinned first, second or not."""

    iri: str
    key: str
    parameter: str
    known: int
    pinned: int | None
    without: str
    pin: str


@router.get("/compare")
async def comparison(request: Request, page: Shown) -> Response:
    """The comparison; without two to compare, the form."""
    return await in_thread(request, lambda: _page(page))


def _page(page: Page) -> Response:
    chosen = choice(page)
    status = 404 if chosen.unclear else 200
    if len(chosen.shown) < 2:
        return respond("compare-choose.html", page, "compare", status, **_form(page, chosen))
    cited = _citation(page, chosen)
    return as_file(page, cited) or respond(
        "compare.html", page, "compare", status, citation=cited, **_content(page, chosen)
    )


def _citation(page: Page, chosen: Choice) -> Citation:
    """A comparison is cited by what it compares."""
    assert page.opened is not None
    labels = page.opened.context.labels(chosen.shown)
    keys = _keys(page, chosen.shown)
    named = list(zip(chosen.shown, keys, strict=True))
    own = page.t("compare.between").join(page.plain(labels.get(iri), name) for iri, name in named)
    english = "; ".join(labels.get(iri, {}).get("en") or name for iri, name in named)
    titles = (
        page.t("compare.cited", names=own),
        texts()["compare.cited"]["en"].format(names=english),
    )
    return citation(page, *titles, "compare-" + "-".join(keys))


def _form(page: Page, chosen: Choice) -> dict[str, Any]:
    """What the form needs: all models with how much each says, dimensions, names."""
    assert page.opened is not None
    engine, context = page.opened.engine, page.opened.context
    every = matrix(engine)
    offered = [iri for one in chosen.unclear for iri in one.offered]
    rest = [model for model in all_models(engine) if model not in every.states]
    labels = context.labels([*every.states, *chosen.subjects, *offered, *rest])
    return {
        "chosen": chosen, "matrix": every, "rest": rest, "labels": labels, "dimensions": dimensions(engine),
        "key": lambda iri: key(page, iri), "term": term, "states": STATES, "most": COLUMNS,
    }  # fmt: skip


def _content(page: Page, chosen: Choice) -> dict[str, Any]:
    assert page.opened is not None
    shown = _compared(page, chosen, tuple(chosen.shown))
    models = [iri for iri in chosen.shown if iri in chosen.models]
    wholes = [row for row in shown.found.rows if row.kind == "dimension"]
    states = [shown.found.cell(s, row).state for row in wholes for s in chosen.shown]
    return _form(page, chosen) | {
        "groups": groups(page, shown, chosen.shown),
        "columns": [_column(page, chosen, shown, iri) for iri in chosen.shown],
        "total": len(wholes),
        "count": {state: states.count(state) for state in STATES},
        "coverage": shown.coverage,
        "pairs": pairs(_whole(page, chosen, shown), models),
        "least": LEAST,
        "revisions": revised(page, models),
        "numbers": {each.entity: each.number for each in shown.citations},
        "sources": sources(page, shown.citations),
        "listed": min(MOST, len(shown.citations)),
        "of_all": len(shown.citations),
        "left_out": len(chosen.subjects) - len(chosen.shown),
        "files": _files(page, chosen),
        "sort": page.request.query_params.get("sort", "differences"),
        "diff": _differences_only(page),
        "parts": _parts(page, len(shown.rows) * len(chosen.shown)),
    }


def _compared(page: Page, chosen: Choice, subjects: tuple[str, ...]) -> Comparison:
    assert page.opened is not None
    models = tuple(iri for iri in subjects if iri in chosen.models)
    places = tuple(iri for iri in subjects if iri in chosen.places)
    at = page.asked.at if page.asked else None
    return _side_by_side(
        page.opened.engine, models, places, chosen.dimensions, at, _differences_only(page),
        page.opened.release.id,
    )  # fmt: skip


def _whole(page: Page, chosen: Choice, shown: Comparison) -> Comparison:
    """The comparison in all dimensions: likeness does not depend on what a reader looks at."""
    if not chosen.dimensions:
        return shown
    every = Choice(chosen.models, chosen.places, chosen.pinned, (), ())
    return _compared(page, every, tuple(chosen.shown))


@kept
def _side_by_side(
    engine: Engine,
    models: tuple[str, ...],
    places: tuple[str, ...],
    wanted: tuple[str, ...],
    at: Moment | None,
    differences_only: bool,
    release: str,
) -> Comparison:
    return compare(
        engine, models=models, places=places, dimensions=wanted, at=at,
        differences_only=differences_only, release=release,
    )  # fmt: skip


def _parts(page: Page, cells: int) -> bool:
    """Whether slots are listed one by one: as the reader chose, or else if they are not too many."""
    asked = page.request.query_params.get("parts")
    return asked == "1" or (asked != "0" and cells <= CELLS)


def _differences_only(page: Page) -> bool:
    return page.request.query_params.get("diff", "").lower() in ("1", "true", "yes")


def _column(page: Page, chosen: Choice, shown: Comparison, iri: str) -> Column:
    wholes = [row for row in shown.found.rows if row.kind == "dimension"]
    of = chosen.models if iri in chosen.models else chosen.places
    parameter = "m" if iri in chosen.models else "p"
    pinned = chosen.pinned.index(iri) if iri in chosen.pinned else None
    rest = {
        parameter: _keys(page, without(of, iri)),
        "pin": _keys(page, without(chosen.pinned, iri)),
    }
    pins = without(chosen.pinned, iri) if pinned is not None else [*chosen.pinned, iri][-PINS:]
    return Column(
        iri, key(page, iri), parameter,
        sum(shown.found.cell(iri, row).state in KNOWN for row in wholes),
        pinned, page.with_(**rest), page.with_(pin=_keys(page, pins)),
    )  # fmt: skip


def _keys(page: Page, iris: Sequence[str]) -> list[str]:
    return [key(page, iri) for iri in iris]


def _files(page: Page, chosen: Choice) -> dict[str, str]:
    """Where the whole comparison is had as a file, of the release that is shown."""
    asked: dict[str, Any] = {
        "models": _keys(page, chosen.models), "places": _keys(page, chosen.places),
        "dimensions": [term(iri) for iri in chosen.dimensions],
        "at": page.asked.at.text if page.asked and page.asked.at else None,
        "differences_only": "true" if _differences_only(page) else None,
        "release": page.release, "lang": page.language,
    }  # fmt: skip
    return {kind: page.to("/api/v1/compare", **asked, format=kind) for kind in MEDIA}
