"""Numbers, dates, booleans and URIs: round trips and brute force."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govgraph_loaders import edtf, formats, numerals
from govgraph_loaders.checks import gb32100_digit
from govgraph_loaders.numbers import NumberFormat
from govgraph_loaders.uri import Template, encode, is_iri, resolve

DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
NUMBERS = st.decimals(-(10**15), 10**15, places=2, allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


# -- URIs ----------------------------------------------------------------------------------------


@given(TEXT)
def test_encoding_round_trips_and_is_legal(text: str) -> None:
    encoded = encode(text)
    assert unquote(encoded) == text
    assert re.fullmatch(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*", encoded)


@given(TEXT)
def test_reserved_encoding_is_legal_and_stable(text: str) -> None:
    encoded = encode(text, reserved=True)
    assert re.fullmatch(r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", encoded)
    assert encode(encoded, reserved=True) == encoded


PIECES = st.sampled_from(
    ["http", "a", "://", ":", "/", "//", "?", "#", "@", "[", "]", "%41", "%", "西", " ", "1", ".."]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_what_passes_for_an_iri_can_be_stored(text: str) -> None:
    for candidate in (text, encode(text, reserved=True), resolve(text, "http://x.org/a/b")):
        if is_iri(candidate):
            ox.NamedNode(candidate)


#: RFC 6570, the expansions of level 1 to 3 and of prefixes, section 3.2.
VALUES = {"var": "value", "hello": "Hello World!", "path": "/foo/bar", "empty": "", "x": "1024",
          "y": "768", "half": "50%", "who": "fred"}  # fmt: skip


@pytest.mark.parametrize(
    "template,expansion",
    [
        ("{var}", "value"),
        ("{hello}", "Hello%20World%21"),
        ("{half}", "50%25"),
        ("O{empty}X", "OX"),
        ("{x,y}", "1024,768"),
        ("{x,hello,y}", "1024,Hello%20World%21,768"),
        ("?{x,empty}", "?1024,"),
        ("{var:3}", "val"),
        ("{+var}", "value"),
        ("{+hello}", "Hello%20World!"),
        ("{+half}", "50%25"),
        ("{+path}/here", "/foo/bar/here"),
        ("here?ref={+path}", "here?ref=/foo/bar"),
        ("{+path,x}/here", "/foo/bar,1024/here"),
        ("{#var}", "#value"),
        ("{#x,hello,y}", "#1024,Hello%20World!,768"),
        ("X{.x,y}", "X.1024.768"),
        ("{/var,x}/here", "/value/1024/here"),
        ("{;x,y,empty}", ";x=1024;y=768;empty"),
        ("{?x,y,empty}", "?x=1024&y=768&empty="),
        ("?fixed=yes{&x}", "?fixed=yes&x=1024"),
        ("{?x,undefined}", "?x=1024"),
        ("{undefined}", ""),
    ],
)
def test_templates_expand_as_in_rfc_6570(template: str, expansion: str) -> None:
    assert Template(template).expand(VALUES) == expansion


@pytest.mark.parametrize("text", ["{", "a}b", "{a b}", "{}", "{a", "{!a}", "a b:{x"])
def test_malformed_templates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Template(text)


# -- numbers -------------------------------------------------------------------------------------


@given(NUMBERS, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u00a0", ",")]))
def test_grouped_numbers_round_trip(number: Decimal, marks: tuple[str, str]) -> None:
    group, decimal = marks
    written = f"{number:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", group)
    exact = NumberFormat("#,##0.00", group, decimal)
    assert Decimal(exact.parse(written)) == number
    assert Decimal(NumberFormat(None, group, decimal).parse(written)) == number
    if abs(number) >= 1000:
        with pytest.raises(ValueError):
            exact.parse(written.replace(group, ""))


@given(st.integers(0, 10**9), st.integers(1, 9))
def test_leading_zeros_are_counted(number: int, width: int) -> None:
    parse = NumberFormat("0" * width).parse
    assert int(parse(str(number).zfill(width))) == number
    if len(str(number)) < width:
        with pytest.raises(ValueError):
            parse(str(number))


@given(NUMBERS, st.sampled_from(["%", "‰"]))
def test_percentages_are_exact(number: Decimal, sign: str) -> None:
    parsed = NumberFormat("#0.00" + sign).parse(f"{number:.2f}{sign}")
    assert Decimal(parsed) * {"%": 100, "‰": 1000}[sign] == number


@pytest.mark.parametrize("pattern", ["", "abc", "0.0.0", "#;0", "[", "0E", "%", "¤0"])
def test_unknown_number_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError):
        NumberFormat(pattern)


SCALES = {"": 1, "十": 10, "百": 100, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7,
          "亿": 10**8, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}  # fmt: skip


@given(NUMBERS, st.sampled_from([*SCALES]), st.sampled_from(["", "元"]), st.booleans())
def test_chinese_numbers_are_exact(number: Decimal, scale: str, unit: str, wide: bool) -> None:
    written = f"{number:,.2f}" if number.is_signed() else f"{number}"
    if wide:
        written = "".join(chr(0xFEE0 + ord(char)) for char in written)
    assert Decimal(numerals.parse(written + scale + unit)) == number * SCALES[scale]


def test_long_chinese_numbers_are_not_rounded() -> None:
    digits = "1234567890" * 10
    assert numerals.parse(digits + "万") == digits + "0000"


@pytest.mark.parametrize("text", ["", "万", "近8万", "8万多", "1,23万", "1e3", "万8", "8千百", "①"])
def test_vague_or_malformed_chinese_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        numerals.parse(text)


# -- dates ---------------------------------------------------------------------------------------

PATTERNS = {
    "yyyy-MM-dd": "{0.year:04}-{0.month:02}-{0.day:02}",
    "d.M.yyyy": "{0.day}.{0.month}.{0.year:04}",
    "yyyy年M月d日": "{0.year:04}年{0.month}月{0.day}日",
    "MM/dd/yyyy": "{0.month:02}/{0.day:02}/{0.year:04}",
    "yyyyMMdd": "{0.year:04}{0.month:02}{0.day:02}",
    "'day' d 'of' M, yyyy": "day {0.day} of {0.month}, {0.year:04}",
}


@given(DATES, st.sampled_from([*PATTERNS]))
def test_dates_round_trip(day: date, pattern: str) -> None:
    written = PATTERNS[pattern].format(day)
    assert formats.parse_date("date", written, (pattern,)) == day.isoformat()


@given(st.integers(0, 12999), st.integers(0, 99), st.integers(0, 99))
def test_a_day_that_is_not_is_refused(year: int, month: int, day: int) -> None:
    try:
        expected = date(year, month, day).isoformat()
    except ValueError:
        with pytest.raises(ValueError):
            formats.parse_date("date", f"{year:04}-{month:02}-{day:02}", ("yyyy-MM-dd",))
    else:
        found = formats.parse_date("date", f"{year:04}-{month:02}-{day:02}", ("yyyy-MM-dd",))
        assert found == expected


@pytest.mark.parametrize(
    "base,pattern",
    [("date", "MM-dd"), ("date", "yyyy-MM"), ("time", "mm:ss"), ("dateTime", "yyyy-MM-dd"),
     ("date", "yyyy-MM-dd yyyy"), ("date", "dd MMMM yyyy"), ("gYear", "MM")],
)  # fmt: skip
def test_formats_that_do_not_give_a_whole_value_are_refused(base: str, pattern: str) -> None:
    with pytest.raises(ValueError):
        formats.check_date_pattern(base, pattern)


# -- EDTF ----------------------------------------------------------------------------------------


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def means(text: str, day: date) -> bool:
    """Whether a day is one of those that a level 1 text without interval can mean."""
    written = day.isoformat()[: len(text)]
    return all(a in ("X", b) for a, b in zip(text, written, strict=True))


@given(
    st.dates(date(1990, 1, 1), date(2029, 12, 31)), st.sampled_from(["", "?", "~", "%"]), st.data()
)
def test_edtf_bounds_agree_with_brute_force(day: date, mark: str, data: st.DataObject) -> None:
    iso = day.isoformat()
    shapes = [
        iso,
        iso[:7],
        iso[:4],
        iso[:3] + "X",
        iso[:2] + "XX",
        iso[:4] + "-XX",
        iso[:7] + "-XX",
    ]
    text = data.draw(st.sampled_from([*shapes, iso[:4] + "-XX-XX"]))
    century = days(date(int(iso[:2]) * 100, 1, 1), date(int(iso[:2]) * 100 + 99, 12, 31))
    meant = [d for d in century if means(text, d)]
    assert edtf.bounds(text + mark) == (meant[0], meant[-1])


@given(DATES, DATES)
def test_edtf_intervals_are_ordered(first: date, last: date) -> None:
    text = f"{first.isoformat()}/{last.isoformat()}"
    if first <= last:
        assert edtf.bounds(text) == (first, last)
    else:
        with pytest.raises(ValueError):
            edtf.bounds(text)
    assert edtf.bounds(f"{first.isoformat()}/..") == (first, None)
    assert edtf.bounds(f"../{last.isoformat()}") == (None, last)
    assert edtf.bounds(f"/{last.isoformat()}") == (None, last)


@given(st.text("0123456789X-/.?~% ", max_size=12))
def test_edtf_bounds_are_ordered_or_the_text_is_refused(text: str) -> None:
    try:
        earliest, latest = edtf.bounds(text)
    except ValueError:
        return
    assume(earliest and latest)
    assert earliest is not None
    assert latest is not None
    assert earliest <= latest


@pytest.mark.parametrize(
    "text",
    ["", "/", "0000", "2012-13", "2012-00", "2012-06-31", "2013-02-29", "201X-02-29", "2012-6",
     "12", "2012-XX-01", "2012/2011", "2012//2013", "2012-06-01T00:00", "XXXX", "2012 ", "２０１２"],
)  # fmt: skip
def test_what_is_not_edtf_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        edtf.bounds(text)


def test_february_ends_as_the_calendar_says() -> None:
    for year in (1900, 2000, 2012, 2013):
        last = edtf.bounds(f"{year}-02")[1]
        assert last == date(year, 2, monthrange(year, 2)[1])


@pytest.mark.parametrize("code", ["91512081MA62K0260E", "11320000MB151840XJ", "91350100M000100Y43"])
def test_credit_codes_check(code: str) -> None:
    assert gb32100_digit(code) == code[-1]
