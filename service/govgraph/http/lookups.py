"""/api/v1: JSON lookups, each with its evidence and, where it makes sense, `at=DATE`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from govgraph.ask import ask
from govgraph.catalog.questions import find_question, questions
from govgraph.governance.time import Moment, moment
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.state import Opened
from govgraph.lookup.appointments import holders, roles
from govgraph.lookup.models import model
from govgraph.lookup.organizations import organization
from govgraph.lookup.search import search
from govgraph.lookup.why import explain

router = APIRouter(prefix="/api/v1", tags=["lookups"])
At = Annotated[
    str | None,
    Query(
        description="A date of year, month or day precision (2013, 2013-06, 2013-06-01). Answers are yes or unknown.",
        examples=["2013-06"],
    ),
]


def _key(example: str) -> Any:
    return Path(description="The identifier, as in the CSV's column `id`.", examples=[example])


PersonKey = Annotated[str, _key("ex-c01-p1")]
PostKey = Annotated[str, _key("ex-c01-zr-post")]
OrganizationKey = Annotated[str, _key("org-xiyuan")]
ModelKey = Annotated[str, _key("gm-2zhan")]
QuestionKey = Annotated[str, _key("CQ24")]


def _at(text: str | None) -> Moment | None:
    return None if text is None else moment(text)


@router.get("/people/{id}/roles", summary="The posts that a person holds or held")
async def person_roles(
    request: Request, response: Response, id: PersonKey, release: Release, at: At = None
) -> dict[str, Any]:
    """Each role with its post, body, place, dates and evidence; with `at`, whether it held then."""
    name_release(response, release)
    return await in_thread(request, lambda: roles(release.context, id, _at(at)))


@router.get("/posts/{id}/holders", summary="Who holds or held a post")
async def post_holders(
    request: Request, response: Response, id: PostKey, release: Release, at: At = None
) -> dict[str, Any]:
    """Each holder with dates and evidence; with `at`, whether the post was held then."""
    name_release(response, release)
    return await in_thread(request, lambda: holders(release.context, id, _at(at)))


@router.get("/organizations/{id}", summary="An organization with its links")
async def one_organization(
    request: Request, response: Response, id: OrganizationKey, release: Release, at: At = None
) -> dict[str, Any]:
    """Part-of, parts, posts, holders, projects, flows and relations, each with its evidence."""
    name_release(response, release)
    return await in_thread(request, lambda: organization(release.context, id, _at(at)))


@router.get("/models/{id}", summary="A governance model, slot by slot")
async def one_model(
    request: Request, response: Response, id: ModelKey, release: Release, at: At = None
) -> dict[str, Any]:
    """Bodies, functions, posts, rules, staffing, adoptions, and what the source does not state."""
    name_release(response, release)
    return await in_thread(request, lambda: model(release.context, id, _at(at)))


@router.get("/search", summary="Entities by label, code or identifier")
async def find(
    request: Request,
    response: Response,
    release: Release,
    q: Annotated[
        str,
        Query(
            description="Words in Chinese or English, or a code.",
            min_length=1,
            max_length=200,
            examples=["社区工作站"],
        ),
    ],
    type: Annotated[
        str | None,
        Query(
            description="Only this type, as in the IRI: organization, post, project …",
            pattern="^[a-z-]+$",
        ),
    ] = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> dict[str, Any]:
    """The closest labels first: exact, then preferred, then short ones."""
    name_release(response, release)
    wanted = limit or request.app.state.settings.page_size
    return await in_thread(request, lambda: _search(release, q, type, wanted))


def _search(release: Opened, q: str, kind: str | None, wanted: int) -> dict[str, Any]:
    context = release.context
    prefix = f"{context.base}{kind}/" if kind else ""
    hits = search(release.labels, q, limit=wanted + 1, prefix=prefix)
    labels = context.labels(hit.iri for hit in hits)
    found = [
        context.reference(hit.iri, labels) | {"class": hit.type, "matched": hit.label}
        for hit in hits[:wanted]
    ]
    return {"q": q, "hits": found, "more": len(hits) > wanted}


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
