"""Casts: the constructor functions of XSD (§17.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.computed import Computed, decimal_text, string, truth
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.stored import exactly, instant, zoned
from govgraph.engine.columnar.terms import XSD, quoted

_INTEGER = "[+-]?[0-9]+"
_DECIMAL = "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)"
_DOUBLE = _DECIMAL + "([eE][+-]?[0-9]+)?"
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?"


def _arms(*arms: tuple[Value, int, str]) -> list[tuple[str, str]]:
    return [(v.has(mask), sql) for v, mask, sql in arms if v.tags & mask]


def _to_string(scope: Scope, v: Value) -> Value:
    digits = f"CAST(CAST({v.dbl} AS DECIMAL(38,15)) AS VARCHAR)"
    plain = f"CASE WHEN {v.dbl}=0 THEN '0' ELSE regexp_replace({digits}, '\\.?0+$', '') END"
    usual = f"{v.dbl}=0 OR abs({v.dbl}) BETWEEN 1e-6 AND 999999.999999"
    arms = _arms(
        (v, t.BLANK, "NULL"),
        (v, t.BOOLEAN, f"CASE WHEN {v.bool} THEN 'true' ELSE 'false' END"),
        (v, t.INTEGERS, f"CAST(CAST({v.num} AS HUGEINT) AS VARCHAR)"),
        (v, t.DECIMALS, decimal_text(v.num)),
        (v, t.DOUBLE, f"CASE WHEN {usual} THEN {plain} ELSE {refuse('form of a double')} END"),
    )
    return string(scope, case(arms, v.lex))


def _to_boolean(scope: Scope, v: Value) -> Value:
    words = f"CASE WHEN {v.lex} IN ('true', '1') THEN true WHEN {v.lex} IN ('false', '0') THEN false END"
    arms = _arms(
        (v, t.BOOLEAN, v.bool),
        (v, t.EXACT, f"{v.num}<>0"),
        (v, t.DOUBLE, f"({v.dbl}<>0 AND NOT isnan({v.dbl}))"),
        (v, t.STRING, words),
    )
    return truth(scope, case(arms))


def _exact(scope: Scope, v: Value, pattern: str, whole: bool) -> Value:
    wide = "DECIMAL(38,0)" if whole else "DECIMAL(38,12)"
    finite = f"NOT isnan({v.dbl}) AND NOT isinf({v.dbl})"
    double = f"trunc({v.dbl})" if whole else v.dbl
    valid = f"CASE WHEN regexp_full_match({v.lex}, '{pattern}') THEN {v.lex} END"
    number = exactly(scope.share(valid), 0 if whole else 12)
    arms = _arms(
        (v, t.BOOLEAN, f"CAST(CAST({v.bool} AS INTEGER) AS {wide})"),
        (v, t.EXACT, f"CAST({f'trunc({v.num})' if whole else v.num} AS {wide})"),
        (v, t.DOUBLE, f"CASE WHEN {finite} THEN CAST({double} AS {wide}) END"),
        (v, t.STRING, number),
    )
    shared = scope.share(case(arms, f"CAST(NULL AS {wide})"))
    tag = f"CASE WHEN {shared} IS NOT NULL THEN {6 if whole else 9} END"
    tags = t.INTEGER if whole else t.DECIMAL_TERM
    return Computed(scope, tags, scale=0 if whole else 12, tag=tag, num=shared)


def _to_integer(scope: Scope, v: Value) -> Value:
    return _exact(scope, v, _INTEGER, whole=True)


def _to_decimal(scope: Scope, v: Value) -> Value:
    return _exact(scope, v, _DECIMAL, whole=False)


def _floating(name: str) -> Callable[[Scope, Value], Value]:
    wide = "CAST({} AS DOUBLE)" if name == "double" else "CAST(CAST({} AS FLOAT) AS DOUBLE)"

    def to_floating(scope: Scope, v: Value) -> Value:
        number = f"regexp_full_match({v.lex}, '{_DOUBLE}')"
        word = f"{v.lex} IN ('INF', '+INF', '-INF', 'NaN')"
        arms = _arms(
            (v, t.BOOLEAN, f"CAST(CAST({v.bool} AS INTEGER) AS DOUBLE)"),
            (v, t.NUMERIC, wide.format(v.double)),
            (v, t.STRING, f"CASE WHEN {number} OR {word} THEN {wide.format(v.lex)} END"),
        )
        shared = scope.share(case(arms, "CAST(NULL AS DOUBLE)"))
        tag = f"CASE WHEN {shared} IS NOT NULL THEN 10 END"
        return Computed(scope, t.DOUBLE, tag=tag, dbl=shared, dt=quoted(XSD + name))

    return to_floating


def _time(name: str) -> Callable[[Scope, Value], Value]:
    own, other, tag = (
        (t.DATETIMES, t.DATES, 14) if name == "dateTime" else (t.DATES, t.DATETIMES, 12)
    )
    shape = f"{_DATE}{_TIME if name == 'dateTime' else ''}{_ZONE}?"

    def to_time(scope: Scope, v: Value) -> Value:
        if name == "dateTime":
            converted = f"left({v.lex}, 10) || 'T00:00:00' || {v.lex}[11:]"
        else:
            converted = f"left({v.lex}, 10) || regexp_extract({v.lex}, '{_ZONE}$')"
        usual = f"regexp_matches({v.lex}, '^{_DATE}(T|Z|[+-]|$)')"
        converted = f"CASE WHEN {usual} THEN {converted} ELSE {refuse('year')} END"
        real = f"TRY_CAST(left({v.lex}, 10) AS DATE) IS NOT NULL"
        read = f"CASE WHEN regexp_full_match({v.lex}, '{shape}') AND {real} THEN {v.lex} END"
        lex = scope.share(case(_arms((v, own, v.lex), (v, other, converted), (v, t.STRING, read))))
        known = f"CASE WHEN {lex} IS NOT NULL THEN {tag} END"
        return Computed(scope, 1 << tag, tag=known, lex=lex, ts=instant(lex), zoned=zoned(lex))

    return to_time


_CASTS: Mapping[str, Callable[[Scope, Value], Value]] = {
    XSD + "string": _to_string,
    XSD + "boolean": _to_boolean,
    XSD + "integer": _to_integer,
    XSD + "decimal": _to_decimal,
    XSD + "double": _floating("double"),
    XSD + "float": _floating("float"),
    XSD + "dateTime": _time("dateTime"),
    XSD + "date": _time("date"),
}


def cast(scope: Scope, datatype: str, v: Value) -> Value:
    """The value cast to a datatype; NotCompiled for other functions."""
    if datatype not in _CASTS:
        raise NotCompiled(f"function {datatype}")
    return _CASTS[datatype](scope, v)
