"""The dictionary: every term text of the quads gets its id, and `term` a row if it needs one.

`text` (the N-Triples texts) -> `part` (each taken apart, inline ids computed) -> `term`, sorted,
whose ranks are the other ids -> `text_id`. Texts with escapes and literals with a value that is not
inline are few and go through Python, batch by batch; all others stay in DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from govgraph.engine.columnar.ids import LANG_STRING, PAYLOAD_BITS, XSD, Tag, inline_sql
from govgraph.engine.columnar.ntriples import take_apart
from govgraph.engine.columnar.values import TYPED, classify

BATCH = 50_000
_PARTS = pa.schema([(name, pa.string()) for name in ("t", "kind", "lex", "dt", "lang")])
_VALUES = pa.schema(
    [
        ("lex", pa.string()),
        ("dt", pa.string()),
        ("tag", pa.int8()),
        ("num", pa.decimal128(38, 12)),
        ("dbl", pa.float64()),
        ("ts", pa.timestamp("us")),
        ("tz", pa.bool_()),
    ]
)
#: Tags whose literals have a row in `value`.
_VALUED = (
    Tag.OTHER_INTEGER,
    Tag.OTHER_DECIMAL,
    Tag.FLOATING,
    Tag.OTHER_DATE,
    Tag.OTHER_DATE_TIME,
)

# What is left of a literal's text after its quotes is nothing, @language or ^^<datatype>.
_PLAIN = f"""
    SELECT t, kind,
        CASE kind WHEN '<' THEN t[2:-2] WHEN '_' THEN t[3:] ELSE quoted[2] END AS lex,
        CASE WHEN kind <> '"' THEN NULL WHEN rest = '' THEN '{XSD}string'
            WHEN starts_with(rest, '@') THEN '{LANG_STRING}' ELSE rest[4:-2] END AS dt,
        CASE WHEN starts_with(rest, '@') THEN lower(rest[2:]) END AS lang,
        CASE kind WHEN '<' THEN ends_with(t, '>') AND NOT starts_with(t, '<<')
            WHEN '_' THEN starts_with(t, '_:')
            WHEN '"' THEN len(quoted) = 3 AND (rest = ''
                OR (starts_with(rest, '@') AND NOT contains(rest, '--'))
                OR (starts_with(rest, '^^<') AND ends_with(rest, '>')))
            ELSE false END AS sound
    FROM (SELECT t, t[1] AS kind, string_split(t, '"') AS quoted, quoted[3] AS rest
          FROM text WHERE NOT contains(t, chr(92)))"""


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Make `term` and the temporary `text_id(t, id)` from the temporary `text(t)`.

    ValueError for a text that is no RDF 1.1 term in N-Triples."""
    texts = count(con, "text")
    _take_apart(con)
    _evaluate(con)
    _rank(con)
    if count(con, "text_id") != texts:
        raise RuntimeError("a term got no id, or two")
    con.execute("DROP TABLE part; DROP TABLE value; DROP TABLE ranked")


def _take_apart(con: duckdb.DuckDBPyConnection) -> None:
    typed = ", ".join(f"'{datatype}'" for datatype in TYPED)
    con.execute("""
        CREATE TEMP TABLE escaped(t VARCHAR, kind VARCHAR, lex VARCHAR, dt VARCHAR, lang VARCHAR)
    """)
    _through_python(
        con,
        "SELECT t FROM text WHERE contains(t, chr(92))",
        lambda t: (t, *take_apart(t)),
        ("escaped", _PARTS),
    )
    con.execute(f"""
        CREATE TEMP TABLE part AS
        SELECT t, CASE WHEN kind = '<' THEN {Tag.IRI} WHEN kind = '_' THEN {Tag.BLANK}
            WHEN dt = '{XSD}string' THEN {Tag.STRING} WHEN lang IS NOT NULL THEN {Tag.LANG_STRING}
            WHEN dt IN ({typed}) THEN NULL ELSE {Tag.OTHER} END::TINYINT AS tag,
            lex, dt, lang, {inline_sql("lex", "dt")} AS id, sound
        FROM ({_PLAIN} UNION ALL SELECT *, true FROM escaped)
    """)
    wrong = con.execute("SELECT t FROM part WHERE NOT sound LIMIT 1").fetchone()
    if wrong is not None:
        raise ValueError(f"not a term in N-Triples: {wrong[0]!r}")
    con.execute("DROP TABLE escaped; DROP TABLE text")


