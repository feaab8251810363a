"""What practice looks at when small places are compared."""

from __future__ import annotations

from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance.excerpt import Excerpt, TooMuch, is_large
from govgraph.governance.kept import kept

_UP, _BELOW = "?from gov:parentPlace ?to", "?to gov:parentPlace ?from"
_FLOWS = tuple(f"?to {name} ?from" for name in ("gov:funder", "gov:recipient", "gov:forProject"))


def nearby(engine: Engine, places: tuple[str, ...]) -> Engine:
    """An engine that answers the same of places and what is below them: an excerpt of a large
    graph, the engine itself if it is small, or if the places are too large for one."""
    if not is_large(engine, "gov:onPost"):
        return engine
    return _excerpt(engine, places) or engine


@kept
def _excerpt(engine: Engine, places: tuple[str, ...]) -> Engine | None:
    try:
        return _copied(Excerpt(engine), {NamedNode(place) for place in places})
    except TooMuch:
        return None


def _copied(part: Excerpt, places: set[NamedNode]) -> Engine:
    """What is in the places and below them, with its posts, appointments and flows of money, and
    who adopted a model there, above or below."""
    below = part.along(places, _BELOW, far=True)
    there = part.along(below, "?to gov:place ?from")
    posts = part.along(there, "?to org:postIn ?from")
    appointments = part.along(posts, "?to gov:onPost ?from")
    flows = part.along(there, *_FLOWS)
    around = part.along(below, _UP, far=True)
    adoptions = part.along(around, "?to gov:adopter ?from")
    part.copy(there | posts | appointments | flows | adoptions)
    part.copy(around, "gov:parentPlace")
    return part.engine()
