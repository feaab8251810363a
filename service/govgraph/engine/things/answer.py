"""Answers to queries about one thing, as SPARQL's results in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from operator import itemgetter

from govgraph.engine.things.query import Pattern, Shape
from govgraph.engine.things.read import Things

#: Triples that are looked at and rows that are told; of more, another engine tells.
MOST = 1_000
Row = tuple[str, ...]


def answer(things: Things, thing: str, asked: Shape) -> str | None:
    """The whole result of what is asked of a thing; None if it is not small, or shows a blank node,
    whose label differs from engine to engine."""
    row = things.row(thing)
    stated = ([], []) if row is None else things.stated(row, MOST)
    if stated is None or (stated[1] and min(stated[1]) < things.first_iri):
        return None
    tables = [_found(things, stated, pattern) for pattern in asked.patterns]
    if prod(map(len, tables)) > MOST:
        return None
    names = [name for pattern in asked.patterns for name in pattern.names]
    rows = tables[0] if len(tables) == 1 else [sum(parts, ()) for parts in product(*tables)]
    return _told(asked.names, names, rows)


def _found(things: Things, stated: tuple[list[int], list[int]], pattern: Pattern) -> list[Row]:
    """What is found for the variables of a pattern, in their order, each solution once: literals
    that differ in the data may be one value to Oxigraph."""
    predicates, codes = stated
    if pattern.predicate is not None:
        place = things.predicate(pattern.predicate)
        codes = [code for p, code in zip(predicates, codes, strict=True) if p == place]
        predicates = [place] * len(codes) if place is not None else []
    if pattern.object is not None:
        code = things.row(pattern.object)
        predicates = [p for p, o in zip(predicates, codes, strict=True) if o == code]
        codes = [] if code is None else [code] * len(predicates)
    said, terms = things.predicates, things.terms
    pairs = dict.fromkeys([(said[p], terms[o]) for p, o in zip(predicates, codes, strict=True)])
    if pattern.predicate_name and pattern.object_name:
        return list(pairs)
    if pattern.object_name:
        return [(value,) for _, value in pairs]
    return [(value,) if pattern.predicate_name else () for value, _ in pairs]


def _told(shown: Sequence[str], names: list[str], rows: list[Row]) -> str:
    """Rows of values for names, as a result that shows some of them."""
    if list(shown) != names:
        pick = itemgetter(*map(names.index, shown))
        rows = [pick(row) if len(shown) > 1 else (pick(row),) for row in rows]
    head = ",".join([f'"{name}"' for name in shown])
    shape = "{" + ",".join([f'"{name}":%s' for name in shown]) + "}"
    body = ",".join([shape % row for row in rows])
    return f'{{"head":{{"vars":[{head}]}},"results":{{"bindings":[{body}]}}}}'
