"""A release's quads become columns: a DuckDB file to query, Parquet twins for other tools.

The layout is documented in docs/columns.md. All sorting is DuckDB's, which spills to disk, so
memory stays within the limit given.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from pyoxigraph import DefaultGraph, Quad, RdfFormat, serialize

from govgraph.engine.columnar import dictionary, reading
from govgraph.engine.columnar.ids import MANTISSA_BITS, PAYLOAD_BITS, RDF, Tag
from govgraph.engine.columnar.lexicon import write_lexicon
from govgraph.engine.temporary import own_folder
from govgraph.engine.things.write import write_things
from govgraph.vocabulary import is_inferred

DATABASE = "columns.duckdb"
TWINS = ("term", "pso", "pos", "quad")
#: Larger groups compress worse: their dictionaries overflow.
ROW_GROUP = 122_880

Stats = dict[str, int | dict[str, float]]
_Setting = str | bool | int | float | list[str]


def write_columns(
    quads: Sequence[tuple[str, Path]],
    target: Path,
    *,
    draft: bool = False,
    memory_limit: str = "4GB",
    threads: int = 2,
) -> Stats:
    """Encode N-Quads files, given with the IRI of their graph, into the folder `target`.

    A draft has the merge and its terms only: no named graphs, no Parquet twins, no file of things.
    Returns counts (`rows` read, distinct `quads`, `triples` of the merge, `terms`, `graphs`),
    `bytes` on disk and `seconds` by step. ValueError if a file is not canonical N-Quads of its
    graph, one quad a line; nothing is left out silently.
    """
    files = [(f"<{graph}>", path) for graph, path in quads]
    encoding = _Encoding(target, memory_limit, threads, draft=draft, things=not draft)
    return encoding.run(files, merged=True)


def write_quads(quads: Iterable[Quad], target: Path, *, merged: bool = True) -> Stats:
    """Encode a few quads from memory, in the same way.

    Quads of the default graph join the merge; with `merged=False` they are all of the default
    graph, as in an RDF dataset whose default graph is its own.
    """
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        name = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
        graphs.setdefault(name, []).append(quad)
    with tempfile.TemporaryDirectory(dir=own_folder()) as folder:
        files = [(name, Path(folder) / f"{n}.nq") for n, name in enumerate(graphs)]
        for name, path in files:
            serialize(graphs[name], path, RdfFormat.N_QUADS)
        return _Encoding(target, "1GB", 1).run(files, merged=merged)


class _Encoding:
    """One run: the connection, and the seconds that each step took."""

    def __init__(
        self,
        target: Path,
        memory_limit: str,
        threads: int,
        *,
        draft: bool = False,
        things: bool = False,
    ) -> None:
        self.target, self.threads, self.draft, self.things = target, threads, draft, things
        self.settings: dict[str, _Setting] = {"memory_limit": memory_limit, "threads": threads}
        self.seconds: dict[str, float] = {}

    def run(self, files: Sequence[tuple[str, Path]], *, merged: bool) -> Stats:
        self.target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.target, prefix=".spill-") as folder:
            config: dict[str, _Setting] = {**self.settings, "temp_directory": folder}
            with duckdb.connect(str(self.target / DATABASE), config=config) as con:
                counts = self._encode(con, files, merged=merged)
        size = sum(path.stat().st_size for path in self.target.iterdir())
        return {**counts, "bytes": size, "seconds": self.seconds}

    def _encode(
        self,
        con: duckdb.DuckDBPyConnection,
        files: Sequence[tuple[str, Path]],
        *,
        merged: bool,
    ) -> dict[str, int]:
        with self._step("read"):
            # the order of lines means nothing; later steps keep the order that they make
            con.execute("SET preserve_insertion_order = false")
            reading.read(con, files, self.threads)
            rows = dictionary.count(con, "raw")
            _collect_texts(con)
            con.execute("SET preserve_insertion_order = true")
        with self._step("terms"):
            dictionary.build(con)
        with self._step("lexicon"):
            write_lexicon(con, self.target)
        with self._step("encode"):
            _encode_quads(con)
        with self._step("sort"):
            _sort(con, merged=merged, graphs=not self.draft)
        with self._step("statistics"):
            describe(con)
        if not self.draft:
            with self._step("parquet"):
                self._write_twins(con)
        if self.things:
            with self._step("things"):
                write_things(con, self.target)
        with self._step("checkpoint"):
            con.execute("CHECKPOINT")
        counts = {"quads": "quad", "triples": "pso", "terms": "term", "graphs": "graph"}
        return {
            "rows": rows,
            **{name: dictionary.count(con, table) for name, table in counts.items()},
        }

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)

    def _write_twins(self, con: duckdb.DuckDBPyConnection) -> None:
        for table in TWINS:
            con.execute(
                f"COPY {table} TO '{{}}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2,"
                f" ROW_GROUP_SIZE {ROW_GROUP})".format(
                    str(self.target / f"{table}.parquet").replace("'", "''")
                )
            )


def _collect_texts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        CREATE TEMP TABLE text AS
        SELECT t FROM word UNION SELECT t FROM file WHERE t <> ''
    """)


