"""/bodies: the bodies of a place as a tree of parts, with their posts and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from govgraph.catalog.index import find_entry
from govgraph.catalog.present import labels
from govgraph.catalog.run import Result
from govgraph.http.common import in_thread
from govgraph.pages.bodies.moments import moments
from govgraph.pages.bodies.network import offset_of
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.results import table
from govgraph.vocabulary import PROLOGUE

router = APIRouter(include_in_schema=False)
#: Bodies that a chart shows; those of a larger place are a table of pages of ROWS.
MOST, ROWS = 400, 100
_COLUMNS = ("body", "type", "parent", "site", "founded", "dissolved", "exists")
_POSTS = "SELECT DISTINCT ?body ?post WHERE { VALUES ?body { %s } ?post org:postIn ?body } ORDER BY ?post"
_PLACES = "SELECT ?place WHERE { ?body gov:place ?place } GROUP BY ?place ORDER BY DESC(COUNT(*)) ?place LIMIT 40"


@dataclass
class Body:
    """A body in the tree: `posts` with those who hold them and how sure that is."""

    iri: str
    type: str | None
    exists: str | None
    parts: list[Body] = field(default_factory=list)
    posts: list[tuple[str, Sequence[tuple[str, str]]]] = field(default_factory=list)


@router.get("/bodies")
async def bodies(request: Request, page: Shown, place: str = "") -> Response:
    """The chart of a place, at a date if one is given. GovgraphError(unknown-value)."""
    return await in_thread(request, lambda: _page(page, place.strip()))


def _page(page: Page, place: str) -> Response:
    assert page.opened is not None
    answer = _answer(page, place) if place else None
    rows = list(answer.frame.iter_rows(named=True)) if answer else []
    bodies = len({row["body"] for row in rows})
    offset = offset_of(page)
    found = tree(rows) if bodies <= MOST else []
    _fill(page, place, found)
    places = [] if place else _places(page)
    listed = table(page, answer, _COLUMNS, limit=ROWS, offset=offset) if answer else None
    return respond(
        "bodies.html", page, "find",
        place=place, where=_where(page, place), trees=found, places=places, bodies=bodies,
        most=MOST, listed=listed if bodies > MOST else None, offset=offset, step=ROWS,
        times=moments(page, _iri(page, place)) if place else None, said=_said(page, bodies, found),
        names=labels(page.opened.engine, [*_named(found), *places]), numbers=numbers,
    )  # fmt: skip


def _said(page: Page, bodies: int, trees: list[Body]) -> str:
    """How many bodies and posts there are, and at a date how many posts are held."""
    posts = [people for body in _every(trees) for _, people in body.posts]
    if bodies > MOST or not (page.asked and page.asked.at):
        return page.t("bodies.count", n=page.number(bodies))
    return page.t(
        "bodies.held", date=page.date(page.asked.at.text), bodies=page.number(bodies),
        posts=page.number(len(posts)), held=page.number(sum(bool(people) for people in posts)),
    )  # fmt: skip


def _iri(page: Page, place: str) -> str:
    assert page.opened is not None
    return page.opened.context.iri("place", place.removeprefix("place/"))


def _where(page: Page, place: str) -> Mapping[str, str]:
    """The labels of a place that is given by its key."""
    assert page.opened is not None
    iri = _iri(page, place)
    return labels(page.opened.engine, [iri]).get(iri, {})


def _answer(page: Page, place: str) -> Result:
    """The bodies of the place, at the date if there is one. GovgraphError(unknown-value)."""
    assert page.opened is not None
    asked = {"place": [place]}
    if page.asked and page.asked.at:
        asked["at"] = [page.asked.at.text]
    return page.opened.answer(find_entry("bodies-of-place"), asked)


def tree(rows: Iterable[Mapping[str, Any]]) -> list[Body]:
    """Bodies below those that they are part of. What is part of itself stands at the top once."""
    found: dict[str, Body] = {}
    parents: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["body"], Body(row["body"], row["type"], row["exists"]))
        if row["parent"]:
            parents.setdefault(row["body"], row["parent"])
    top = []
    for iri, body in found.items():
        above = parents.get(iri)
        if above in found and iri not in _above(above, parents):
            found[above].parts.append(body)
        else:
            top.append(body)
    return top


def _above(iri: str | None, parents: Mapping[str, str]) -> list[str]:
    """The body and all above it, as far as they do not repeat."""
    found: list[str] = []
    while iri is not None and iri not in found:
        found.append(iri)
        iri = parents.get(iri)
    return found


def _fill(page: Page, place: str, trees: list[Body]) -> None:
    """Give bodies their posts, and posts those who hold them at the date."""
    assert page.opened is not None
    every = {body.iri: body for body in _every(trees)}
    if not every:
        return
    holders = _holders(page, place)
    values = " ".join(str(NamedNode(iri)) for iri in every)
    for row in page.opened.engine.select(PROLOGUE + _POSTS % values):
        post = row["post"].value
        every[row["body"].value].posts.append((post, holders.get(post, ())))


def _holders(page: Page, place: str) -> dict[str, list[tuple[str, str]]]:
    """Who holds each post at the date, and whether that is certain; nobody is named without one."""
    assert page.opened is not None
    found: dict[str, list[tuple[str, str]]] = {}
    if page.asked and page.asked.at:
        asked = {"place": [place], "at": [page.asked.at.text]}
        frame = page.opened.answer(find_entry("holders-on-date"), asked).frame
        for row in frame.iter_rows(named=True):
            found.setdefault(row["post"], []).append((row["person"], row["held"]))
    return found


def _every(trees: Iterable[Body]) -> Iterable[Body]:
    for body in trees:
        yield body
        yield from _every(body.parts)


def _named(trees: list[Body]) -> list[str]:
    """All entities of a chart."""
    found = []
    for body in _every(trees):
        found += [body.iri, *([body.type] if body.type else [])]
        for post, people in body.posts:
            found += [post, *(person for person, _ in people)]
    return found


def _places(page: Page) -> list[str]:
    """Places that have bodies, those with most of them first."""
    assert page.opened is not None
    return [row["place"].value for row in page.opened.engine.select(PROLOGUE + _PLACES)]
