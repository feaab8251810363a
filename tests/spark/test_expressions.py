"""The allow-list, compared: each expression gives the same values in DuckDB and on Spark."""

from __future__ import annotations

import math
import re
from typing import Any

import duckdb
import pytest

from govgraph.engine.columnar.strings import _SPECIAL_LOWER, _SPECIAL_UPPER

SAMPLES = {
    "VARCHAR": ["", "a", "社区工作站", "𝒳y", "it's \\ \"so\"", "${x} %s", "a\nb\r\n", "0.500", " x ",
                "2021-06-01T10:20:30", "2021-02-30", "ABC-abc", "ab\n"],
    "BIGINT": ["0", "1", "-1", "7", "-7", "360287970189639690", "999999999999999"],
    "DECIMAL(38,12)": ["0", "0.5", "-0.5", "1.5", "-2.499999999999", "12345678901234.000000000001",
                       "0.000000000001", "0.005", "-7"],
    "DOUBLE": ["0", "-0.0", "1.5", "-1e300", "inf", "-inf", "nan", "1e-320"],
}  # fmt: skip
EXPRESSIONS = {
    "VARCHAR": r"""
        length(x); lpad(x, 3, '0'); left(x, 2); left(x, -1); right(x, 2); substring(x, 2);
        substring(x, 2, 2); x[1]; x[11]; x[2:3]; x[9:]; strpos(x, ''); strpos(x, 'a');
        contains(x, ''); contains(x, '社'); starts_with(x, 'a'); ends_with(x, 'b');
        replace(x, 'a', 'bb'); ltrim(x, '0'); x || '𝒳'; x < 'b'; x >= '𝒳'; x = 'a'; md5(x);
        sha1(x); sha256(x); regexp_matches(x, '^a.b'); regexp_matches(x, '(?s)^a.b');
        regexp_matches(x, '(?-s)b$'); regexp_full_match(x, '[0-9]+(\.[0-9]*)?');
        regexp_replace(x, '\.?0+$', ''); regexp_replace(x, '[a-c社]+', '*', 'g');
        regexp_extract(x, 'T(..):(..)', 2); regexp_extract(x, '[0-9]+'); x IN ('a', 'b', NULL);
        TRY_CAST(left(x, 10) AS DATE) IS NULL; struct_extract(struct_pack(a := x, b := 1), 'a');
        struct_pack(a := x, b := 1) = struct_pack(a := 'a', b := 1)""",
    "BIGINT": """
        x >> 56; x & 4503599627370495; x | 1048575; -x; abs(x); x * 3 + 1; greatest(x, 5); least(x, 5);
        x BETWEEN -1 AND 7; CAST(x AS VARCHAR); CAST(x AS DECIMAL(38,12)); coalesce(x, 5);
        strftime(make_timestamp((x & 1048575) * 86400000000), '%Y-%m-%d');
        strftime(make_timestamp((x & 1048575) * 1000000 - 62135596800000000), '%Y-%m-%dT%H:%M:%S');
        year(make_timestamp(x & 1048575)); month(make_timestamp((x & 1048575) * -1000000));
        day(make_timestamp((x & 4095) * -86400000000)); hour(make_timestamp((x & 65535) * 1000000));
        minute(make_timestamp((x & 65535) * 1000000)); year(CAST('0987-12-31 23:59:59' AS TIMESTAMP));
        CASE WHEN x > 0 THEN 'a' WHEN x IS NULL THEN 'b' END; x IS NOT DISTINCT FROM 7;
        x IS DISTINCT FROM NULL; CAST(x = 7 AS BIGINT); x IN (7, NULL); x NOT IN (7, 1);
        CASE x & 3 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE '1' END""",
    "DECIMAL(38,12)": """
        CAST(x AS VARCHAR); x + x; x - 1; abs(x); x <> 0; x > 0.5; CAST(x AS DOUBLE);
        CAST(x AS DECIMAL(38,2)); CAST(x AS DECIMAL(38,18)); CAST(floor(x) AS DECIMAL(38,0));
        CAST(ceil(x) AS DECIMAL(38,0)); CAST(floor(x + 0.5) AS DECIMAL(38,0));
        CAST(x AS DECIMAL(18,2)) * CAST('0.01' AS DECIMAL(2,2));
        CAST(CAST(x * CAST(1000 AS DECIMAL(4,0)) AS HUGEINT) AS VARCHAR);
        (CAST(x AS HUGEINT) * CAST(1000000000000000000 AS HUGEINT)) // CAST(7 AS HUGEINT);
        (CAST(x AS HUGEINT) * CAST(1000000000000000000 AS HUGEINT)) // CAST(-3 AS HUGEINT);
        sum(x); min(x); max(x); count(x); count(DISTINCT x); count(*); bool_or(x > 1); sum(DISTINCT x);
        arg_min(x, x); arg_max(x, abs(x)) FILTER (WHERE x < 9)""",
    "DOUBLE": "isnan(x); isinf(x); x = x; x < 1.5; x > 1e308; x <> 0; x = 0; abs(x); min(x); max(x)",
}
AGGREGATE = re.compile(r"(sum|min|max|count|bool_or|arg_\w+|string_agg)\(")


