"""What differs between the graphs of a build and those of the release before it.

Files of N-Quads are compared line by line, as sets, in DuckDB, which spills to disk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

import duckdb
import polars as pl
from pyoxigraph import RdfFormat, Triple, parse

from govgraph.engine.columnar.columns import Columns
from govgraph.validation.reads import key
from govgraph.vocabulary import PROV

_LINES = (
    "read_csv(?, delim='\\x01', quote='', escape='', header=false, auto_detect=false,"
    " max_line_size=16777216, columns={'line': 'VARCHAR'})"
)
_FILES = _LINES.replace("header=false", "header=false, filename=true")
_BATCH = 5_000
#: Statements that are looked up in the columns; for more of them the files are read.
_LOOKED_UP = 10_000
#: What DuckDB takes for a pattern of names.
_PATTERN = frozenset("*?[]{}")


class Changes:
    """The quads that came and went between two sets of graphs, each a file by its graph.

    A file that both have (one link of it each) is not read. `folder` is for what spills.
    """

    def __init__(self, before: Mapping[str, Path], after: Mapping[str, Path], folder: Path) -> None:
        self._con = duckdb.connect(
            config={"memory_limit": "1GB", "threads": 2, "temp_directory": str(folder)}
        )
        self._con.execute("""
            CREATE TABLE went(graph VARCHAR, line VARCHAR);
            CREATE TABLE came(graph VARCHAR, line VARCHAR);
        """)
        self._folder, self._links = folder, 0
        #: The graphs that are not the same file.
        self.graphs: set[str] = set()
        for graph in {**before, **after}:
            self._compare(graph, before.get(graph), after.get(graph))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def _compare(self, graph: str, before: Path | None, after: Path | None) -> None:
        if before and after and before.samefile(after):
            return
        self.graphs.add(graph)
        for table, has, lacks in (("went", before, after), ("came", after, before)):
            if has is None:
                continue
            minus = f"EXCEPT SELECT line FROM {_LINES}" if lacks else ""
            paths = [self._plain(path) for path in (has, lacks) if path]
            self._con.execute(
                f"INSERT INTO {table} SELECT ?, line FROM (SELECT line FROM {_LINES} {minus})",
                [graph, *paths],
            )

    def _plain(self, path: Path) -> str:
        """A name for a file in which DuckDB finds nothing to expand."""
        if _PATTERN.isdisjoint(str(path)):
            return str(path)
        self._links += 1
        link = self._folder / f"{self._links}.nq"
        link.symlink_to(path.resolve())
        return str(link)

    @cached_property
    def count(self) -> int:
        """How many quads came or went."""
        rows = self._con.execute(
            "SELECT (SELECT count(*) FROM went) + (SELECT count(*) FROM came)"
        ).fetchall()
        return int(rows[0][0])

    @cached_property
    def blank(self) -> bool:
        """Whether a blank node is among them: a store names those in its own way, so that a triple
        that has one cannot be taken out of it."""
        rows = self._con.execute(r"""
            SELECT 1 FROM (SELECT line FROM went UNION ALL SELECT line FROM came)
            WHERE starts_with(line, '_:') OR starts_with(split_part(line, ' ', 3), '_:') LIMIT 1
        """).fetchall()
        return bool(rows)

    @cached_property
    def keys(self) -> frozenset[str]:
        """What a query may have read of them, as `validation.reads` notes it."""
        rows = self._con.execute("""
            SELECT DISTINCT predicate, CASE WHEN ends_with(predicate, '#type>') THEN value END
            FROM (SELECT split_part(line, ' ', 2) AS predicate, split_part(line, ' ', 3) AS value
                  FROM (SELECT line FROM went UNION ALL SELECT line FROM came))
        """).fetchall()
        return frozenset(name for predicate, value in rows for name in key(predicate, value or ""))

    def speak_of(self, iris: Collection[str | None]) -> bool:
        """Whether anything that came or went has one of some subjects."""
        if not iris:
            return False
        subjects = [f"<{iri}>" for iri in iris]
        rows = self._con.execute(
            "SELECT 1 FROM (SELECT line FROM went UNION ALL SELECT line FROM came)"
            " WHERE list_contains(?, split_part(line, ' ', 1)) LIMIT 1",
            [subjects],
        ).fetchall()
        return bool(rows)

    def came(self) -> Iterator[Triple]:
        """The triples of the quads that came."""
        return (triple for batch in self._triples("came") for triple in batch)

    def went(self, now: Columns) -> Iterator[Triple]:
        """The triples that no graph holds any more, given the columns of what is now."""
        for batch in self._triples("went"):
            yield from _lost(batch, now)

    def statements(
        self,
        before: Mapping[str, Path],
        after: Mapping[str, Path],
        merges: tuple[Columns | None, Columns | None] = (None, None),
    ) -> pl.DataFrame:
        """What is stated in one set of graphs and not in the other, in whatever graph: `came`
        (else it went), `subject`, `predicate`, `object`, as N-Quads writes them.

        Not counted is what is said of rows, and what moves with a row: which one an entity is
        derived from. Blank nodes are left out too: their labels mean nothing outside their file.
        `merges` are the columns of what was before and is after, where they are at hand: if these
        know none of the statements the files need not be read, which takes long for a nation.
        """
        self._con.execute("CREATE OR REPLACE TABLE fact(came BOOLEAN, statement VARCHAR)")
        for table, other, merge in zip(("came", "went"), (before, after), merges, strict=True):
            self._gather(table)
            if merge is None or self._may_be_held(table, merge):
                self._drop(table, other)
        found = self._con.sql("""
            SELECT came, split_part(statement, ' ', 1) AS subject,
              split_part(statement, ' ', 2) AS predicate,
              substring(statement, length(subject) + length(predicate) + 3) AS object
            FROM fact ORDER BY ALL
        """)
        return pl.DataFrame(found.to_arrow_table())

    def _gather(self, table: str) -> None:
        """The statements of what came or went, each once."""
        self._con.execute(f"""
            INSERT INTO fact SELECT DISTINCT '{table}' = 'came',
              left(line, -(length(graph) + 5)) AS statement FROM {table}
            WHERE NOT starts_with(line, '_:') AND NOT starts_with(split_part(line, ' ', 3), '_:')
              AND NOT starts_with(line, '<' || graph || '#')
              AND NOT (split_part(line, ' ', 2) = '<{PROV}wasDerivedFrom>'
                AND contains(split_part(line, ' ', 3), '#row='))
        """)

    def _may_be_held(self, table: str, merge: Columns) -> bool:
        """Whether a merge has any of the statements that came or went; also if they are too many to
        look each of them up."""
        query = (
            f"SELECT statement FROM fact WHERE came = ('{table}' = 'came') LIMIT {_LOOKED_UP + 1}"
        )
        rows = self._con.execute(query).fetchall()
        if len(rows) > _LOOKED_UP:
            return True
        lines = "".join(f"{statement} .\n" for (statement,) in rows)
        triples = [quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES)]
        return sum(1 for _ in _lost(triples, merge)) < len(triples)

    def _drop(self, table: str, graphs: Mapping[str, Path]) -> None:
        """Forget those statements that a graph of the other side has. All files are read at once:
        a query for each would take longer to begin than to read it."""
        side = f"came = ('{table}' = 'came')"
        if (
            not graphs
            or not self._con.execute(f"SELECT 1 FROM fact WHERE {side} LIMIT 1").fetchall()
        ):
            return
        paths = {self._plain(path): len(graph) for graph, path in graphs.items()}
        self._con.execute(
            f"""DELETE FROM fact WHERE {side} AND statement IN (
              SELECT held FROM (
                SELECT left(line, -(size + 5)) AS held FROM {_FILES}
                JOIN (SELECT unnest(?) AS filename, unnest(?) AS size) USING (filename))
              SEMI JOIN fact ON held = statement)""",
            [list(paths), list(paths), list(paths.values())],
        )

    def _triples(self, table: str) -> Iterator[list[Triple]]:
        rows = self._con.execute(f"SELECT graph, line FROM {table}")
        while found := rows.fetchmany(_BATCH):
            lines = "".join(line.replace(f" <{graph}> .", " .") + "\n" for graph, line in found)
            yield [quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES)]


def _lost(triples: list[Triple], now: Columns) -> Iterator[Triple]:
    """Those of some triples that the merge does not have."""
    known: dict[tuple[int, int, int], Triple] = {}
    for triple in triples:
        ids = [now.id_of(term) for term in (triple.subject, triple.predicate, triple.object)]  # type: ignore[arg-type]
        if None in ids:
            yield triple
        else:
            known[ids[0], ids[1], ids[2]] = triple  # type: ignore[index]
    if known:
        rows = ", ".join(map(str, known))
        query = f"SELECT s, p, o FROM pso SEMI JOIN (VALUES {rows}) v(s, p, o) USING (s, p, o)"
        for held in now.cursor().execute(query).fetchall():
            known.pop(held, None)
        yield from known.values()
