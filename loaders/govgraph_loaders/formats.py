"""CSVW formats of dates and times (Unicode TR35 patterns) as regular expressions.

Source: https://www.w3.org/TR/tabular-data-model/ §6.4.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

_FIELDS = {
    "yyyy": r"(?P<Y>-?[0-9]{4,})",
    "y": r"(?P<Y>-?[0-9]{4,})",
    "MM": r"(?P<M>[0-9]{2})",
    "M": r"(?P<M>[0-9]{1,2})",
    "dd": r"(?P<D>[0-9]{2})",
    "d": r"(?P<D>[0-9]{1,2})",
    "HH": r"(?P<h>[0-9]{2})",
    "H": r"(?P<h>[0-9]{1,2})",
    "mm": r"(?P<m>[0-9]{2})",
    "m": r"(?P<m>[0-9]{1,2})",
    "ss": r"(?P<s>[0-9]{2})",
    "s": r"(?P<s>[0-9]{1,2})",
    "XXX": r"(?P<z>Z|[+-][0-9]{2}:[0-9]{2})",
    "XX": r"(?P<z>Z|[+-][0-9]{4})",
    "X": r"(?P<z>Z|[+-][0-9]{2}(?:[0-9]{2})?)",
    "xxx": r"(?P<z>[+-][0-9]{2}:[0-9]{2})",
    "xx": r"(?P<z>[+-][0-9]{4})",
    "x": r"(?P<z>[+-][0-9]{2}(?:[0-9]{2})?)",
}
_TOKEN = re.compile(r"yyyy|y|MM?|dd?|HH?|mm?|ss?|\.S+|X{1,3}|x{1,3}|'(?:[^']|'')*'|.", re.DOTALL)
#: base type -> the fields that its format must have, and how XSD writes them
_SHAPES = {
    "date": ("YMD", "{Y:04}-{M:02}-{D:02}"),
    "time": ("h", "{h:02}:{m:02}:{s:02}{f}"),
    "dateTime": ("YMDh", "{Y:04}-{M:02}-{D:02}T{h:02}:{m:02}:{s:02}{f}"),
    "datetime": ("YMDh", "{Y:04}-{M:02}-{D:02}T{h:02}:{m:02}:{s:02}{f}"),
    "dateTimeStamp": ("YMDhz", "{Y:04}-{M:02}-{D:02}T{h:02}:{m:02}:{s:02}{f}"),
    "gYear": ("Y", "{Y:04}"),
    "gYearMonth": ("YM", "{Y:04}-{M:02}"),
    "gMonth": ("M", "--{M:02}"),
    "gDay": ("D", "---{D:02}"),
    "gMonthDay": ("MD", "--{M:02}-{D:02}"),
}
#: base type -> the formats that it has without one
ISO: dict[str, tuple[str, ...]] = {
    "date": ("yyyy-MM-dd", "yyyy-MM-ddXXX"),
    "time": ("HH:mm:ss.SSSSSSSSS", "HH:mm:ss.SSSSSSSSSXXX"),
    "dateTime": ("yyyy-MM-ddTHH:mm:ss.SSSSSSSSS", "yyyy-MM-ddTHH:mm:ss.SSSSSSSSSXXX"),
    "datetime": ("yyyy-MM-ddTHH:mm:ss.SSSSSSSSS", "yyyy-MM-ddTHH:mm:ss.SSSSSSSSSXXX"),
    "dateTimeStamp": ("yyyy-MM-ddTHH:mm:ss.SSSSSSSSSXXX",),
}
#: A leap year, for days and months that come without a year.
_ANY_YEAR = 2000


@lru_cache(maxsize=256)
def date_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression for a date or time pattern such as d.M.yyyy or yyyy年M月d日.

    ValueError for letters that are no pattern.
    """
    pieces = []
    for token in _TOKEN.findall(pattern):
        if token in _FIELDS:
            pieces.append(_FIELDS[token])
        elif token.startswith(".S"):
            pieces.append(rf"(?P<f>\.[0-9]{{1,{len(token) - 1}}})?")
        elif token.startswith("'") and len(token) > 1:
            pieces.append(re.escape(token[1:-1].replace("''", "'") or "'"))
        elif token.isascii() and token.isalpha() and token != "T":
            raise ValueError(f"unsupported letter {token!r} in the date format {pattern!r}")
        else:
            pieces.append(re.escape(token))
    try:
        return re.compile("".join(pieces))
    except re.error:
        raise ValueError(f"a field appears twice in the date format {pattern!r}") from None


def check_date_pattern(base: str, pattern: str) -> None:
    """ValueError if a pattern does not say all that the base type needs."""
    missing = set(_SHAPES[base][0]) - set(date_pattern(pattern).groupindex)
    if missing:
        raise ValueError(f"the format {pattern!r} does not give a whole {base}")


def parse_date(base: str, text: str, patterns: tuple[str, ...]) -> str:
    """The XSD form of a date or time written in one of the patterns. ValueError if it is not."""
    for pattern in patterns:
        match = date_pattern(pattern).fullmatch(text)
        if match:
            return _xsd(base, match.groupdict())
    raise ValueError(text)


def _xsd(base: str, part: Mapping[str, str | None]) -> str:
    """Put the matched parts into XSD's order. ValueError if there is no such day or time."""
    year, month, day = int(part.get("Y") or _ANY_YEAR), int(part.get("M") or 1), part.get("D")
    hour, minute, second = (int(part.get(name) or 0) for name in "hms")
    date(year, month, int(day or 1))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(part)
    fields = {"Y": year, "M": month, "D": int(day or 1), "h": hour, "m": minute, "s": second}
    return _SHAPES[base][1].format(**fields, f=part.get("f") or "") + _zone(part.get("z"))


def _zone(text: str | None) -> str:
    """A time zone in XSD form: `Z`, `+08:00`, or nothing. ValueError beyond 14 hours."""
    if not text or text == "Z":
        return text or ""
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) * 60 + int(digits[2:]) > 14 * 60 or int(digits[2:]) > 59:
        raise ValueError(text)
    return f"{text[0]}{digits[:2]}:{digits[2:]}"
