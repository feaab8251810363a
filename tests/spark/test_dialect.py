"""SQL in Spark's dialect: what is rewritten, and that everything else is refused with its reason."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("sqlglot", reason="needs the extra `spark`")

from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.spark.patterns import java
from govgraph.engine.spark.script import script


def spark(expression: str, table: str = "pso t1") -> str:
    found = re.fullmatch("SELECT (.*) FROM .*", script(f"SELECT {expression} FROM {table}").sql)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("duckdb", "expected"),
    [
        ("t1.o >> 56", "SHIFTRIGHT(t1.o, 56)"),
        ("error('NotCompiled: scale')", "raise_error('NotCompiled: scale')"),
        ("isnan(t1.o)", "CASE WHEN NOT t1.o IS NULL THEN isnan(t1.o) END"),
        ("left(t1.x, -2)", "substring(t1.x, 1, CAST(length(t1.x) - 2 AS INT))"),
        ("t1.x[11]", "substring(t1.x, 11, 1)"),
        ("t1.x[2:3]", "substring(t1.x, 2, 2)"),
        ("regexp_full_match(t1.x, '[0-9]+')", r"(t1.x RLIKE '(?d)\\A(?:[0-9]+)\\z')"),
        ("strftime(make_timestamp(t1.o), '%Y-%m-%d')", "date_format(timestamp_micros(t1.o), 'yyyy-MM-dd')"),
        ("CAST(t1.o AS HUGEINT)", "CAST(t1.o AS DECIMAL(38, 0))"),
        ("row(t1.s, t1.o)", "struct(t1.s, t1.o)"),
        ("struct_extract(t1.o, 'lex')", "t1.o.lex"),
        (r"'it''s \ ${x}'", r"'it\'s \\ ${x}'"),
    ],
)  # fmt: skip
def test_what_is_said_in_other_words(duckdb: str, expected: str) -> None:
    assert spark(duckdb) == expected


@pytest.mark.parametrize(
    ("duckdb", "reason"),
    [
        ("url_encode(t1.x)", "url_encode"),
        ("t1.o // 7", "integer division"),
        ("t1.o / 7", "div"),
        ("t1.o ^ 2", "pow"),
        ("trunc(t1.o)", "trunc"),
        ("some_new_function(t1.o)", "some_new_function"),
        ("CAST(t1.o AS TIMESTAMPTZ)", "TIMESTAMPTZ"),
        ("row_number() OVER ()", "not kept"),
        ("rank() OVER (ORDER BY t1.o)", "rank"),
        ("row_number() OVER (PARTITION BY t1.s)", "window"),
        ("regexp_matches(t1.x, '(?i)a')", "regular expression"),
        ("regexp_matches(t1.x, t1.y)", "computed regular expression"),
        ("regexp_replace(t1.x, 'a', 'b')", "first match"),
        ("count(t1.o) OVER ()", "window"),
        ("list_value(t1.o)", "array"),
    ],
)  # fmt: skip
def test_what_is_refused(duckdb: str, reason: str) -> None:
    with pytest.raises(NotCompiled, match=reason):
        spark(duckdb)


DICTIONARY = "pso t1 CROSS JOIN term d2"


@pytest.mark.parametrize(
    "expression", ["CAST({} AS VARCHAR)", "CAST({} AS DECIMAL(38,12))", "sum({})", "floor({})"]
)
def test_doubles_are_not_printed_rounded_or_summed(expression: str) -> None:
    """Nor is what may be one; ids and decimals beside them are."""
    for column in ("d2.dbl", "r3.l4"):
        with pytest.raises(NotCompiled, match="may be a double"):
            spark(expression.format(column) + ", d2.dbl < 3", DICTIONARY)
    for column in ("t1.o", "d2.num", "(t1.o & 7) * 2"):
        assert spark(expression.format(column) + ", d2.dbl < 3", DICTIONARY)


def test_a_column_of_a_sub_select_is_what_it_was_made_of() -> None:
    inner = "(SELECT t1.*, {} AS l1 FROM pso t1 CROSS JOIN term d2 WHERE d2.dbl < 3) r1"
    outer = f"(SELECT r1.*, r1.l1 + 1 AS l2 FROM {inner}) r2"
    assert spark("sum(r2.l2)", outer.format("t1.o & 7"))
    with pytest.raises(NotCompiled, match="may be a double"):
        spark("sum(r2.l2)", outer.format("d2.dbl"))


def test_row_numbers_hold_in_a_table_that_is_kept() -> None:
    made = script("WITH m1 AS MATERIALIZED (SELECT t.s, row_number() OVER () AS n FROM pso t)"
                  " SELECT * FROM m1 WHERE n NOT IN (SELECT n FROM m1)")  # fmt: skip
    (table,) = made.steps
    assert table.kind == "kept"
    assert "monotonically_increasing_id()" in table.sql
    assert made.sql.count("run__m1 AS m1") == 2


def test_a_recursion_becomes_a_closure() -> None:
    made = script(
        "WITH RECURSIVE walk1(s, o) AS (SELECT s, o FROM pso WHERE p=7"
        " UNION SELECT walk1.s, e.o FROM walk1 JOIN pso e ON e.s=walk1.o) SELECT s FROM walk1"
    )
    (step,) = made.steps
    assert (step.kind, step.columns) == ("closure", ("s", "o"))
    assert step.sql == "SELECT s, o FROM pso WHERE p = 7"
    assert step.further.endswith("FROM run__walk1 AS walk1 JOIN pso AS e ON e.s = walk1.o")


@pytest.mark.parametrize("kind", ["UNION ALL", "EXCEPT"])
def test_other_recursions_are_refused(kind: str) -> None:
    with pytest.raises(NotCompiled):
        script(
            f"WITH RECURSIVE w(s) AS (SELECT s FROM pso {kind} SELECT w.s FROM w) SELECT * FROM w"
        )


@pytest.mark.parametrize(
    ("re2", "expected"),
    [
        ("^a.b$", r"(?d)^a.b\z"),
        ("(?s)a.*", "(?ds)a.*"),
        ("(?-s)(书记|主任)[^0-9]{2,3}", "(?d)(书记|主任)[^0-9]{2,3}"),
        (r"\.?0+$", r"(?d)\.?0+\z"),
    ],
)
def test_patterns_that_both_read_alike(re2: str, expected: str) -> None:
    assert java(re2) == expected


@pytest.mark.parametrize(
    "re2", [r"\p{Nd}", r"\d", r"\bword", "(?i)a", "a+?", "a{2}?", "a**", "[a&&b]", "[[:alpha:]]", "a{", "(?:a)", r"\Qa"]
)  # fmt: skip
def test_patterns_that_they_may_not(re2: str) -> None:
    with pytest.raises(NotCompiled):
        java(re2)
