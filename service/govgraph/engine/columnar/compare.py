"""Comparison of two values (§17.3): by ids where their order is the values' order, else by kind.

Where the specification calls a comparison an error and Oxigraph extends it, the run ends: the
columns refuse, they never answer differently. `lenient` says that an error and false lead to the
same rows (a FILTER outside any `!`), so that neither need be told from the other.
"""

from __future__ import annotations

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.terms import XSD, quoted

#: Tags whose ids stand in the order of their values.
_ORDERED = t.INTEGER | t.DATE | t.DATETIME
#: A zoned and an unzoned time are comparable beyond 14 hours.
_ZONE_MICROSECONDS = 14 * 3600 * 1_000_000


def compare(op: str, a: Value, b: Value, lenient: bool = False) -> str:
    """SQL that is true, false, or NULL for an error."""
    if op == "!=":
        return f"NOT ({_compare('=', a, b, lenient=False)})"
    return _compare(op, a, b, lenient)


def _compare(op: str, a: Value, b: Value, lenient: bool) -> str:
    by_id = _by_id(op, a, b, lenient)
    if by_id:
        return by_id
    arms = _same_class(op, a, b)
    if len(arms) == 1 and _one_class(a.tags | b.tags):
        return arms[0][1]
    if op == "=":
        arms += _equality(a, b, lenient)
    else:
        arms += _unordered(a, b)
    if a.nullable or b.nullable:
        arms.insert(0, (f"{a.tag} IS NULL OR {b.tag} IS NULL", "CAST(NULL AS BOOLEAN)"))
    return case(arms, "CAST(NULL AS BOOLEAN)")


def _one_class(tags: int) -> bool:
    return len(t.classes(tags)) == 1 and not tags & (t.RESOURCE | t.LANGUAGE | t.OTHER)


def _by_id(op: str, a: Value, b: Value, lenient: bool) -> str | None:
    if a.rank and b.rank and a.rank.tag == b.rank.tag and a.tags == b.tags == t.STRING:
        return f"({a.rank.sql}{op}{b.rank.sql})"
    if a.id is None or b.id is None:
        return None
    same = a.tags == b.tags and t.single(a.tags) is not None
    if same and a.tags & _ORDERED:
        return f"({a.id}{op}{b.id})"
    resources = not a.tags & t.LITERAL or not b.tags & t.LITERAL
    words = t.RESOURCE | t.TEXT
    by_term = lenient and (not a.tags & ~words or not b.tags & ~words)
    if op == "=" and (resources or by_term or (same and a.tags == t.STRING)):
        return f"({a.id}={b.id})"
    return None


def _both(mask: int, a: Value, b: Value) -> str:
    sides = [side for side in (a.has(mask), b.has(mask)) if side != "true"]
    if "false" in sides:
        return "false"
    return " AND ".join(sides) or "true"


def _same_class(op: str, a: Value, b: Value) -> list[tuple[str, str]]:
    """The arms of §17.3's operators: numbers, simple strings, booleans, dates and dateTimes."""
    arms = []
    common = a.tags, b.tags
    if all(tags & t.NUMERIC for tags in common):
        arms.append((_both(t.NUMERIC, a, b), _numbers(op, a, b)))
    if all(tags & t.STRING for tags in common):
        arms.append((_both(t.STRING, a, b), f"{a.lex}{op}{b.lex}"))
    if all(tags & t.BOOLEAN for tags in common):
        arms.append((_both(t.BOOLEAN, a, b), f"{a.bool}{op}{b.bool}"))
    arms += [
        (_both(group, a, b), _instants(op, a, b))
        for group in (t.DATES, t.DATETIMES)
        if all(tags & group for tags in common)
    ]
    return arms


def _numbers(op: str, a: Value, b: Value) -> str:
    exactly = f"{a.num}{op}{b.num}"
    if a.scale != b.scale:
        wide = f"DECIMAL(38,{max(a.scale, b.scale)})"
        exactly = f"CAST({a.num} AS {wide}){op}CAST({b.num} AS {wide})"
    if not (a.tags | b.tags) & t.DOUBLE:
        return exactly
    number = f"NOT isnan({a.double}) AND NOT isnan({b.double})"
    by_double = f"({a.double}{op}{b.double} AND {number})"
    mixed = f"{single(a)}<>{single(b)}"
    if mixed != "false<>false":
        by_double = f"CASE WHEN {mixed} THEN {refuse('float')} ELSE {by_double} END"
    if not a.tags & t.EXACT or not b.tags & t.EXACT:
        return by_double
    exact = _both(t.EXACT, a, b)
    return f"CASE WHEN {exact} THEN {exactly} ELSE {by_double} END"


def single(value: Value) -> str:
    """SQL: the value is an xsd:float, whose arithmetic DOUBLE does not have."""
    if not value.tags & t.DOUBLE or value.dt == quoted(XSD + "double"):
        return "false"
    return f"coalesce({value.dt}={quoted(XSD + 'float')}, false)"


def _instants(op: str, a: Value, b: Value) -> str:
    test = f"{a.ts}{op}{b.ts}"
    if a.zoned == b.zoned == "false":
        return test
    certain = f"{a.zoned}={b.zoned} OR abs({a.ts}-{b.ts})>{_ZONE_MICROSECONDS}"
    return f"CASE WHEN {certain} THEN {test} ELSE {refuse('time zone')} END"


def same_term(a: Value, b: Value) -> str:
    return f"({a.id}={b.id})" if a.id and b.id else f"({a.term}={b.term})"


def _equality(a: Value, b: Value, lenient: bool) -> list[tuple[str, str]]:
    """RDFterm-equal: the same term is equal, a resource differs from anything else, and two
    literals that no operator compares are an error."""
    arms: list[tuple[str, str]] = []
    resources = [side.has(t.RESOURCE) for side in (a, b) if side.tags & t.RESOURCE]
    if resources:
        meet = a.tags & b.tags & t.RESOURCE
        arms.append((" OR ".join(resources), same_term(a, b) if meet else "false"))
    if a.tags & b.tags & (t.LANGUAGE | t.OTHER):
        arms.append((same_term(a, b), "true"))
    if lenient:
        return arms
    foreign = [
        f"({side.has(t.OTHER)} AND NOT starts_with({side.dt}, {quoted(XSD)}))"
        for side in (a, b)
        if side.tags & t.OTHER
    ]
    if foreign:
        arms.append((" OR ".join(foreign), "CAST(NULL AS BOOLEAN)"))
    both_literal = f"{a.tag} IS NOT NULL AND {b.tag} IS NOT NULL"
    arms.append((both_literal, refuse("equality of literals of different kinds")))
    return arms


def _unordered(a: Value, b: Value) -> list[tuple[str, str]]:
    """Orders that only Oxigraph knows: resources, language strings, other datatypes."""
    return [
        (_both(mask, a, b), refuse("order of terms without an order"))
        for mask in (t.RESOURCE, t.LANGUAGE, t.OTHER)
        if a.tags & mask and b.tags & mask
    ]