def _query(kind: str, expressions: list[str]) -> str:
    rows = ", ".join("('" + x.replace("'", "''") + "')" for x in SAMPLES[kind]) + ", (NULL)"
    entries = ", ".join(f"{e} AS e{n}" for n, e in enumerate(expressions))
    key = "" if AGGREGATE.match(expressions[0]) else "y, "
    table = f"SELECT v.y AS y, CAST(v.y AS {kind}) AS x FROM (VALUES {rows}) v(y)"
    order = " ORDER BY y ASC NULLS FIRST" if key else ""
    return f"SELECT {key}{entries} FROM ({table}) t{order}"


def _expressions(kind: str, aggregates: bool) -> list[str]:
    split = [e.strip() for e in EXPRESSIONS[kind].split(";")]
    return [e for e in split if bool(AGGREGATE.match(e)) == aggregates]


def _on_spark(master: str, sql: str) -> list[tuple[Any, ...]]:
    from govgraph.engine.spark.iterate import running
    from govgraph.engine.spark.script import script
    from govgraph.engine.spark.session import connect

    with running(connect(master), script(sql)) as question:
        return [tuple(row) for row in question.collect()]


def _comparable(value: Any) -> Any:
    return "nan" if isinstance(value, float) and math.isnan(value) else value


@pytest.mark.parametrize("aggregates", [False, True], ids=["by row", "by group"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_same_values(kind: str, aggregates: bool, master: str) -> None:
    expressions = _expressions(kind, aggregates)
    if not expressions:
        pytest.skip("no aggregates of texts and ids but those of the queries")
    sql = _query(kind, expressions)
    here, there = duckdb.sql(sql).fetchall(), _on_spark(master, sql)
    names = expressions if aggregates else ["y", *expressions]
    assert len(here) == len(there)
    for ours, theirs in zip(here, there, strict=True):
        for name, a, b in zip(names, ours, theirs, strict=True):
            assert (name, ours[0], _comparable(a)) == (name, ours[0], _comparable(b))


@pytest.mark.parametrize(
    ("function", "special"), [("upper", _SPECIAL_UPPER), ("lower", _SPECIAL_LOWER)]
)
def test_every_letter_has_the_same_case(function: str, special: str, master: str) -> None:
    """Those that the compiler leaves to the other engine aside."""
    letters = [c for c in map(chr, range(1, 0x110000)) if c.upper() != c or c.lower() != c]
    rows = ", ".join(f"('{c}')" for c in letters if not re.match(special, c))
    sql = f"SELECT v.x AS x, {function}(v.x) AS y FROM (VALUES {rows}) v(x) ORDER BY x ASC NULLS FIRST"
    here, there = duckdb.sql(sql).fetchall(), _on_spark(master, sql)
    assert len(here) > 2500
    assert [pair for pair in here if pair not in set(there)] == []
