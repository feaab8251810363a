"""The columns of one release, open for reading: cursors, ids of constants, statistics."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import duckdb
from pyoxigraph import NamedNode

from govgraph.engine.columnar.encode import DATABASE
from govgraph.engine.columnar.ids import PAYLOAD_MASK, Tag, inline_id, tag_of
from govgraph.engine.columnar.ntriples import Term, parts_of
from govgraph.engine.columnar.values import classify

#: One term in so many is kept in memory; finding another reads the rows between two of them.
STRIDE = 2048
CACHED_CONSTANTS = 65_536


class Predicate(NamedTuple):
    """How often a predicate is used in the merge, and with what objects."""

    triples: int
    subjects: int
    objects: int
    max_out: int
    """Most objects of one subject."""
    max_in: int
    """Most subjects of one object."""
    tags: int
    """Bit `1 << tag` for each tag that an object has."""
    scale: int | None
    """The scale of all its inline decimals, if there are any and it is the same."""


class Columns:
    """A folder that `write_columns` made. Safe to use from many threads, each with its cursors.

    OSError if the folder has no columns.
    """

    def __init__(self, path: Path, *, memory_limit: str = "2GB", threads: int = 1) -> None:
        self.path = path
        database = path / DATABASE
        if not database.is_file():
            raise FileNotFoundError(database)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._connection = duckdb.connect(str(database), read_only=True, config=config)
        # not in the configuration: it would refuse to open a path with a question mark
        self._connection.execute("SET enable_external_access = false")
        self._own = threading.local()
        self._load_statistics()
        self._load_landmarks()
        self._find = lru_cache(CACHED_CONSTANTS)(self._look_up)

    def __enter__(self) -> Columns:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor. A cursor is one thread's, and holds one result at a time."""
        return self._connection.cursor()

    def id_of(self, term: Term) -> int | None:
        """The id of a term; None if it is neither inline nor in the data."""
        if isinstance(term, NamedNode) and (known := self._schema.get(term.value)) is not None:
            return known
        return self._find(term)

    def tags_of(self, predicate: int) -> int:
        """The tags of a predicate's objects as bits `1 << tag`; 0 for an unknown predicate."""
        found = self.predicates.get(predicate)
        return found.tags if found else 0

    def scale_of(self, predicate: int) -> int | None:
        """The one scale of a predicate's inline decimals, if there is one."""
        found = self.predicates.get(predicate)
        return found.scale if found else None

    def _load_statistics(self) -> None:
        con = self.cursor()
        self.predicates: Mapping[int, Predicate] = {
            p: Predicate(*rest) for p, *rest in con.execute("FROM predicate").fetchall()
        }
        #: Class -> how many instances the merge states.
        self.classes: Mapping[int, int] = dict(con.execute("FROM class").fetchall())
        #: Named graph -> whether it holds inferences.
        self.graphs: Mapping[int, bool] = dict(con.execute("FROM graph").fetchall())
        self.triples = sum(predicate.triples for predicate in self.predicates.values())
        self._schema: Mapping[str, int] = dict(
            con.execute(f"""
                SELECT lex, id FROM term WHERE id >> 56 = {Tag.IRI} AND id IN
                (SELECT p FROM predicate UNION SELECT c FROM class UNION SELECT id FROM graph)
            """).fetchall()
        )

    def _load_landmarks(self) -> None:
        """Every so many terms of each tag, by which a binary search finds the rows to read."""
        self._landmarks: dict[Tag, tuple[list[tuple[str, str, str]], list[int]]] = {}
        rows = self.cursor().execute(f"""
            SELECT id, lex, coalesce(dt, ''), coalesce(lang, '') FROM term
            WHERE (id & {PAYLOAD_MASK}) % {STRIDE} = 1 ORDER BY id
        """).fetchall()  # fmt: skip
        for ident, *key in rows:
            keys, idents = self._landmarks.setdefault(tag_of(ident), ([], []))
            keys.append((key[0], key[1], key[2]))
            idents.append(ident)

    def _look_up(self, term: Term) -> int | None:
        kind, lex, dt, lang = parts_of(term)
        if kind == '"':
            assert dt is not None
            inline = inline_id(lex, dt)
            if inline is not None:
                return inline
        tag = {"<": Tag.IRI, "_": Tag.BLANK}.get(kind) or classify(lex, dt or "").tag
        keys, idents = self._landmarks.get(tag, ([], []))
        before = bisect_right(keys, (lex, dt or "", lang or "")) - 1
        if before < 0:
            return None
        first = idents[before]
        row = self._reader().execute(
            f"""SELECT id FROM term WHERE id BETWEEN {first} AND {first + STRIDE - 1} AND lex = $lex
                AND dt IS NOT DISTINCT FROM $dt AND lang IS NOT DISTINCT FROM $lang""",
            {"lex": lex, "dt": dt, "lang": lang},
        ).fetchone()  # fmt: skip
        return None if row is None else int(row[0])

    def _reader(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor for constants, apart from those that hold results."""
        if not hasattr(self._own, "reader"):
            self._own.reader = self.cursor()
        reader: duckdb.DuckDBPyConnection = self._own.reader
        return reader
