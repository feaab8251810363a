"""Ids of terms: Python, SQL and Arrow agree, inline ids print back, their order is that of values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from term_strategies import EDGES, typed

from govgraph.engine.columnar.ids import (
    DATATYPES,
    INLINE,
    XSD,
    Tag,
    inline_id,
    inline_sql,
    inlined,
    tag_of,
)
from govgraph.engine.columnar.inline import lexical_forms
from govgraph.engine.columnar.values import classify

CONNECTION = duckdb.connect()
Pairs = list[tuple[str, str]]


def in_sql(pairs: Pairs) -> list[int | None]:
    """Ids by SQL."""
    found = CONNECTION.execute(
        f"""SELECT {inline_sql("lex", "dt")} FROM (
            SELECT unnest(?::VARCHAR[]) AS lex, unnest(?::VARCHAR[]) AS dt)""",
        [[lex for lex, _ in pairs], [dt for _, dt in pairs]],
    ).fetchall()
    return [ident for (ident,) in found]


def check(pairs: Pairs) -> None:
    idents = in_sql(pairs)
    for (lex, dt), ident in zip(pairs, idents, strict=True):
        assert inline_id(lex, dt) == ident, (lex, dt)
        if ident is not None:
            assert inlined(ident) == (lex, dt)
            assert 0 < ident < 1 << 60
    for tag in INLINE:
        mine = [n for n, ident in enumerate(idents) if ident is not None and tag_of(ident) == tag]
        forms = lexical_forms(tag, pa.array([idents[n] for n in mine], pa.int64())).to_pylist()
        assert list(zip(forms, [DATATYPES[tag]] * len(mine), strict=True)) == [
            pairs[n] for n in mine
        ]


def test_python_and_sql_agree_on_edges() -> None:
    check([(lex, XSD + name) for name, lexes in EDGES.items() for lex in lexes])


@given(st.lists(typed, min_size=20, max_size=20))
def test_python_and_sql_agree(pairs: Pairs) -> None:
    check(pairs)


@pytest.mark.parametrize(
    "lex, name",
    [
        ("0", "integer"),
        ("-999999999999999", "integer"),
        ("1.50", "decimal"),
        ("-0.5", "decimal"),
        ("7", "decimal"),
        ("0", "boolean"),
        ("0001-01-01", "date"),
        ("9999-12-31T23:59:59", "dateTime"),
    ],
)
def test_common_values_are_inline(lex: str, name: str) -> None:
    assert inline_id(lex, XSD + name) is not None


@pytest.mark.parametrize(
    "lex, name",
    [
        ("-0", "integer"),
        ("01", "integer"),
        ("1000000000000000", "integer"),
        ("-0.0", "decimal"),
        ("0.1234567890123", "decimal"),
        ("2013-06-01Z", "date"),
        ("0000-01-01", "date"),
        ("2013-06-01T24:00:00", "dateTime"),
        ("1", "int"),
    ],
)
def test_what_would_not_print_back_is_not_inline(lex: str, name: str) -> None:
    assert inline_id(lex, XSD + name) is None


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-(10**15) + 1, 10**15 - 1))
def test_integers_are_in_order(a: int, b: int) -> None:
    ids = [inline_id(str(n), XSD + "integer") for n in (a, b)]
    assert None not in ids
    assert (ids[0] < ids[1]) == (a < b)  # type: ignore[operator]


@given(st.datetimes(timezones=st.none()), st.datetimes(timezones=st.none()))
def test_dates_and_times_are_in_order(a: datetime, b: datetime) -> None:
    a, b = a.replace(microsecond=0), b.replace(microsecond=0)
    for name, values in (("dateTime", (a, b)), ("date", (a.date(), b.date()))):
        ids = [inline_id(value.isoformat(), XSD + name) for value in values]
        assert None not in ids
        assert (ids[0] < ids[1]) == (values[0] < values[1])  # type: ignore[operator]


@given(st.integers(-(10**14), 10**14), st.integers(-(10**14), 10**14), st.integers(1, 12))
def test_decimals_of_one_scale_are_in_order(a: int, b: int, scale: int) -> None:
    values = [Decimal(n).scaleb(-scale) for n in (a, b)]
    ids = [inline_id(f"{value:.{scale}f}", XSD + "decimal") for value in values]
    assert None not in ids
    assert (ids[0] < ids[1]) == (a < b)  # type: ignore[operator]


def test_tags_are_in_the_order_of_order_by() -> None:
    assert Tag.BLANK < Tag.IRI < min(set(Tag) - {Tag.BLANK, Tag.IRI})


@pytest.mark.parametrize(
    "lex, name, tag",
    [
        ("007", "integer", Tag.OTHER_INTEGER),
        ("127", "byte", Tag.OTHER_INTEGER),
        ("128", "byte", Tag.OTHER),
        ("0", "positiveInteger", Tag.OTHER),
        ("abc", "integer", Tag.OTHER),
        ("5.", "decimal", Tag.OTHER_DECIMAL),
        ("1e3", "decimal", Tag.OTHER),
        ("1e400", "double", Tag.FLOATING),
        ("+INF", "float", Tag.FLOATING),
        ("nan", "double", Tag.OTHER),
        ("0000-02-29", "date", Tag.OTHER_DATE),
        ("2013-13-01", "date", Tag.OTHER),
        ("10000-01-01", "date", Tag.OTHER_DATE),
        ("2013-06-01T24:00:00", "dateTime", Tag.OTHER_DATE_TIME),
        ("2013-06-01T24:00:01", "dateTime", Tag.OTHER),
        ("TRUE", "boolean", Tag.OTHER),
        ("2013", "gYear", Tag.OTHER),
        ("x", "string", Tag.STRING),
    ],
)
def test_tags_of_dictionary_literals(lex: str, name: str, tag: Tag) -> None:
    assert classify(lex, XSD + name).tag == tag


def test_values_are_exact_or_missing() -> None:
    assert classify("+007", XSD + "integer").num == 7
    assert classify("1" * 26, XSD + "integer").num == int("1" * 26)
    assert classify("1" * 27, XSD + "integer").num is None
    assert classify("0.1234567890120", XSD + "decimal").num == Decimal("0.123456789012")
    assert classify("0.1234567890123", XSD + "decimal").num is None
    assert classify("1e400", XSD + "double").dbl == float("inf")
    assert classify("16777217", XSD + "float").dbl == 16777216.0
    # nearest double lies half way between two floats, the text a little above
    assert classify("1.00000005960464477539062501", XSD + "float").dbl == 1.0000001192092896


@given(st.datetimes())
def test_instants(local: datetime) -> None:
    moment, epoch = local.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
    since = moment - epoch
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    value = classify(moment.isoformat().replace("+00:00", "Z"), XSD + "dateTime")
    assert (value.ts, value.tz) == (microseconds, True)


@pytest.mark.parametrize(
    "lex, name, ts, tz",
    [
        ("1970-01-01+08:00", "date", -8 * 3600 * 10**6, True),
        ("1970-01-01T00:00:00-01:30", "dateTime", 5400 * 10**6, True),
        ("1970-01-01T24:00:00", "dateTime", 86_400 * 10**6, False),
        ("0000-03-01", "date", -719_468 * 86_400 * 10**6, False),
        ("-0001-12-31", "date", -719_529 * 86_400 * 10**6, False),
        ("1970-01-01T00:00:00.1234567", "dateTime", None, False),
        ("400000-01-01", "date", None, False),
    ],
)
def test_instants_at_the_edges(lex: str, name: str, ts: int | None, tz: bool) -> None:
    value = classify(lex, XSD + name)
    assert (value.ts, value.tz) == (ts, tz)
