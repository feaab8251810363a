"""What the rules, and posts held at once, look at when one person or a small place is asked about."""

from __future__ import annotations

from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance.excerpt import Excerpt, TooMuch, is_large
from govgraph.governance.kept import kept
from govgraph.governance.rules.facts import TABLES

_UP, _BELOW = "?from gov:parentPlace ?to", "?to gov:parentPlace ?from"
#: What models state of their rules and slots.
_OF_MODELS = frozenset(
    {
        "rdf:type",
        *(
            p
            for star in TABLES.values()
            for p in (*star.properties.values(), *star.optional.values())
        ),
    }
)
#: What rules state of how many hold a post, which binds nobody in particular.
_OF_NUMBERS = {"gov:minHolders", "gov:maxHolders", "gov:minCount", "gov:maxCount"}


def nearby(engine: Engine, *, person: str | None = None, place: str | None = None) -> Engine:
    """An engine that answers the same of a person, or of a place and what is below it: an excerpt
    of a large graph, the engine itself if it is small, or if the place is too large for one."""
    if (person is None and place is None) or not is_large(engine, "gov:onPost"):
        return engine
    return _excerpt(engine, person, place) or engine


@kept
def _excerpt(engine: Engine, person: str | None, place: str | None) -> Engine | None:
    try:
        return _copied(Excerpt(engine), person, place)
    except TooMuch:
        return None


def _copied(part: Excerpt, person: str | None, place: str | None) -> Engine:
    """All appointments of the person, or of those who hold a post in the place or below it, with
    their posts and bodies, the places up from these, and who adopted which model there."""
    places = part.along([NamedNode(place)], _BELOW, far=True) if place else set()
    bodies = part.along(places, "?to gov:place ?from")
    posts = part.along(bodies, "?to org:postIn ?from")
    people = part.along(part.along(posts, "?to gov:onPost ?from"), "?from org:member ?to")
    people = {NamedNode(person)} if person else people
    appointments = part.along(people, "?to org:member ?from")
    posts |= part.along(appointments, "?from gov:onPost ?to")
    bodies |= part.along(posts, "?from org:postIn ?to")
    places |= part.along(bodies, "?from gov:place ?to")
    places = part.along(places, _UP, far=True)
    adoptions = part.along(places, "?to gov:adopter ?from")
    part.copy(people | appointments | posts | bodies | adoptions)
    part.copy(places, "gov:parentPlace", "rdf:type")
    told = _OF_MODELS - _OF_NUMBERS if person else _OF_MODELS
    part.copy_all(*sorted(told), where="?s gov:ofModel ?model .")
    return part.engine()
