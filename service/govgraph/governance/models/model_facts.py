"""What blueprints and relations say of models, as values of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from govgraph.engine.base import Engine
from govgraph.governance.models import dimensions as known
from govgraph.governance.models.blueprint import Blueprints, basis
from govgraph.governance.models.cells import Value, state_of
from govgraph.governance.models.dimensions import Dimension
from govgraph.governance.models.nodes import Node, Words, labels, listed, nodes
from govgraph.vocabulary import GOV

#: Places that are named before the rest is counted.
SHOWN = 3
#: (model, dimension, part or None for the dimension as a whole, value)
Fact = tuple[str, str, str | None, Value]


def blueprint_facts(found: Blueprints, dimensions: Sequence[Dimension]) -> Iterator[Fact]:
    """Each slot and rule in its own row and in the dimensions that it belongs to."""
    for body in found.bodies.values():
        value = _value(body.iri, body.names, body.basis)
        yield body.model, known.BODIES, body.iri, value
        for dimension in dimensions:
            if dimension.functions & body.functions or dimension.iri == known.BODIES:
                yield body.model, dimension.iri, None, value
    for post in found.posts.values():
        yield from _both(post.model, known.KEY_POSTS, post.iri, post.names, post.basis)
    for rule in found.rules.values():
        codes = frozenset(rule.terms[:1]) - {""}
        yield from _both(rule.model, known.POST_RULES, rule.iri, rule.names, rule.basis, codes)
    for staff in found.staffing.values():
        names = _counted(staff.names, staff.component, staff.least, staff.most)
        yield from _both(staff.model, known.STAFFING, staff.iri, names, staff.basis)


def _both(
    model: str, dimension: str, iri: str, names: Words, how: str,
    codes: frozenset[str] = frozenset(),
) -> Iterator[Fact]:  # fmt: skip
    value = _value(iri, names, how, codes)
    yield model, dimension, iri, value
    yield model, dimension, None, value


def _value(iri: str, names: Words, how: str, codes: frozenset[str] = frozenset()) -> Value:
    return Value(state_of(how), names, how, codes=codes, sources=(iri,))


def _counted(names: Words, component: str, least: int | None, most: int | None) -> Words:
    """A staffing rule with its component and numbers: `2: residents' committee members (2)`."""
    filled, numbers = names.filled(), _numbers(least, most)
    return Words(
        f"{component}：{filled.zh or ''}" + (f"（{numbers}）" if numbers else ""),
        f"{component}: {filled.en or ''}" + (f" ({numbers})" if numbers else ""),
    )


def _numbers(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return ""
    if least == most:
        return str(least)
    return f"{'' if least is None else least}–{'' if most is None else most}"


_RELATION = ("gov:subject", "gov:predicateName", "gov:object", "gov:assertion")


def relation_facts(
    engine: Engine, found: Blueprints, models: Iterable[str], dimensions: Sequence[Dimension]
) -> Iterator[Fact]:
    """Relations of models and their slots, in the dimensions that name their predicate."""
    owner = {model: model for model in models}
    owner |= {iri: body.model for iri, body in found.bodies.items()}
    owner |= {iri: post.model for iri, post in found.posts.items()}
    pattern = f"VALUES ?end {{ {listed(owner)} }} {{ ?s gov:subject ?end }} UNION {{ ?s gov:object ?end }}"
    pointing = nodes(engine, pattern, _RELATION).values() if owner else ()
    related = [node for node in pointing if node.one("gov:predicateName")]
    named = labels(engine, [end for node in related for end in _ends(node)])
    for node in related:
        predicate = node.one("gov:predicateName") or ""
        value = _relation(node, named)
        for model in sorted({owner[end] for end in _ends(node) if end in owner}):
            for dimension in dimensions:
                if predicate in dimension.predicates:
                    yield model, dimension.iri, None, value


def _ends(node: Node) -> tuple[str, str, str]:
    """Subject, property and object of a relation, as IRIs."""
    (subject, *_), (target, *_) = node.iris("gov:subject"), node.iris("gov:object")
    return subject, f"{GOV}{node.one('gov:predicateName')}", target


def _relation(node: Node, named: dict[str, Words]) -> Value:
    subject, verb, target = (named[end] for end in _ends(node))
    words = Words(f"{subject.zh} {verb.zh} {target.zh}", f"{subject.en} {verb.en} {target.en}")
    how = basis(node)
    return Value(state_of(how), words, how, sources=(node.iri,))


def counted_flows(count: int, amounts: int) -> Words:
    """How many flows there are and of how many the amount is known: amounts are not added here."""
    return Words(
        f"{count} 笔资金流，其中 {amounts} 笔金额已知",
        f"{count} flows, {amounts} with a known amount",
    )


def dates(start: str | None, end: str | None) -> str:
    """An interval in EDTF in brackets, ISO 8601-2: an empty start is not known, `..` is open."""
    return f" [{start or ''}/{end or ('..' if start else '')}]" if start or end else ""
