"""What dictionary literals mean: the tag of each, and the values that SQL compares and adds.

Lexical forms are those of XSD 1.1, strictly: a form outside its datatype's lexical space, or a
derived integer out of range, is ill-typed and has no value.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa

from govgraph.engine.columnar.ids import LANG_STRING, MAX_SCALE, XSD, Tag

#: Derived integer types -> the least and the greatest value, None where there is no bound.
_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    XSD + name: bounds
    for name, bounds in {
        "integer": (None, None),
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        "long": (-(1 << 63), (1 << 63) - 1),
        "int": (-(1 << 31), (1 << 31) - 1),
        "short": (-(1 << 15), (1 << 15) - 1),
        "byte": (-(1 << 7), (1 << 7) - 1),
        "unsignedLong": (0, (1 << 64) - 1),
        "unsignedInt": (0, (1 << 32) - 1),
        "unsignedShort": (0, (1 << 16) - 1),
        "unsignedByte": (0, (1 << 8) - 1),
    }.items()
}
#: Datatypes whose literals `classify` has to look at; all others are told by the datatype alone.
TYPED = (*_INTEGERS, *(XSD + name for name in ("decimal", "float", "double", "date", "dateTime")))

_INTEGER = re.compile("[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_FLOATING = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPECIAL = {"INF": float("inf"), "+INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_DATE = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = (
    r"T(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])"
    r"(?:\.(?P<fraction>[0-9]+))?|(?P<midnight>24:00:00(?:\.0+)?))"
)
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DATES = {
    Tag.OTHER_DATE: re.compile(_DATE + _ZONE),
    Tag.OTHER_DATE_TIME: re.compile(_DATE + _TIME + _ZONE),
}
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_CYCLE = 400, 146_097  # years and days after which the calendar repeats
_WHOLE_DIGITS = 38 - MAX_SCALE
_MAX_MICROSECONDS = 9_200_000_000_000_000_000  # just inside DuckDB's TIMESTAMP


class Value(NamedTuple):
    """The tag of a dictionary literal, and its value where the tag has one that is exact."""

    tag: Tag
    num: Decimal | None = None
    dbl: float | None = None
    ts: int | None = None
    """Microseconds since 1970, in UTC when the literal has a zone."""
    tz: bool | None = None


def classify(lex: str, datatype: str) -> Value:
    """The tag and value of a literal that no inline id holds."""
    local = datatype.removeprefix(XSD)
    if datatype == XSD + "string":
        return Value(Tag.STRING)
    if datatype == LANG_STRING:
        return Value(Tag.LANG_STRING)
    if datatype in _INTEGERS:
        return _integer(lex, datatype)
    if datatype in (XSD + "float", XSD + "double"):
        return _floating(lex, single=local == "float")
    if datatype == XSD + "decimal" and _DECIMAL.fullmatch(lex):
        return Value(Tag.OTHER_DECIMAL, num=_exact(lex))
    if datatype == XSD + "date":
        return _date(lex, Tag.OTHER_DATE)
    if datatype == XSD + "dateTime":
        return _date(lex, Tag.OTHER_DATE_TIME)
    return Value(Tag.OTHER)


def _integer(lex: str, datatype: str) -> Value:
    if not _INTEGER.fullmatch(lex):
        return Value(Tag.OTHER)
    least, greatest = _INTEGERS[datatype]
    value = Decimal(lex)  # int() refuses very long texts
    if (least is not None and value < least) or (greatest is not None and value > greatest):
        return Value(Tag.OTHER)
    return Value(Tag.OTHER_INTEGER, num=_exact(lex))


def _exact(lex: str) -> Decimal | None:
    """The number if DECIMAL(38,12) holds it."""
    whole, _, fraction = lex.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    if len(whole) > _WHOLE_DIGITS or len(fraction) > MAX_SCALE:
        return None
    sign = "-" if lex.startswith("-") else ""
    return Decimal(f"{sign}{whole or 0}.{fraction or 0}")


def _floating(lex: str, *, single: bool) -> Value:
    if lex in _SPECIAL:
        return Value(Tag.FLOATING, dbl=_SPECIAL[lex])
    if not _FLOATING.fullmatch(lex):
        return Value(Tag.OTHER)
    # from the text at once: by way of a double some texts would be rounded twice
    value: float = pa.scalar(lex).cast(pa.float32()).as_py() if single else float(lex)
    return Value(Tag.FLOATING, dbl=value)


def _date(lex: str, tag: Tag) -> Value:
    match = _DATES[tag].fullmatch(lex)
    days = match and _days(int(match["year"]), int(match["month"]), int(match["day"]))
    if match is None or days is None:
        return Value(Tag.OTHER)
    zone = match["zone"]
    microseconds = _time(match) if tag == Tag.OTHER_DATE_TIME else 0
    if microseconds is None:
        return Value(tag, tz=zone is not None)
    instant = (days * 86_400 - _offset(zone)) * 1_000_000 + microseconds
    return Value(tag, ts=instant if abs(instant) < _MAX_MICROSECONDS else None, tz=zone is not None)


def _days(year: int, month: int, day: int) -> int | None:
    """Days since 1970 in the proleptic Gregorian calendar; None if there is no such day."""
    cycles, rest = divmod(year, _CYCLE[0])
    try:
        ordinal = date(rest + _CYCLE[0], month, day).toordinal()
    except ValueError:
        return None
    return ordinal + (cycles - 1) * _CYCLE[1] - _EPOCH_DAY


def _time(match: re.Match[str]) -> int | None:
    """Microseconds since midnight; None if the fraction is finer than that."""
    if match["midnight"]:
        return 86_400_000_000
    fraction = (match["fraction"] or "").rstrip("0")
    if len(fraction) > 6:
        return None
    seconds = int(match["hour"]) * 3600 + int(match["minute"]) * 60 + int(match["second"])
    return seconds * 1_000_000 + int(fraction.ljust(6, "0"))


def _offset(zone: str | None) -> int:
    """Seconds that a zone is ahead of UTC."""
    if zone in (None, "Z"):
        return 0
    assert zone is not None
    seconds = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -seconds if zone[0] == "-" else seconds
