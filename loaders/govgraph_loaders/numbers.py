"""Numbers as CSVW formats write them (Unicode TR35 patterns, group and decimal characters).

Source: https://www.w3.org/TR/tabular-data-model/ §6.4.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import cached_property

_PATTERN = re.compile(
    r"(?P<prefix>[%‰]?)(?P<sign>[+-]?)(?P<whole>[#0,]*)(?:\.(?P<fraction>[#0,]*))?"
    r"(?:E\+?(?P<exponent>#*0+))?(?P<suffix>[%‰]?)"
)
_PLACES = {"": 0, "%": -2, "‰": -3}
#: What cannot be shifted exactly is refused, never rounded.
_EXACT = Context(prec=20_000, Emax=9_999, Emin=-9_999, traps=[Inexact, InvalidOperation, Overflow])


@dataclass(frozen=True)
class NumberFormat:
    """A way to write numbers. ValueError for a pattern that TR35 does not know.

    Without a pattern any grouping goes, as the standard has it.
    """

    pattern: str | None = None
    group: str | None = None
    decimal: str = "."

    def __post_init__(self) -> None:
        if self.pattern is not None and not self._layout["whole"] and not self._layout["fraction"]:
            raise ValueError(f"unsupported number format {self.pattern!r}")

    def parse(self, text: str) -> str:
        """The plain XSD form of a written number. ValueError if it is not written so."""
        match = self._written.fullmatch(text)
        if match is None:
            raise ValueError(text)
        part = {name: value or "" for name, value in match.groupdict().items()}
        if not part["whole"] and not part["fraction"]:
            raise ValueError(text)
        if self.pattern is None:
            self._check_groups(part["whole"], part["fraction"])
        else:
            self._check_layout(part, match["fraction"] is not None)
        return _plain({name: self._ungrouped(value) for name, value in part.items()})

    @cached_property
    def _mark(self) -> str | None:
        """The group character: `,` in a pattern unless another is given."""
        return self.group or ("," if self.pattern is not None else None)

    @cached_property
    def _layout(self) -> dict[str, str]:
        match = _PATTERN.fullmatch(self.pattern or "")
        if match is None:
            raise ValueError(f"unsupported number format {self.pattern!r}")
        return {name: value or "" for name, value in match.groupdict().items()}

    @cached_property
    def _written(self) -> re.Pattern[str]:
        digits = "[0-9" + (re.escape(self._mark) if self._mark else "") + "]*"
        return re.compile(
            rf"(?P<prefix>[%‰]?)(?P<sign>[+-]?)(?P<whole>{digits})"
            rf"(?:{re.escape(self.decimal)}(?P<fraction>{digits}))?"
            rf"(?:[Ee](?P<exponent>[+-]?[0-9]+))?(?P<suffix>[%‰]?)"
        )

    def _check_groups(self, whole: str, fraction: str) -> None:
        if self._mark and self._mark * 2 in whole + fraction:
            raise ValueError(whole)

    def _check_layout(self, part: dict[str, str], pointed: bool) -> None:
        layout = self._layout
        exponent = part["exponent"].lstrip("+-")
        good = (
            part["prefix"] == layout["prefix"]
            and part["suffix"] == layout["suffix"]
            and (not layout["sign"] or part["sign"] != "")
            and bool(exponent) == bool(layout["exponent"])
            and len(exponent) >= layout["exponent"].count("0")
            and self._fits_whole(part["whole"], bounded=bool(layout["exponent"]))
            and self._fits_fraction(part["fraction"], pointed)
        )
        if not good:
            raise ValueError(part)

    def _fits_whole(self, written: str, bounded: bool) -> bool:
        """Grouped as the pattern is, with no fewer digits, and before an exponent no more."""
        pattern, digits = self._layout["whole"], self._ungrouped(written)
        groups = [len(group) for group in pattern.split(",")[1:]]
        wanted = self._grouped(digits, groups) if groups else digits
        most = len(pattern.replace(",", "")) if bounded else len(digits)
        return written == wanted and pattern.count("0") <= len(digits) <= most

    def _fits_fraction(self, written: str, pointed: bool) -> bool:
        pattern, digits = self._layout["fraction"], self._ungrouped(written)
        places = pattern.replace(",", "")
        first = len(pattern.partition(",")[0]) if "," in pattern else len(digits)
        wanted = (self._mark or "").join(_chunks(digits, first))
        enough = places.count("0") <= len(digits) <= len(places)
        return written == wanted and enough and pointed == bool(digits)

    def _grouped(self, digits: str, sizes: list[int]) -> str:
        """Digits grouped from the right: the last group of its size, the others of theirs."""
        last, other = sizes[-1], sizes[-2] if len(sizes) > 1 else sizes[-1]
        head, tail = digits[:-last], digits[-last:]
        groups = [chunk[::-1] for chunk in _chunks(head[::-1], other)][::-1]
        return (self._mark or "").join([*groups, tail])

    def _ungrouped(self, text: str) -> str:
        return text.replace(self._mark, "") if self._mark else text


def _chunks(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), max(size, 1))]


def _plain(part: dict[str, str]) -> str:
    text = part["sign"] + part["whole"]
    text += f".{part['fraction']}" if part["fraction"] else ""
    text += f"E{part['exponent']}" if part["exponent"] else ""
    places = _PLACES[part["prefix"] or part["suffix"]]
    return shift(Decimal(text), places) if places else text


def shift(number: Decimal, places: int) -> str:
    """A number times a power of ten, exactly, without an exponent. ValueError beyond 9,999 digits.

    >>> shift(Decimal("33.4"), 4)
    '334000'
    """
    try:
        return f"{number.scaleb(places, _EXACT):f}"
    except ArithmeticError:
        raise ValueError(number) from None
