"""Numbers (§17.3, §17.4.4): + - * / and rounding, decimals exactly or not at all.

Integers and decimals are DECIMALs of a known scale. Sums and products keep every digit; a quotient
has 18 fraction digits, cut off, as in Oxigraph. An overflow ends the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.compare import single
from govgraph.engine.columnar.computed import Computed, error
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import XSD, quoted

MOST_DIGITS = 18
_DAY = 86_400_000_000


def wide(value: Value, scale: int | None = None) -> str:
    return f"CAST({value.num} AS DECIMAL(38,{value.scale if scale is None else scale}))"


def arithmetic(scope: Scope, op: str, a: Value, b: Value) -> Value:
    """a op b, by the promotion integer < decimal < double; for two dates the days between them."""
    if op == "-" and a.tags & b.tags & t.DATE and not (a.tags | b.tags) & ~t.DATE & t.ALL:
        return _days_between(scope, a, b)
    extended = _extension(op, a, b)
    if not a.tags & t.NUMERIC or not b.tags & t.NUMERIC:
        return error(scope) if extended == "false" else Computed(scope, t.INTEGER, tag=extended)
    tags = _result_tags(op, a.tags, b.tags)
    facets: dict[str, str] = {}
    scale = 12
    if a.tags & t.EXACT and b.tags & t.EXACT:
        number, scale = _EXACT[op](scope, a, b)
        facets["num"] = scope.share(number)
    if tags & t.DOUBLE:
        facets["dbl"] = scope.share(_doubles(op, a, b, bool(facets)))
    tag = _result_tag(a, b, tags, facets)
    if extended != "false":
        tag = f"coalesce({tag}, {extended})"
    return Computed(scope, tags, scale=scale, tag=tag, **facets)


def _days_between(scope: Scope, a: Value, b: Value) -> Value:
    """The xsd:dayTimeDuration between two dates without zones, as XPath's op:subtract-dates and
    Oxigraph have it."""
    days = scope.share(f"(({a.ts}) - ({b.ts})) // {_DAY}")
    lex = scope.share(
        f"CASE WHEN {days}=0 THEN 'PT0S' WHEN {days}<0 THEN '-P' || (-{days}) || 'D'"
        f" WHEN {days} IS NOT NULL THEN 'P' || {days} || 'D' END"
    )
    tag = f"CASE WHEN {lex} IS NOT NULL THEN 15 END"
    return Computed(scope, t.OTHER, tag=tag, lex=lex, dt=quoted(XSD + "dayTimeDuration"))


def _extension(op: str, a: Value, b: Value) -> str:
    """SQL that ends the run for dates, times and durations, whose sums §17.3 calls errors and only
    Oxigraph has."""
    kinds = t.TIMES | t.OTHER
    if op not in "+-" or not a.tags & kinds or not b.tags & kinds:
        return "false"
    either = " AND ".join(side.has(kinds) for side in (a, b) if side.has(kinds) != "true")
    return f"CASE WHEN {either or 'true'} THEN {refuse('sum of times')} END"


def _result_tags(op: str, a: int, b: int) -> int:
    tags = 0
    if a & t.EXACT and b & t.EXACT:
        if op != "/" and a & t.INTEGERS and b & t.INTEGERS:
            tags |= t.INTEGER
        if op == "/" or (a | b) & t.DECIMALS:
            tags |= t.DECIMAL_TERM
    return tags | (t.DOUBLE if (a | b) & t.DOUBLE else 0)


def _result_tag(a: Value, b: Value, tags: int, facets: dict[str, str]) -> str:
    arms = []
    if tags & t.DOUBLE:
        arms.append((f"{facets['dbl']} IS NOT NULL", "10"))
    if "num" in facets:
        integers = " AND ".join(side.has(t.INTEGERS) for side in (a, b))
        kind = "6" if tags & t.EXACT == t.INTEGER else "9"
        if tags & t.EXACT == t.INTEGER | t.DECIMAL_TERM:
            kind = f"CASE WHEN {integers} THEN 6 ELSE 9 END"
        arms.append((f"{facets['num']} IS NOT NULL", kind))
    return case(arms)


def _doubles(op: str, a: Value, b: Value, also_exact: bool) -> str:
    """The double result; NULL where both sides are exact."""
    if op == "/":
        by_zero = (
            f"CASE WHEN {a.double}=0 OR isnan({a.double}) THEN CAST('NaN' AS DOUBLE)"
            f" WHEN {a.double}>0 THEN CAST('inf' AS DOUBLE) ELSE CAST('-inf' AS DOUBLE) END"
        )
        result = f"CASE WHEN {b.double}=0 THEN {by_zero} ELSE {a.double}/{b.double} END"
    else:
        result = f"{a.double}{op}{b.double}"
    singles = [side for side in (single(a), single(b)) if side != "false"]
    if singles:
        result = f"CASE WHEN {' OR '.join(singles)} THEN {refuse('float')} ELSE {result} END"
    if also_exact:
        either = " OR ".join(s.has(t.DOUBLE) for s in (a, b) if s.tags & t.DOUBLE)
        result = f"CASE WHEN {either} THEN {result} END"
    return result


def _sum(op: str, a: Value, b: Value) -> tuple[str, int]:
    scale = max(a.scale, b.scale)
    return f"({wide(a, scale)}{op}{wide(b, scale)})", scale


def _product(scope: Scope, a: Value, b: Value) -> tuple[str, int]:
    exact, scale = f"({wide(a)}*{wide(b)})", a.scale + b.scale
    if scale <= MOST_DIGITS:
        return exact, scale
    exact = scope.share(exact)
    rounded = scope.share(f"CAST({exact} AS DECIMAL(38,{MOST_DIGITS}))")
    kept = f"CASE WHEN {rounded}={exact} THEN {rounded} WHEN {exact} IS NOT NULL"
    return f"{kept} THEN {refuse('digits')} END", MOST_DIGITS


def _quotient(_scope: Scope, a: Value, b: Value) -> tuple[str, int]:
    zero = f"{b.num}<>0"
    return f"CASE WHEN {zero} THEN {quotient(wide(a), a.scale, wide(b), b.scale)} END", MOST_DIGITS


def quotient(a: str, a_scale: int, b: str, b_scale: int) -> str:
    """a / b of two DECIMALs with 18 fraction digits, cut off."""
    scale = max(a_scale, b_scale)
    over, under = (_integral(x, own, scale) for x, own in ((a, a_scale), (b, b_scale)))
    whole = f"({over} * CAST(1000000000000000000 AS HUGEINT)) // {under}"
    return f"CAST(CAST({whole} AS DECIMAL(38,0)) * CAST('0.{'1'.zfill(18)}' AS DECIMAL(18,18)) AS DECIMAL(38,18))"


def _integral(number: str, own: int, scale: int) -> str:
    """A DECIMAL times 10^scale, as HUGEINT."""
    if scale == 0:
        return f"CAST({number} AS HUGEINT)"
    whole = f"CAST({number} * CAST(1{'0' * own} AS DECIMAL({own + 1},0)) AS HUGEINT)"
    return whole if own == scale else f"({whole} * {10 ** (scale - own)})"


_EXACT = {
    "+": lambda _, a, b: _sum("+", a, b),
    "-": lambda _, a, b: _sum("-", a, b),
    "*": _product,
    "/": _quotient,
}


def _rounded(scope: Scope, shape: str, a: Value) -> Value:
    """ABS, CEIL, FLOOR and ROUND (half up), by the shape of their SQL."""
    if not a.tags & t.NUMERIC:
        return error(scope)
    facets: dict[str, str] = {}
    if a.tags & t.EXACT:
        number = shape.format(f"CAST({a.num} AS DECIMAL(38,{a.scale}))")
        facets["num"] = f"CAST({number} AS DECIMAL(38,{a.scale}))"
    tags = 0
    for mask, result in ((t.INTEGERS, t.INTEGER), (t.DECIMALS, t.DECIMAL_TERM)):
        tags |= result if a.tags & mask else 0
    if a.tags & t.DOUBLE:
        if single(a) != "false":
            facets["dbl"] = f"CASE WHEN {single(a)} THEN {refuse('float')} ELSE {a.dbl} END"
        facets["dbl"] = shape.format(facets.get("dbl", a.dbl))
        tags |= t.DOUBLE
    arms = [(a.has(t.INTEGERS), "6"), (a.has(t.DECIMALS), "9"), (a.has(t.DOUBLE), "10")]
    tag = case([arm for arm in arms if arm[0] != "false"])
    return Computed(scope, tags, scale=a.scale, tag=tag, **facets)


def _rounding(shape: str) -> Callable[[Scope, Value], Value]:
    return lambda scope, value: _rounded(scope, shape, value)


ROUNDING: Mapping[str, Callable[..., Value]] = {
    "ABS": _rounding("abs({})"),
    "CEIL": _rounding("ceil({})"),
    "FLOOR": _rounding("floor({})"),
    "ROUND": _rounding("floor({} + 0.5)"),
}
