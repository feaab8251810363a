"""Dates, numbers and spans of time in the words of a reader."""

from __future__ import annotations

import re

from govgraph.pages.language import Language

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([~?%]?)")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def date(text: str | None, language: Language) -> str:
    """An EDTF date such as 2014-03 in words; what is not one stays as it is. None has no words.

    >>> date("2014-03", "zh"), date("2014-03-01", "en"), date("2014~", "zh")
    ('2014 年 3 月', '1 March 2014', '约 2014 年')
    """
    found = _DATE.fullmatch(text or "")
    if not found:
        return text or ""
    year, month, day, doubt = found.groups()
    plain = _zh(year, month, day) if language == "zh" else _en(year, month, day)
    about = {"zh": "约 ", "en": "about "}[language] if doubt else ""
    return about + plain


def _zh(year: str, month: str | None, day: str | None) -> str:
    parts = [f"{year} 年"]
    parts += [f" {int(month)} 月"] if month else []
    parts += [f" {int(day)} 日"] if day else []
    return "".join(parts)


def _en(year: str, month: str | None, day: str | None) -> str:
    parts = [str(int(day))] if day else []
    parts += [_MONTHS[int(month) - 1]] if month and 1 <= int(month) <= 12 else []
    return " ".join((*parts, year))


def number(value: float | int | str | None) -> str:
    """A number with its thousands set apart; no more digits than it has.

    >>> number("1400"), number(33.40), number("334000.00")
    ('1,400', '33.4', '334,000')
    """
    if value is None:
        return ""
    whole, point, rest = str(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if not digits.isdigit():
        return str(value)
    rest = rest.rstrip("0")
    return f"{sign}{int(digits):,}" + (f"{point}{rest}" if rest else "")
