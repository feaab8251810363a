"""The flows that matter when money of one payer, recipient, project or small place is asked about."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance.excerpt import Excerpt, TooMuch, is_large
from govgraph.governance.kept import kept

_OF = {
    "flow": "VALUES ?to { %s }",
    "funder": "?to gov:funder %s",
    "recipient": "?to gov:recipient %s",
    "project": "?to gov:forProject %s",
}
_PARTIES = tuple(f"?from {name} ?to" for name in ("gov:funder", "gov:recipient", "gov:forProject"))
#: Totals, parts, and what shares a number with a flow.
_TREE = (
    "?from gov:partOfFlow ?to",
    "?to gov:partOfFlow ?from",
    "?from dcterms:identifier ?number . ?to dcterms:identifier ?number ; a gov:FundingFlow",
)
_UP, _BELOW = "?from gov:parentPlace ?to", "?to gov:parentPlace ?from"


def nearby(engine: Engine, **asked: str | None) -> Engine:
    """An engine that answers the same of a `flow`, `funder`, `recipient`, `project` or `place`: an
    excerpt of a large graph, the engine itself if it is small, or if they have too many flows."""
    given = {name: iri for name, iri in sorted(asked.items()) if iri is not None}
    if not given or not is_large(engine, "gov:funder"):
        return engine
    return _excerpt(engine, *given.items()) or engine


@kept
def _excerpt(engine: Engine, *given: tuple[str, str]) -> Engine | None:
    try:
        return _copied(Excerpt(engine), dict(given))
    except TooMuch:
        return None


def _copied(part: Excerpt, asked: Mapping[str, str]) -> Engine:
    """The flows of what is asked about first, with the trees that they stand in, the places of
    those who pay and are paid, and the rows that state them."""
    flows = part.along(_flows(part, asked), *_TREE, far=True)
    parties = part.along(flows, *_PARTIES)
    places = part.along(parties, "?from gov:place ?to")
    part.copy(flows)
    part.copy(parties, "gov:place")
    part.copy(part.along(places, _UP, far=True), "gov:parentPlace")
    part.copy(part.along(flows, "?from prov:wasDerivedFrom ?to"), "gov:inTable")
    return part.engine()


def _flows(part: Excerpt, asked: Mapping[str, str]) -> set[NamedNode]:
    """The flows of what is asked about, by one of its kinds: a question narrows them itself."""
    for name, pattern in _OF.items():
        if name in asked:
            node = NamedNode(asked[name])
            return part.along([node], pattern % "?from") if name != "flow" else {node}
    places = part.along([NamedNode(asked["place"])], _BELOW, far=True)
    there = part.along(places, "?to gov:place ?from")
    return part.along(there, "?to gov:forProject|gov:recipient|gov:funder ?from")