def _evaluate(con: duckdb.DuckDBPyConnection) -> None:
    """Tags and values of the typed literals that have no inline id."""
    con.execute("""
        CREATE TEMP TABLE value(lex VARCHAR, dt VARCHAR, tag TINYINT,
            num DECIMAL(38,12), dbl DOUBLE, ts TIMESTAMP, tz BOOLEAN)
    """)
    _through_python(
        con,
        "SELECT DISTINCT lex, dt FROM part WHERE id IS NULL AND tag IS NULL",
        lambda lex, dt: (lex, dt, *classify(lex, dt)),
        ("value", _VALUES),
    )
    con.execute("""
        UPDATE part SET tag = value.tag FROM value
        WHERE part.tag IS NULL AND part.id IS NULL AND part.lex = value.lex AND part.dt = value.dt
    """)


def _rank(con: duckdb.DuckDBPyConnection) -> None:
    """Number the terms of each tag in order. Texts that differ in their escapes, or in the case of
    a language tag, are one term: they stand side by side and get one number."""
    con.execute("""
        CREATE TEMP TABLE ordered AS SELECT t, tag, lex, dt, lang FROM part
        WHERE id IS NULL ORDER BY tag, lex, dt NULLS FIRST, lang NULLS FIRST
    """)
    # windows without an order keep that of the table and need no sort
    before = ", ".join(
        f"lag({name}) OVER () AS {name}_before" for name in ("tag", "lex", "dt", "lang")
    )
    con.execute(f"""
        CREATE TEMP TABLE numbered AS
        SELECT *, sum(fresh::BIGINT) OVER (ROWS UNBOUNDED PRECEDING)::BIGINT AS n FROM (
            SELECT t, tag, lex, dt, lang, NOT (tag IS NOT DISTINCT FROM tag_before
                AND lex = lex_before AND dt IS NOT DISTINCT FROM dt_before
                AND lang IS NOT DISTINCT FROM lang_before) AS fresh
            FROM (SELECT *, {before} FROM ordered))
    """)
    con.execute("DROP TABLE ordered")
    con.execute(f"""
        CREATE TEMP TABLE ranked AS
        SELECT t, (tag::BIGINT << {PAYLOAD_BITS}) + (n - first + 1) AS id, tag, lex, dt, lang, fresh
        FROM numbered JOIN (SELECT tag, min(n) AS first FROM numbered GROUP BY tag) USING (tag)
    """)
    con.execute("DROP TABLE numbered")
    valued = ", ".join(map(str, _VALUED))
    con.execute(f"""
        CREATE TABLE term AS SELECT r.id, r.lex, r.dt, r.lang, v.num, v.dbl, v.ts, v.tz
        FROM ranked r LEFT JOIN value v ON r.tag IN ({valued}) AND r.lex = v.lex AND r.dt = v.dt
        WHERE fresh ORDER BY r.id
    """)
    con.execute("""
        CREATE TEMP TABLE text_id AS
        SELECT t, id FROM part WHERE id IS NOT NULL UNION ALL SELECT t, id FROM ranked
    """)


def _through_python(
    con: duckdb.DuckDBPyConnection,
    source: str,
    function: Callable[..., Sequence[Any]],
    target: tuple[str, pa.Schema],
) -> None:
    """Insert `function(*row)` into a table for each row of a query, in batches."""
    table, schema = target
    con.execute(f"CREATE TEMP TABLE todo AS {source}")
    for start in range(0, count(con, "todo"), BATCH):
        rows = con.execute(
            "SELECT * FROM todo WHERE rowid BETWEEN ? AND ?", [start, start + BATCH - 1]
        ).fetchall()
        made = zip(*(function(*row) for row in rows), strict=True)
        columns = [pa.array(c, f.type) for c, f in zip(made, schema, strict=True)]
        con.register("made", pa.Table.from_arrays(columns, schema=schema))
        con.execute(f"INSERT INTO {table} SELECT * FROM made")
        con.unregister("made")
    con.execute("DROP TABLE todo")


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])
