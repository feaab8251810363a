"""Dates with their precision: the part of EDTF (ISO 8601-2) that records of office use.

Source: https://www.loc.gov/standards/datetime/ (levels 0 and 1: dates, unspecified digits,
qualifiers `?` `~` `%`, intervals, open and unknown ends).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_PART = re.compile(
    r"(?P<y>\d{4}|\d{3}X|\d{2}XX)(-(?P<m>0[1-9]|1[0-2]|XX)(-(?P<d>0[1-9]|[12]\d|3[01]|XX))?)?[?~%]?"
)
Bounds = tuple[date | None, date | None]


def bounds(text: str) -> Bounds:
    """The earliest and latest day that an EDTF text can mean; None is unbounded or not known.

    ValueError if the text is not EDTF.

    >>> bounds("2012-06")
    (datetime.date(2012, 6, 1), datetime.date(2012, 6, 30))
    >>> bounds("..")
    (None, None)
    """
    if text == "..":
        return None, None
    first, slash, last = text.partition("/")
    if not slash:
        return _part(first)
    start = None if first in ("", "..") else _part(first)[0]
    end = None if last in ("", "..") else _part(last)[1]
    if start is None and end is None and text not in ("../..", "/..", "../"):
        raise ValueError(text)
    if start and end and start > end:
        raise ValueError(text)
    return start, end


def _part(text: str) -> tuple[date, date]:
    match = _PART.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match["y"], match["m"], match["d"]
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if low == 0:
        raise ValueError(text)
    if month in (None, "XX"):
        if day not in (None, "XX"):
            raise ValueError(text)
        return date(low, 1, 1), date(high, 12, 31)
    if day in (None, "XX"):
        return date(low, int(month), 1), date(high, int(month), monthrange(high, int(month))[1])
    return date(low, int(month), int(day)), date(high, int(month), int(day))


def day(text: str, which: int) -> str | None:
    """The earliest (0) or latest (1) day of a valid EDTF text, as xsd:date."""
    bound = bounds(text)[which]
    return bound.isoformat() if bound else None
