"""What models foresee: body slots with their functions, post slots, post rules, staffing rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.nodes import Node, Words, listed, nodes
from govgraph.vocabulary import GOV, PROLOGUE


@dataclass(frozen=True)
class BodySlot:
    """A body that a model foresees. `functions` are generic ones, empty where none is stated."""

    iri: str
    model: str
    names: Words
    others: frozenset[str]
    functions: frozenset[str]
    basis: str
    new: bool
    traits: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class PostSlot:
    """A post that a model foresees within a body."""

    iri: str
    model: str
    names: Words
    others: frozenset[str]
    basis: str
    body: str | None
    traits: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class PostRule:
    """A rule that the holder of one post must, must not or may hold another."""

    iri: str
    model: str
    names: Words
    basis: str
    posts: tuple[str, ...]
    terms: tuple[str, ...]
    if_holds: str | None
    then_holds: str | None


@dataclass(frozen=True)
class StaffingRule:
    """A component of how a body is staffed."""

    iri: str
    model: str
    names: Words
    basis: str
    body: str | None
    counts: str | None
    component: str
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Blueprints:
    """The parts of some models by IRI, and which of the models each of them revises."""

    bodies: Mapping[str, BodySlot]
    posts: Mapping[str, PostSlot]
    rules: Mapping[str, PostRule]
    staffing: Mapping[str, StaffingRule]
    revises: frozenset[tuple[str, str]]

    def body_of(self, post: str | None) -> str | None:
        """The body slot that a post slot is in."""
        found = self.posts.get(post or "")
        return found.body if found else None


_PROPERTIES = (
    "rdf:type", "gov:ofModel", "skos:prefLabel", "skos:altLabel", "gov:assertion",
    "gov:newInModel", "gov:position", "gov:duty", "gov:hostedBy", "gov:addsStaffQuota",
    "gov:inBodySlot", "gov:multiplicity", "gov:minHolders", "gov:maxHolders", "gov:ruleType",
    "gov:modality", "gov:condition", "gov:ifHolds", "gov:thenHolds", "gov:forBodySlot",
    "gov:countsPostSlot", "gov:component", "gov:minCount", "gov:maxCount",
)  # fmt: skip
#: What may change of a slot that is kept.
_TRAITS = (
    "gov:position", "gov:duty", "gov:addsStaffQuota", "gov:multiplicity", "gov:minHolders",
    "gov:maxHolders",
)  # fmt: skip
#: A function that a model names leads to a generic one.
_FUNCTIONS = """
SELECT DISTINCT ?s ?kind WHERE {
  ?s a gov:BodySlot ; gov:function|^gov:performedBy ?f .
  ?f skos:broader* ?kind . ?kind skos:inScheme gov:functionScheme }
"""
_REVISIONS = """
SELECT DISTINCT ?new ?old WHERE {
  { ?old gov:replacedBy ?new } UNION { ?new gov:replaces ?old }
  UNION { ?new prov:wasRevisionOf ?old } ?new a gov:GovernanceModel . ?old a gov:GovernanceModel }
"""


def revisions(engine: Engine) -> frozenset[tuple[str, str]]:
    """Pairs of a model and the model that it revises."""
    rows = engine.select(PROLOGUE + _REVISIONS)
    return frozenset((row["new"].value, row["old"].value) for row in rows)


def blueprints(engine: Engine, models: Iterable[str]) -> Blueprints:
    """The blueprints of models, and of what revises them: that says what they had not yet."""
    revises = revisions(engine)
    wanted = set(models)
    wanted |= {new for new, old in revises if old in wanted}
    pattern = f"VALUES ?m {{ {listed(wanted)} }} ?s gov:ofModel ?m ."
    found = nodes(engine, pattern, _PROPERTIES) if wanted else {}
    functions = _functions(engine) if found else {}
    kinds: dict[str, list[Node]] = {}
    for node in found.values():
        for kind in node.iris("rdf:type"):
            kinds.setdefault(kind.removeprefix(GOV), []).append(node)
    bodies = [_body(node, functions) for node in kinds.get("BodySlot", ())]
    posts, rules = map(_post, kinds.get("PostSlot", ())), map(_rule, kinds.get("PostRule", ()))
    staffing = map(_staffing, kinds.get("StaffingRule", ()))
    return Blueprints(
        {body.iri: body for body in bodies},
        {post.iri: post for post in posts},
        {rule.iri: rule for rule in rules},
        {rule.iri: rule for rule in staffing},
        revises,
    )


def _functions(engine: Engine) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in engine.select(PROLOGUE + _FUNCTIONS):
        found.setdefault(row["s"].value, set()).add(row["kind"].value)
    return {slot: frozenset(kinds) for slot, kinds in found.items()}


def basis(node: Node) -> str:
    """How a row says that it is known; `stated` where it does not say."""
    return (node.one("gov:assertion") or f"{GOV}stated").removeprefix(GOV)


def _traits(node: Node) -> frozenset[tuple[str, str]]:
    return frozenset((name, str(o)) for name in _TRAITS for o in node.properties.get(name, ()))


def _body(node: Node, functions: Mapping[str, frozenset[str]]) -> BodySlot:
    return BodySlot(
        node.iri,
        node.iris("gov:ofModel")[0],
        node.words("skos:prefLabel"),
        node.texts("skos:altLabel"),
        functions.get(node.iri, frozenset()),
        basis(node),
        node.one("gov:newInModel") == "true",
        _traits(node),
    )


def _post(node: Node) -> PostSlot:
    return PostSlot(
        node.iri,
        node.iris("gov:ofModel")[0],
        node.words("skos:prefLabel"),
        node.texts("skos:altLabel"),
        basis(node),
        next(iter(node.iris("gov:inBodySlot")), None),
        _traits(node),
    )


def _rule(node: Node) -> PostRule:
    ends = [next(iter(node.iris(name)), None) for name in ("gov:ifHolds", "gov:thenHolds")]
    terms = [node.one(name) or "" for name in ("gov:ruleType", "gov:modality", "gov:condition")]
    posts = tuple(post for post in ends if post)
    return PostRule(
        node.iri, node.iris("gov:ofModel")[0], node.words("skos:prefLabel"), basis(node),
        posts, tuple(terms), ends[0], ends[1],
    )  # fmt: skip


def _staffing(node: Node) -> StaffingRule:
    return StaffingRule(
        node.iri,
        node.iris("gov:ofModel")[0],
        node.words("skos:prefLabel"),
        basis(node),
        next(iter(node.iris("gov:forBodySlot")), None),
        next(iter(node.iris("gov:countsPostSlot")), None),
        node.one("gov:component") or "",
        node.integer("gov:minCount"),
        node.integer("gov:maxCount"),
    )