def _encode_quads(con: duckdb.DuckDBPyConnection) -> None:
    """`encoded(g, s, p, o)`, distinct, with g = 0 for the default graph; and the table `graph`."""
    con.execute("""
        CREATE TEMP TABLE source AS SELECT f, coalesce(id, 0) AS g
        FROM file LEFT JOIN text_id USING (t)
    """)
    con.execute("CREATE TEMP TABLE coded AS SELECT n, id FROM word JOIN text_id USING (t)")
    con.execute("DROP TABLE word")
    con.execute("""
        CREATE TEMP TABLE encoded AS
        SELECT DISTINCT source.g AS g, s.id AS s, p.id AS p, o.id AS o
        FROM raw JOIN source USING (f)
        JOIN coded s ON s.n = raw.s JOIN coded p ON p.n = raw.p JOIN coded o ON o.n = raw.o
    """)
    con.execute("CREATE TABLE graph(id BIGINT, inferred BOOLEAN)")
    for graph, ident in con.execute("""
        SELECT DISTINCT t, id FROM file JOIN text_id USING (t)
        WHERE f IN (SELECT f FROM raw) ORDER BY id
    """).fetchall():
        con.execute("INSERT INTO graph VALUES (?, ?)", [ident, is_inferred(graph)])
    con.execute(
        "DROP TABLE raw; DROP TABLE coded; DROP TABLE text_id; DROP TABLE file; DROP TABLE source"
    )


def _sort(con: duckdb.DuckDBPyConnection, *, merged: bool, graphs: bool) -> None:
    con.execute(f"CREATE TABLE quad AS FROM encoded WHERE g <> 0 AND {graphs} ORDER BY g, p, s, o")
    con.execute(f"""
        CREATE TEMP TABLE merge AS
        SELECT s, p, o, coalesce(bool_and(inferred), false) AS inferred
        FROM encoded LEFT JOIN graph ON id = g WHERE {merged} OR g = 0 GROUP BY s, p, o
    """)
    con.execute("DROP TABLE encoded")
    con.execute("CREATE TABLE pso AS FROM merge ORDER BY p, s, o")
    con.execute("CREATE TABLE pos AS SELECT p, o, s, inferred FROM merge ORDER BY p, o, s")
    con.execute("DROP TABLE merge")


def describe(con: duckdb.DuckDBPyConnection, changed: Sequence[int] | None = None) -> None:
    """Exact statistics of the merge: they choose engines and shorten compiled queries. `changed`
    are the predicates whose triples are not those that are described already."""
    con.execute("""
        CREATE TABLE IF NOT EXISTS predicate(p BIGINT, triples BIGINT, subjects BIGINT,
            objects BIGINT, max_out BIGINT, max_in BIGINT, tags UBIGINT, scale INTEGER,
            subject_tags UBIGINT);
        CREATE TABLE IF NOT EXISTS class(c BIGINT, instances BIGINT);
    """)
    which = "true" if changed is None else f"p IN ({', '.join(map(str, changed))})"
    con.execute(f"DELETE FROM predicate WHERE {which}")
    con.execute(f"""
        INSERT INTO predicate
        WITH fan_out AS (
            SELECT p, sum(n)::BIGINT AS triples, count(*) AS subjects, max(n) AS max_out,
                bit_or(1::UBIGINT << (s >> {PAYLOAD_BITS})::UBIGINT) AS subject_tags
            FROM (SELECT p, s, count(*) AS n FROM pso WHERE {which} GROUP BY p, s) GROUP BY p),
        fan_in AS (
            SELECT p, count(*) AS objects, max(n) AS max_in,
                bit_or(1::UBIGINT << (o >> {PAYLOAD_BITS})::UBIGINT) AS tags,
                min(scale) AS least, max(scale) AS greatest
            FROM (SELECT p, o, count(*) AS n, CASE WHEN o >> {PAYLOAD_BITS} = {Tag.DECIMAL}
                    THEN (o >> {MANTISSA_BITS}) & 15 END AS scale
                FROM pos WHERE {which} GROUP BY p, o)
            GROUP BY p)
        SELECT p, triples, subjects, objects, max_out, max_in, tags,
            CASE WHEN least = greatest THEN least::INTEGER END AS scale, subject_tags
        FROM fan_out JOIN fan_in USING (p) ORDER BY p
    """)
    con.execute("DELETE FROM class")
    con.execute("""
        INSERT INTO class SELECT o AS c, count(*) AS instances FROM pos
        WHERE p = (SELECT id FROM term WHERE lex = ? AND dt IS NULL AND id >> 56 = 2)
        GROUP BY o ORDER BY o
    """, [RDF + "type"])  # fmt: skip
