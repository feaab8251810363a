"""Columns that grow while a build infers: what is derived is seen by the queries that follow.

The stated triples stay sorted tables; derived ones are collected beside them, and views of the two
together stand in the tables' places. Statistics are brought up to date after each growth, since
compiled queries rely on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pyoxigraph import RdfFormat

from govgraph.engine.columnar.algebra import Constant
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import compile_query
from govgraph.engine.columnar.decode import Decoder
from govgraph.engine.columnar.encode import describe
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.graphs import Instances, fresh_label, instances, write_triples
from govgraph.engine.columnar.parse import parse
from govgraph.vocabulary import PREFIXES

#: Rows that are decoded and written at a time.
BATCH_ROWS = 65_536


class Growing(Columns):
    """A draft of columns, open for writing by one thread."""

    def __init__(self, path: Path, *, memory_limit: str = "2GB", threads: int = 2) -> None:
        super().__init__(path, memory_limit=memory_limit, threads=threads, read_only=False)
        self._con = self.cursor()
        self._con.execute("""
            CREATE TABLE derived(family VARCHAR, s BIGINT, p BIGINT, o BIGINT);
            ALTER TABLE pso RENAME TO stated_pso;
            ALTER TABLE pos RENAME TO stated_pos;
            CREATE VIEW pso AS SELECT s, p, o, inferred FROM stated_pso
                UNION ALL SELECT s, p, o, true FROM derived;
            CREATE VIEW pos AS SELECT p, o, s, inferred FROM stated_pos
                UNION ALL SELECT p, o, s, true FROM derived;
        """)

    @cached_property
    def engine(self) -> ColumnarEngine:
        """Answers over what there is by now."""
        return ColumnarEngine(self)

    def derive(self, query: str, family: str) -> int:
        """Add the triples of a CONSTRUCT, without computed terms, that are not there yet; return
        how many they are. NotCompiled if the query has no exact translation."""
        made = self._instances(query)
        if made.computed:
            raise ValueError(f"a rule of {family} computes terms")
        self._con.execute(f"""
            CREATE TEMP TABLE fresh AS SELECT DISTINCT m.s, m.p, m.o FROM ({made.sql}) m
            ANTI JOIN pso USING (s, p, o)
        """)
        self._check_known(made.local, family)
        counted = self._con.execute("SELECT count(*) FROM fresh").fetchall()[0][0]
        if counted:
            self._con.execute(
                "INSERT INTO derived SELECT ?, s, p, o FROM fresh ORDER BY p, s, o", [family]
            )
            changed = self._con.execute("SELECT DISTINCT p FROM fresh").fetchall()
            describe(self._con, [p for (p,) in changed])
            self._load_statistics()
        self._con.execute("DROP TABLE fresh")
        return int(counted)

    def _check_known(self, local: Mapping[int, Constant], family: str) -> None:
        """A constant that the data does not have would have no id beyond its query."""
        ids = ", ".join(map(str, local)) or "NULL"
        strange = f"SELECT 1 FROM fresh WHERE s IN ({ids}) OR p IN ({ids}) OR o IN ({ids}) LIMIT 1"
        if self._con.execute(strange).fetchall():
            raise ValueError(f"a rule of {family} gives terms that the data does not have")

    def derived(self, family: str) -> Iterator[bytes]:
        """The triples of a family as N-Triples, in chunks of whole lines."""
        sql = "SELECT s, p, o FROM derived WHERE family = $family"
        return self._texts(Instances(sql, (), {}), {"family": family})

    def computed(self, query: str) -> Iterator[bytes]:
        """The triples of a CONSTRUCT that may make terms, as N-Triples, those left out that the
        columns have. NotCompiled, perhaps late, as for queries."""
        made = self._instances(query)
        known = made.sql
        for place in made.computed:
            others = ", ".join(f"m.{name}" for name, _ in made.columns if name != place)
            known = f"""
                SELECT coalesce(m.{place}, term.id) AS {place}, {others}
                FROM ({known}) m LEFT JOIN term ON term.lex = m.{place}_term.lex
                    AND coalesce(term.dt, '') = coalesce(m.{place}_term.dt, '')
                    AND coalesce(term.lang, '') = coalesce(m.{place}_term.lang, '')
            """
        names = ", ".join(name for name, _ in made.columns)
        new = f"SELECT {names} FROM ({known}) ANTI JOIN pso USING (s, p, o)"
        return self._texts(Instances(new, made.computed, made.local), {})

    def _instances(self, query: str) -> Instances:
        return instances(compile_query(parse(query, prefixes=PREFIXES), self), self)

    def _texts(self, made: Instances, values: dict[str, str]) -> Iterator[bytes]:
        rows = self._con.sql(made.sql, params=values or None).to_arrow_reader(BATCH_ROWS)
        decoder = Decoder(self.lexicon, made.columns, made.local)
        return write_triples(rows, decoder, fresh_label(self.cursor()), RdfFormat.N_TRIPLES)
