"""Rules that are files of SPARQL: a CONSTRUCT whose template and WHERE are read backwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from pyoxigraph import BlankNode, Triple

from govgraph.engine.base import Row, Term
from govgraph.engine.columnar.algebra import (
    Extend,
    Filter,
    Group,
    LeftJoin,
    Minus,
    Node,
    PathPattern,
    TriplePattern,
    Union,
    Var,
)
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.tokens import tokenize
from govgraph.inference.derive import Derivation
from govgraph.inference.graph import Graph
from govgraph.inference.rule import Bindings, Step, instance, nodes, unify, value
from govgraph.inference.witness import witness
from govgraph.vocabulary import PREFIXES
from govgraph_loaders.namespaces import DEFAULT_BASE

#: Instances of a template, and solutions for each, that are looked at.
INSTANCES = 8
_TITLE = re.compile(r"^#\+ title_(zh|en): (.*)$", re.MULTILINE)


class RuleFile(NamedTuple):
    """A file of rules: its family, its titles by language, its text before CONSTRUCT, from WHERE to
    its brace, and after that brace. The template and, each with whether a solution surely rests on
    it, the steps of the WHERE; `computed` are the variables whose value an expression gives."""

    family: str
    titles: dict[str, str]
    prologue: str
    where: str
    body: str
    template: tuple[TriplePattern, ...]
    steps: tuple[tuple[Step, bool], ...]
    computed: frozenset[str]


def read(path: Path, base: str) -> RuleFile:
    """A rule file whose instances have this base. NotCompiled for what our parser does not know."""
    content = path.read_text("utf-8").replace(DEFAULT_BASE, base)
    query = parse(content, prefixes=PREFIXES)
    tokens = tokenize(content)
    construct = tokens.kinds.index("CONSTRUCT")
    opening = construct + 1
    after = construct
    if tokens.kinds[opening] == "{":
        after = tokens.kinds.index("}", opening)  # a template nests no braces
        opening = tokens.kinds.index("{", after)
    start = tokens.ends[construct] - len("CONSTRUCT")
    steps = list(_steps(query.pattern, True))
    return RuleFile(
        path.stem,
        dict(_TITLE.findall(content)),
        tokens.text[:start],
        tokens.text[tokens.ends[after] : tokens.ends[opening]],
        tokens.text[tokens.ends[opening] :],
        tuple(_shown(pattern, "made") for pattern in query.template),
        tuple((_shown(step, "found"), sure) for step, sure in steps),
        frozenset(_computed(query.pattern)),
    )


S = TypeVar("S", bound=Step)


def _shown(step: S, kind: str) -> S:
    """A step whose blank nodes are variables that a query can show."""

    def node(node: Node) -> Node:
        if isinstance(node, Var) and node.hidden:
            return Var(f"_{kind}_{node.name[2:].encode().hex()}")
        return node

    return replace(step, subject=node(step.subject), object=node(step.object))


def file_derivations(graph: Graph, rule: RuleFile, triple: Triple) -> Iterator[Derivation]:
    """The ways in which a rule file may have given a triple.

    What else its template gave beside the triple tells the values of the template's variables, so
    that the WHERE is asked about one instance only.
    """
    for pattern in rule.template:
        known = unify(pattern, triple)
        if known is None:
            continue
        for found in graph.select(rule.template, known, INSTANCES):
            given = known | found
            for row in _solutions(graph, rule, given):
                if all(row.get(name, term) == term for name, term in given.items()):
                    premises = _premises(graph, rule, given | row)
                    yield Derivation(rule.family, tuple(dict.fromkeys(premises)))


def _solutions(graph: Graph, rule: RuleFile, given: Bindings) -> list[Row]:
    """Solutions of the WHERE that agree with what is given. What it computes is compared after."""
    named = {name for name, term in given.items() if not isinstance(term, BlankNode)}
    names = sorted(named - rule.computed)
    head = " ".join(f"?{name}" for name in names)
    values = " ".join(str(given[name]) for name in names)
    fixed = f"VALUES ({head}) {{ ({values}) }}" if names else ""
    query = f"{rule.prologue} SELECT DISTINCT * {rule.where} {fixed} {rule.body}"
    return graph.engine.select(query)[:INSTANCES]


def _computed(pattern: object) -> Iterator[str]:
    """The variables whose value an expression gives."""
    if isinstance(pattern, Extend):
        yield pattern.var.name
    elif isinstance(pattern, Group):
        yield from (var.name for var, _ in (*pattern.keys, *pattern.aggregates))
    for part in _parts(pattern):
        yield from _computed(part)


def _premises(graph: Graph, rule: RuleFile, values: Bindings) -> list[Triple]:
    """The triples that the WHERE's patterns stand for. Those of optional parts and unions count
    where the graph has them; what must be absent is no premise."""
    values = dict(values) | _hidden(graph, rule, values)
    found: list[Triple] = []
    for step, sure in rule.steps:
        if isinstance(step, PathPattern):
            start, end = value(step.subject, values), value(step.object, values)
            found += witness(graph, step.path, start, end) or [] if start and end else []
            continue
        triple = instance(step, values)
        if triple and (sure or graph.select([step], values, 1)):
            found.append(triple)
    return found


def _hidden(graph: Graph, rule: RuleFile, values: Bindings) -> dict[str, Term]:
    """Values for the blank nodes of the WHERE, which no solution shows."""
    steps = [step for step, sure in rule.steps if sure]
    unknown = [step for step in steps if any(value(node, values) is None for node in _ends(step))]
    rows = graph.select(unknown, values, 1) if unknown else []
    return dict(rows[0]) if rows else {}


def _ends(step: Step) -> tuple[Node, ...]:
    return nodes(step) if isinstance(step, TriplePattern) else (step.subject, step.object)


def _steps(pattern: object, sure: bool) -> Iterator[tuple[Step, bool]]:
    """The triple and path patterns that a solution rests on, and whether it surely does."""
    match pattern:
        case TriplePattern() | PathPattern():
            yield pattern, sure
        case LeftJoin(left, right):
            yield from _steps(left, sure)
            yield from _steps(right, False)
        case Union(left, right):
            yield from _steps(left, False)
            yield from _steps(right, False)
        case Minus(left) | Filter(_, left):
            yield from _steps(left, sure)
        case _:
            for part in _parts(pattern):
                yield from _steps(part, sure)


def _parts(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    if is_dataclass(value):
        return tuple(getattr(value, field.name) for field in fields(value))
    return ()
