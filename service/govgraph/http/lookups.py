"""/api/v1: JSON lookups, each with its evidence and, where it makes sense, `at=DATE`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from govgraph.ask import ask
from govgraph.catalog.questions import find_question, questions
from govgraph.governance.time import Asked
from govgraph.http.common import Release, in_thread, name_release
from govgraph.lookup.appointments import holders, roles
from govgraph.lookup.models import model
from govgraph.lookup.organizations import organization
from govgraph.lookup.why import explain

router = APIRouter(prefix="/api/v1", tags=["lookups"])
_PRECISION = "of year, month or day precision (2013, 2013-06, 2013-06-01)"


def _date(meaning: str, name: str | None = None) -> Any:
    return Query(alias=name, description=f"{meaning} {_PRECISION}.", examples=["2013-06"])


At = Annotated[
    str | None, _date("What held then: yes, or unknown where dates leave it open. A date")
]
From = Annotated[
    str | None, _date("What held on some day of a window that begins on a date", "from")
]
To = Annotated[str | None, _date("What held on some day of a window that ends on a date", "to")]


def days(at: At = None, start: From = None, end: To = None) -> Asked | None:
    """The days that the request asks about. GovgraphError(invalid-date, dates-conflict,
    window-reversed)."""
    return Asked.read(at, start, end)


Days = Annotated[Asked | None, Depends(days)]


def _key(example: str) -> Any:
    return Path(description="The identifier, as in the CSV's column `id`.", examples=[example])


PersonKey = Annotated[str, _key("ex-c01-p1")]
PostKey = Annotated[str, _key("ex-c01-zr-post")]
OrganizationKey = Annotated[str, _key("org-xiyuan")]
ModelKey = Annotated[str, _key("gm-2zhan")]
QuestionKey = Annotated[str, _key("CQ24")]


@router.get("/people/{id}/roles", summary="The posts that a person holds or held")
async def person_roles(
    request: Request, response: Response, id: PersonKey, release: Release, asked: Days
) -> dict[str, Any]:
    """Each role with its post, body, place, dates and evidence; with a date or a window, whether it held then."""
    name_release(response, release)
    return await in_thread(request, lambda: roles(release.context, id, asked))


@router.get("/posts/{id}/holders", summary="Who holds or held a post")
async def post_holders(
    request: Request, response: Response, id: PostKey, release: Release, asked: Days
) -> dict[str, Any]:
    """Each holder with dates and evidence; with a date or a window, whether the post was held then."""
    name_release(response, release)
    return await in_thread(request, lambda: holders(release.context, id, asked))


@router.get("/organizations/{id}", summary="An organization with its links")
async def one_organization(
    request: Request, response: Response, id: OrganizationKey, release: Release, asked: Days
) -> dict[str, Any]:
    """Part-of, parts, posts, holders, projects, flows and relations, each with its evidence."""
    name_release(response, release)
    return await in_thread(request, lambda: organization(release.context, id, asked))


@router.get("/models/{id}", summary="A governance model, slot by slot")
async def one_model(
    request: Request, response: Response, id: ModelKey, release: Release, asked: Days
) -> dict[str, Any]:
    """Bodies, functions, posts, rules, staffing, adoptions, and what the source does not state."""
    name_release(response, release)
    return await in_thread(request, lambda: model(release.context, id, asked))


def _part(meaning: str, example: str) -> Any:
    return Query(description=f"{meaning}.", min_length=1, max_length=4000, examples=[example])


_NAMED = "An IRI, prefix:name, or type/key of an instance"
Subject = Annotated[str, _part(_NAMED, "person/ex-c01-p1")]
Predicate = Annotated[str, _part(f"{_NAMED}; a for rdf:type", "gov:holdsPostAt")]
Object = Annotated[str, _part(f"{_NAMED}; a literal as in Turtle", "place/ex-c01")]


@router.get("/why", summary="Why the release holds a triple")
async def why_triple(
    request: Request, response: Response, s: Subject, p: Predicate, o: Object, release: Release
) -> dict[str, Any]:
    """The rule, the axioms and the premises, each explained in turn, down to the CSV rows."""
    name_release(response, release)
    return await in_thread(request, lambda: explain(release.context, s, p, o))


@router.get("/questions", summary="The competency questions")
def list_questions() -> list[dict[str, str]]:
    """Every question that ships with an answer and its evidence."""
    return [{"id": q.id, "zh": q.zh, "en": q.en} for q in questions()]


@router.get("/questions/{id}", summary="One competency question, answered")
async def answer_question(
    request: Request, response: Response, id: QuestionKey, release: Release
) -> dict[str, Any]:
    """The question's rows and the CSV rows and sentences that prove them."""
    name_release(response, release)
    return await in_thread(request, lambda: ask(release.context, find_question(id)).as_dict())
