"""The dimensions in which models are compared, as the ontology lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.errors import GovgraphError
from govgraph.governance.models.nodes import Node, Words, nodes
from govgraph.vocabulary import GOV

#: Dimensions that facts of some kind belong to, whatever function they are about.
PLACE_PERIOD = f"{GOV}placePeriodDimension"
BODIES = f"{GOV}bodiesDimension"
KEY_POSTS = f"{GOV}keyPostsDimension"
POST_RULES = f"{GOV}postRulesDimension"
SELECTION = f"{GOV}selectionOfHeadsDimension"
STAFFING = f"{GOV}staffingDimension"
FUNDING = f"{GOV}fundingDimension"


@dataclass(frozen=True)
class Dimension:
    """A dimension, the generic functions it is about, and the names of relations in it."""

    iri: str
    order: int
    names: Words
    definition: Words
    functions: frozenset[str]
    predicates: frozenset[str]


_PATTERN = "?s a gov:ComparisonDimension ."
_PROPERTIES = (
    "skos:prefLabel", "skos:definition", "gov:order", "gov:comparesFunction",
    "gov:comparesPredicate",
)  # fmt: skip


def dimensions(engine: Engine) -> list[Dimension]:
    """All dimensions in their order."""
    found = [_dimension(node) for node in nodes(engine, _PATTERN, _PROPERTIES).values()]
    return sorted(found, key=lambda dimension: (dimension.order, dimension.iri))


def among(every: Sequence[Dimension], wanted: Sequence[str] | None) -> frozenset[str]:
    """The dimensions that are wanted, all of them if none is named.

    GovgraphError(invalid-parameter) for an IRI that is no dimension.
    """
    known = frozenset(dimension.iri for dimension in every)
    if unknown := sorted(set(wanted or ()) - known):
        why, why_zh = f"{unknown[0]} is no dimension", f"{unknown[0]} 不是比较维度"
        raise GovgraphError("invalid-parameter", name="dimensions", why=why, why_zh=why_zh)
    return frozenset(wanted) if wanted else known


def _dimension(node: Node) -> Dimension:
    return Dimension(
        node.iri,
        node.integer("gov:order") or 0,
        node.words("skos:prefLabel").filled(),
        node.words("skos:definition").filled(),
        frozenset(node.iris("gov:comparesFunction")),
        node.texts("gov:comparesPredicate"),
    )
