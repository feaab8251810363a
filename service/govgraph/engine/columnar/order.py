"""ORDER BY (§15.1): unbound, blank nodes, IRIs, literals; within literals by kind, then value.

Ids of the dictionary stand in this order already; numbers and times of all their tags are compared
by value.
"""

from __future__ import annotations

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.facets import Rank, Value

#: Tags whose ids sort as their values, when a column has no other tag.
_SORTED = (t.INTEGER, t.DATE, t.DATETIME)


def order_keys(value: Value) -> list[str]:
    """SQL sort keys, the first of which is NULL for unbound values."""
    tags = value.tags
    if value.id is not None and (tags in _SORTED or isinstance(value.rank, Rank)):
        return [value.id]
    if value.rank is not None:
        return [value.rank.sql]
    return ([] if _tells_null(value) else [kind(value)]) + within(value)


def _tells_null(value: Value) -> bool:
    """Whether one key is enough: a single kind, whose key is NULL just for unbound values."""
    return len(t.classes(value.tags)) == 1 and len(within(value)) == 1


def kind(value: Value) -> str:
    """The class of comparable terms, in order."""
    groups = [(group, t.numbers(group)[0]) for group in t.CLASSES if group & value.tags]
    several = [(group, low) for group, low in groups if t.single(group) is None]
    whens = " ".join(f"WHEN {value.has(group)} THEN {low}" for group, low in several)
    return f"CASE {whens} ELSE {value.tag} END" if whens else value.tag


def within(value: Value) -> list[str]:
    """The keys inside the classes that the value may have."""
    tags, keys = value.tags, []
    if tags & t.NUMERIC:
        keys.append(value.double if tags & t.DOUBLE else value.num)
    if tags & t.TIMES:
        keys.append(value.ts)
    if tags & t.BOOLEAN:
        keys.append(value.bool)
    if tags & (t.RESOURCE | t.TEXT | t.OTHER):
        keys.append(value.when(t.RESOURCE | t.TEXT | t.OTHER, value.lex))
    if tags & t.LANGUAGE:
        keys.append(value.lang)
    return keys
