"""Functions on dates and times (§17.4.5), in the literal's own time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.computed import Computed, Known, error, integer, string
from govgraph.engine.columnar.facets import Value, refuse
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import XSD, quoted

_ZONE = "(Z|[+-][0-9][0-9]:[0-9][0-9])$"
_CLOCK = ("hour", "minute")


def _written(v: Value) -> str:
    """The lexical form of a time in the years 0001 to 9999, as TIMESTAMP without its zone."""
    usual = f"regexp_matches({v.lex}, '^[0-9]{{4}}-') AND NOT contains({v.lex}, 'T24')"
    clock = f"replace(left({v.lex}, CASE WHEN {v.lex}[11]='T' THEN 19 ELSE 10 END), 'T', ' ')"
    plain = f"CAST({clock} AS TIMESTAMP)"
    return f"CASE WHEN {usual} THEN {plain} WHEN {v.lex} IS NOT NULL THEN {refuse('year')} END"


def _local(v: Value) -> str:
    """The time as written."""
    if not v.tags & t.TIMES & ~(t.DATE | t.DATETIME):
        return f"make_timestamp({v.ts})"
    return v.when(t.TIMES, _written(v), "num")


def _part(name: str) -> Callable[[Scope, Value], Value]:
    """YEAR, MONTH, DAY, HOURS or MINUTES; the last two of a dateTime only."""

    def extract(scope: Scope, v: Value) -> Value:
        wanted = t.DATETIMES if name in _CLOCK else t.TIMES
        if not v.tags & wanted:
            return error(scope)
        moment = scope.share(_local(v))
        return integer(scope, v.when(wanted, f"{name}({moment})", "num"))

    return extract


def _seconds(scope: Scope, v: Value) -> Value:
    if not v.tags & t.DATETIMES:
        return error(scope)
    digits = f"regexp_extract({v.lex}, 'T..:..:([0-9.]+)', 1)"
    number = scope.share(f"CAST({v.when(t.DATETIMES, digits)} AS DECIMAL(38,12))")
    tag = f"CASE WHEN {number} IS NOT NULL THEN 9 END"
    return Computed(scope, t.DECIMAL_TERM, tag=tag, num=number)


def _zone(v: Value) -> str:
    return v.when(t.DATETIMES, f"regexp_extract({v.lex}, '{_ZONE}')")


def _tz(scope: Scope, v: Value) -> Value:
    return string(scope, _zone(v)) if v.tags & t.DATETIMES else error(scope)


def _timezone(scope: Scope, v: Value) -> Value:
    """The zone as xsd:dayTimeDuration; an error without one."""
    if not v.tags & t.DATETIMES:
        return error(scope)
    zone = scope.share(_zone(v))
    hours, minutes = (
        f"CASE WHEN {zone}[{place}]<>'00' THEN ltrim({zone}[{place}], '0') || '{unit}' ELSE '' END"
        for place, unit in (("2:3", "H"), ("5:6", "M"))
    )
    sign = f"CASE WHEN {zone}[1]='-' THEN '-' ELSE '' END"
    lex = scope.share(
        f"CASE WHEN {zone}='' THEN NULL WHEN {zone} IN ('Z', '+00:00', '-00:00') THEN 'PT0S'"
        f" WHEN {zone} IS NOT NULL THEN {sign} || 'PT' || {hours} || {minutes} END"
    )
    datatype = quoted(XSD + "dayTimeDuration")
    tag = f"CASE WHEN {lex} IS NOT NULL THEN 15 END"
    return Computed(scope, t.OTHER, tag=tag, lex=lex, dt=datatype)


def _now(scope: Scope) -> Value:
    """The moment of compilation, the same for the whole query."""
    scope.context.volatile = True
    return Known(scope, scope.context.now)


CALENDAR: Mapping[str, Callable[..., Value]] = {
    "YEAR": _part("year"),
    "MONTH": _part("month"),
    "DAY": _part("day"),
    "HOURS": _part("hour"),
    "MINUTES": _part("minute"),
    "SECONDS": _seconds,
    "TIMEZONE": _timezone,
    "TZ": _tz,
    "NOW": _now,
}
