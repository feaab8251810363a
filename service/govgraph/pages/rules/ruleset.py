"""The rule set of a model: its bodies and posts, and its rules in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from govgraph.catalog.index import find_entry
from govgraph.governance.models.blueprint import Blueprints, blueprints
from govgraph.governance.models.nodes import Words, labels
from govgraph.pages.page import Page

#: How a rule is drawn: it always binds, binds under a condition, forbids, or only allows.
Manner = Literal["must", "conditional", "apart", "may"]


@dataclass(frozen=True)
class Rule:
    """A rule: what it asks in words, the slots that it speaks of (posts, or bodies for any post in
    them). `both` ways for one team under two names."""

    iri: str
    key: str
    type: str
    asks: Words
    manner: Manner
    slot: str | None
    second: str | None
    judged: bool
    both: bool = False


@dataclass(frozen=True)
class Part:
    """A post of a body, by name."""

    iri: str
    names: Words


@dataclass(frozen=True)
class Body:
    """A body with its posts and what it does; `new` if the model added it."""

    iri: str
    names: Words
    functions: tuple[Words, ...]
    new: bool
    posts: tuple[Part, ...]


@dataclass(frozen=True)
class Ruleset:
    """All bodies and rules of a model, and how many of the rules can be judged."""

    bodies: tuple[Body, ...]
    rules: tuple[Rule, ...]
    coverage: Words


def ruleset(page: Page, model: str) -> Ruleset:
    """What a model foresees and asks."""
    assert page.opened is not None
    result = page.opened.answer(find_entry("rules-of-models"), {"model": [model]})
    found = blueprints(page.opened.engine, [model])
    functions = {f for body in found.bodies.values() for f in body.functions}
    named = labels(page.opened.engine, functions)
    rules = _rules(list(result.frame.iter_rows(named=True)))
    bodies = [
        _body(found, iri, named, rules) for iri, body in found.bodies.items() if body.model == model
    ]
    said = result.coverage[0]
    return Ruleset(tuple(bodies), rules, Words(said.zh, said.en))


def _body(found: Blueprints, iri: str, named: Mapping[str, Words], rules: Sequence[Rule]) -> Body:
    """A body; the posts that rules join come first."""
    body = found.bodies[iri]
    joined = {post for rule in rules if rule.second for post in (rule.slot, rule.second)}
    posts = [Part(post.iri, post.names) for post in found.posts.values() if post.body == iri]
    posts.sort(key=lambda post: (post.iri not in joined, post.iri))
    functions = tuple(named[function] for function in sorted(body.functions))
    return Body(iri, body.names, functions, body.new, tuple(posts))


def _rules(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """A rule for each row; the two rows of one team under two names are one rule."""
    found: dict[str, Rule] = {}
    for row in rows:
        rule = _rule(row)
        before = found.get(rule.iri)
        found[rule.iri] = replace(before, both=True) if before else rule
    return tuple(found.values())


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        row["rule"],
        row["rule"].rpartition("/")[2],
        row["rule_type"],
        Words(row["asks_zh"], row["asks_en"]),
        _manner(row),
        row["slot"],
        row["second"],
        row["judged"],
    )


def _manner(row: Mapping[str, Any]) -> Manner:
    if row["modality"] == "may":
        return "may"
    if row["modality"] == "mustNot" or row["rule_type"] in ("incompatiblePosts", "independence"):
        return "apart"
    return "conditional" if row["condition"] else "must"
