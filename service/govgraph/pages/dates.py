"""Dates, numbers and spans of time in the words of a reader."""

from __future__ import annotations

import re

from govgraph.pages.language import Language
from govgraph.pages.words import say

_ONE = r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d{2}|XX))?(?:-(?P<day>\d{2}|XX))?(?P<doubt>[~?%]?)"
_DATE = re.compile(_ONE)
_DOUBTS = {"~": "about", "?": "perhaps", "%": "perhaps-about"}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
#: Dates that a sentence of ours has: a bare year is left, it may be a number.
_END = r"\d{4}(?:-\d{2}){0,2}[~?%]?"
_IN_TEXT = re.compile(
    rf"(?<![\w/.-])(?:\.\.|{_END})?/(?:\.\.|{_END})(?![\w/-])"
    rf"|(?<![\w/.-]){_END}/(?!\w)"
    r"|(?<![\w/.-])\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?[~?%]?(?![\w/-])"
    r"|(?<![\w/.-])\d{4}[~%](?![\w/-])",
    re.ASCII,
)
#: Blanks that stood around digits and now stand beside Han characters or their brackets.
_BESIDE_HAN = re.compile(r"(?<=[年月日]) (?=[\u4e00-\u9fff])| (?=（)")


def date(text: str | None, language: Language) -> str:
    """An EDTF date or interval in words; what is neither stays as it is. None has no words.

    >>> date("2014-03", "zh"), date("2014-03-01", "en"), date("2014~", "zh")
    ('2014 年 3 月', '1 March 2014', '约 2014 年')
    >>> date("2017/..", "en"), date("/2017-05", "en"), date("201X", "en")
    ('since 2017, still going on', 'until May 2017, start not known', 'the 2010s')
    """
    if text == "..":
        return say(language, "dates.ongoing")
    begin, slash, end = (text or "").partition("/")
    if not slash:
        return _one(begin, language) or begin
    return _interval(begin, end, language) or text or ""


def worded(text: str, language: Language) -> str:
    """A sentence of ours with the dates in it in words. Not for the words of a source.

    >>> worded("adopted by Example [2018-07-01/..]; from 2019-02 on, 2,008 people", "en")
    'adopted by Example (since 1 July 2018, still going on); from February 2019 on, 2,008 people'
    """
    opened, closed = ("（", "）") if language == "zh" else ("(", ")")
    rounded = re.sub(rf"\s*\[({_IN_TEXT.pattern})\]", rf" {opened}\1{closed}", text)
    told = _IN_TEXT.sub(lambda found: date(found[0], language), rounded)
    return _BESIDE_HAN.sub("", told) if language == "zh" else told


def _interval(begin: str, end: str, language: Language) -> str | None:
    """None if an end is no date."""
    first, last = (None if side in ("", "..") else _one(side, language) for side in (begin, end))
    if first == "" or last == "":
        return None
    if first and last:
        return say(language, "dates.between", begin=first, end=last)
    if first:
        key = "since" if end == ".." else "since-end-not-known"
        return say(language, f"dates.{key}", begin=first)
    if last:
        key = "until" if begin == ".." else "until-start-not-known"
        return say(language, f"dates.{key}", end=last)
    return say(language, "dates.not-known")


def _one(text: str, language: Language) -> str:
    """One date in words, empty if it is none."""
    found = _DATE.fullmatch(text)
    if not found or not _is_month(found["month"]):
        return ""
    plain = _plain(found["year"], found["month"], found["day"], language)
    doubt = _DOUBTS.get(found["doubt"])
    return say(language, f"dates.{doubt}", date=plain) if doubt else plain


def _is_month(text: str | None) -> bool:
    return text in (None, "XX") or 1 <= int(text) <= 12


def _plain(year: str, month: str | None, day: str | None, language: Language) -> str:
    if "X" in year:
        key = "century" if year.endswith("XX") else "decade"
        return say(
            language, f"dates.{key}", year=year.replace("X", "0"), last=year.replace("X", "9")
        )
    if month in (None, "XX"):
        known = say(language, "dates.year", year=year)
        return say(language, "dates.month-not-known", date=known) if month else known
    name = say(language, f"dates.{_MONTHS[int(month) - 1]}")
    if day in (None, "XX"):
        known = say(language, "dates.month", year=year, name=name)
        return say(language, "dates.day-not-known", date=known) if day else known
    return say(language, "dates.day", year=year, name=name, day=int(day))


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
