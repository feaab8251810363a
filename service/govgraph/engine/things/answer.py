"""Answers to queries about one thing, as SPARQL's results in JSON."""

from __future__ import annotations

from itertools import product
from math import prod
from operator import itemgetter

from govgraph.engine.things.query import About, Pattern
from govgraph.engine.things.read import Things

#: Triples that are looked at and rows that are told; of more, another engine tells.
MOST = 1_000
Row = tuple[str, ...]


def answer(things: Things, asked: About) -> str | None:
    """The whole result; None if it is not small, or shows a blank node, whose label differs from
    engine to engine."""
    row = things.row(asked.thing)
    tables: list[list[Row]] = [[]]
    if row is not None:
        predicates, codes = things.stated(row)
        if len(codes) > MOST:
            return None
        if len(codes) and min(codes) < things.first_iri:
            return None
        stated = list(zip(predicates, codes, strict=True))
        tables = [_found(things, stated, pattern) for pattern in asked.patterns]
    if prod(map(len, tables)) > MOST:
        return None
    return _told(asked, tables)


def _found(things: Things, stated: list[tuple[int, int]], pattern: Pattern) -> list[Row]:
    """What is found for the variables of a pattern, in their order, each solution once."""
    if pattern.predicate is not None:
        place = things.predicate(pattern.predicate)
        stated = [pair for pair in stated if pair[0] == place]
    if pattern.object is not None:
        code = things.row(pattern.object)
        stated = [pair for pair in stated if pair[1] == code]
    predicates, term = things.predicates, things.term
    pairs = dict.fromkeys((predicates[p], term(o)) for p, o in stated)
    if pattern.predicate_name and pattern.object_name:
        return list(pairs)
    if pattern.object_name:
        return [(value,) for _, value in pairs]
    return [(value,) if pattern.predicate_name else () for value, _ in pairs]


def _told(asked: About, tables: list[list[Row]]) -> str:
    head = ",".join(f'"{name}"' for name in asked.names)
    shape = "{" + ",".join(f'"{name}":%s' for name in asked.names) + "}"
    names = [name for pattern in asked.patterns for name in pattern.names]
    rows = tables[0] if len(tables) == 1 else [sum(parts, ()) for parts in product(*tables)]
    if list(asked.names) != names:
        places = [names.index(name) for name in asked.names]
        pick = itemgetter(*places)
        rows = [pick(row) if len(places) > 1 else (pick(row),) for row in rows]
    body = ",".join([shape % row for row in rows])
    return f'{{"head":{{"vars":[{head}]}},"results":{{"bindings":[{body}]}}}}'
