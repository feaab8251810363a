"""The facets of a datatype: limits of length and of value.

Source: https://www.w3.org/TR/tabular-metadata/ §5.11.2 and tabular-data-model §4.6.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from govgraph_loaders.problems import CellError

LENGTHS: dict[str, Callable[[int, int], bool]] = {
    "length": lambda size, limit: size == limit,
    "minLength": lambda size, limit: size >= limit,
    "maxLength": lambda size, limit: size <= limit,
}
LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    "minInclusive": lambda value, limit: value >= limit,
    "maxInclusive": lambda value, limit: value <= limit,
    "minExclusive": lambda value, limit: value > limit,
    "maxExclusive": lambda value, limit: value < limit,
}
ALIASES = {"minimum": "minInclusive", "maximum": "maxInclusive"}
DURATIONS = {"duration", "dayTimeDuration", "yearMonthDuration"}
_ZONE = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)
#: Seconds of a year, a month (the mean ones), a day, an hour, a minute, a second.
_SECONDS = (31_556_952, 2_629_746, 86_400, 3600, 60, 1)


@dataclass(frozen=True)
class Facet:
    """One limit: `wanted` is a length or a value that `comparable` made."""

    name: str
    shown: str
    wanted: Any

    def check(self, base: str, lexical: str) -> None:
        """Raise CellError unless a lexical form of the base type keeps the limit."""
        if self.name in LENGTHS:
            if not LENGTHS[self.name](_size(base, lexical), self.wanted):
                raise CellError("wrong-length", constraint=f"{self.name} {self.shown}")
            return
        value = comparable(base, lexical)
        if value is None or not LIMITS[self.name](value, self.wanted):
            raise CellError("out-of-range", constraint=f"{self.name} {self.shown}")


def comparable(base: str, lexical: str) -> Any:
    """A value that orders as the datatype does; None for NaN, which has no order."""
    if base in DURATIONS:
        return _seconds(lexical)
    if base.lower() in ("datetime", "datetimestamp"):
        moment = datetime.fromisoformat(lexical)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if base == "gYear":
        return Decimal(_ZONE.sub("", lexical))
    if base in ("date", "time") or base.startswith("g"):
        return _ZONE.sub("", lexical)
    value = Decimal(lexical.replace("INF", "Infinity"))
    return None if value.is_nan() else value


def _seconds(text: str) -> Decimal:
    match = _DURATION.fullmatch(text)
    assert match is not None
    parts = (Decimal(part or 0) for part in match.groups()[1:])
    total = sum((n * unit for n, unit in zip(parts, _SECONDS, strict=True)), Decimal(0))
    return -total if match[1] else total


def _size(base: str, lexical: str) -> int:
    """Characters of a text, octets of a binary."""
    if base == "hexBinary":
        return len(binascii.unhexlify(lexical))
    if base in ("base64Binary", "binary"):
        return len(base64.b64decode(lexical))
    return len(lexical)
