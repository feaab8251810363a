"""Answers to queries about one thing, as SPARQL's results in JSON."""

from __future__ import annotations

from functools import lru_cache
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
    rows = tables[0] if len(tables) == 1 else [sum(parts, ()) for parts in product(*tables)]
    return _told(asked.names, asked.variables, rows)


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
    said, terms = things.predicates.__getitem__, things.terms.__getitem__
    pairs = dict.fromkeys(zip(map(said, predicates), map(terms, codes), strict=True))
    if pattern.predicate_name and pattern.object_name:
        return list(pairs)
    if pattern.object_name:
        return [(value,) for _, value in pairs]
    return [(value,) if pattern.predicate_name else () for value, _ in pairs]


def _told(shown: tuple[str, ...], names: tuple[str, ...], rows: list[Row]) -> str:
    """Rows of values for names, as a result that shows some of them."""
    if shown != names:
        pick = itemgetter(*map(names.index, shown))
        rows = [pick(row) if len(shown) > 1 else (pick(row),) for row in rows]
    begin, form = _form(shown)
    return begin + ",".join([form % row for row in rows]) + "]}}"


@lru_cache(256)
def _form(shown: tuple[str, ...]) -> tuple[str, str]:
    """A result up to its first solution, and the form of a solution."""
    head = ",".join([f'"{name}"' for name in shown])
    form = "{" + ",".join([f'"{name}":%s' for name in shown]) + "}"
    return f'{{"head":{{"vars":[{head}]}},"results":{{"bindings":[', form
