"""Slots of several models set side by side: by function first, by name within a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from govgraph.governance.models.blueprint import Blueprints, BodySlot, PostSlot
from govgraph.governance.models.closeness import closeness, within
from govgraph.governance.models.nodes import Words

#: Names this close are taken for one body where no function is stated, for one post in a body.
SAME_BODY, SAME_POST = 0.75, 0.5


class Part(Protocol):
    """Something that one model has."""

    @property
    def iri(self) -> str: ...
    @property
    def model(self) -> str: ...


Names = Mapping[str, frozenset[str]]
P = TypeVar("P", BodySlot, PostSlot)


@dataclass(frozen=True)
class Alignment:
    """The group of each slot, rule and staffing rule; a group is called by its least IRI.

    A model has at most one body and one post in a group.
    """

    bodies: Mapping[str, str]
    posts: Mapping[str, str]
    rules: Mapping[str, str]
    staffing: Mapping[str, str]


def align(found: Blueprints) -> Alignment:
    """Align all parts of some blueprints.

    Models are taken in the order of their IRIs, so the outcome does not depend on the order in
    which a caller names them.
    """
    called = _called(found)
    slots: list[BodySlot] = list(found.bodies.values())
    bodies = _named(_groups(slots, partial(_same_body, called)))
    same_post = partial(_same_post, called, bodies)
    posts = _named(_groups(list(found.posts.values()), same_post))
    return Alignment(bodies, posts, _rules(found, posts), _staffing(found, bodies, posts))


def names(words: Words, others: Iterable[str] = ()) -> frozenset[str]:
    """All names of a slot."""
    return frozenset(name for name in (words.zh, words.en, *others) if name)


def _groups(parts: Iterable[P], score: Callable[[P, P], float]) -> list[list[P]]:
    groups: list[list[P]] = []
    by_model: dict[str, list[P]] = {}
    for part in parts:
        by_model.setdefault(part.model, []).append(part)
    for model in sorted(by_model):
        ours = sorted(by_model[model], key=lambda part: part.iri)
        pairs = [
            (-max(score(part, other) for other in group), number, part.iri)
            for part in ours
            for number, group in enumerate(groups)
        ]
        chosen = _chosen(sorted(pair for pair in pairs if pair[0] < 0))
        for part in ours:
            if part.iri in chosen:
                groups[chosen[part.iri]].append(part)
            else:
                groups.append([part])
    return groups


def _chosen(pairs: Sequence[tuple[float, int, str]]) -> dict[str, int]:
    """The best pairs first; each part and each group once."""
    chosen: dict[str, int] = {}
    taken: set[int] = set()
    for _, group, part in pairs:
        if part not in chosen and group not in taken:
            chosen[part] = group
            taken.add(group)
    return chosen


def _named(groups: Sequence[Sequence[Part]]) -> dict[str, str]:
    return {part.iri: min(p.iri for p in group) for group in groups for part in group}


def _same_body(called: Names, ours: BodySlot, theirs: BodySlot) -> float:
    stated = ours.functions and theirs.functions
    shared = len(ours.functions & theirs.functions)
    if stated and not shared:
        return 0
    close = closeness(called[ours.iri], called[theirs.iri])
    if stated:
        return 1 + shared / len(ours.functions | theirs.functions) + close
    return close if close >= SAME_BODY else 0


def _same_post(called: Names, bodies: Mapping[str, str], ours: PostSlot, theirs: PostSlot) -> float:
    if not ours.body or not theirs.body or bodies.get(ours.body) != bodies.get(theirs.body):
        return 0
    close = closeness(called[ours.iri], called[theirs.iri])
    return close if close >= SAME_POST else 0


def _called(found: Blueprints) -> Names:
    """The names of bodies, and the titles of posts with and without the name of their body."""
    called = {body.iri: names(body.names, body.others) for body in found.bodies.values()}
    for post in found.posts.values():
        own, body = names(post.names, post.others), called.get(post.body or "", frozenset())
        called[post.iri] = own | {within(name, body) for name in own}
    return called


def _rules(found: Blueprints, posts: Mapping[str, str]) -> dict[str, str]:
    """Rules are one where type, modality and condition are, over the same posts."""
    kinds: dict[tuple[str, ...], str] = {}
    groups = {}
    for iri in sorted(found.rules):
        rule = found.rules[iri]
        ends = [posts.get(post or "", post or "") for post in (rule.if_holds, rule.then_holds)]
        key = (*rule.terms, *ends) if rule.posts else (iri,)
        groups[iri] = kinds.setdefault(key, iri)
    return groups


def _staffing(
    found: Blueprints, bodies: Mapping[str, str], posts: Mapping[str, str]
) -> dict[str, str]:
    """Staffing rules are one where they count the same post, or else the same component, for the
    same body."""
    kinds: dict[tuple[str, str], str] = {}
    groups = {}
    for iri in sorted(found.staffing):
        rule = found.staffing[iri]
        body = bodies.get(rule.body or "", rule.body or iri)
        counted = posts.get(rule.counts or "") or rule.component or iri
        groups[iri] = kinds.setdefault((body, counted), iri)
    return groups
