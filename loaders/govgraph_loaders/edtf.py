"""Dates with their precision: the part of EDTF (ISO 8601-2) that records of office use.

Source: https://www.loc.gov/standards/datetime/ (levels 0 and 1 without times and seasons: dates,
unspecified digits, qualifiers `?` `~` `%`, intervals, open and unknown ends).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_DAY = "0[1-9]|[12][0-9]|3[01]"
_PART = re.compile(
    rf"(?:(?P<y>[0-9]{{4}})(?:-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>{_DAY}|XX))?|-XX(?:-XX)?)?"
    r"|(?P<x>[0-9]{3}X|[0-9]{2}XX))[?~%]?"
)
Bounds = tuple[date | None, date | None]


@lru_cache(maxsize=1 << 16)
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
    years = match["x"] or match["y"]
    low, high = int(years.replace("X", "0")), int(years.replace("X", "9"))
    if not match["m"]:
        return date(low, 1, 1), date(high, 12, 31)
    month = int(match["m"])
    if match["d"] in (None, "XX"):
        return date(low, month, 1), date(high, month, monthrange(high, month)[1])
    day = date(low, month, int(match["d"]))
    return day, day


def day(text: str, which: int) -> str | None:
    """The earliest (0) or latest (1) day of a valid EDTF text, as xsd:date."""
    bound = bounds(text)[which]
    return bound.isoformat() if bound else None
