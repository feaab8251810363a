"""The columns of one release, open for reading: cursors, ids of constants, statistics."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import NamedNode

from govgraph.engine.columnar import hashes
from govgraph.engine.columnar.encode import DATABASE
from govgraph.engine.columnar.ids import PAYLOAD_MASK, Tag, inline_id, tag_of
from govgraph.engine.columnar.lexicon import Lexicon
from govgraph.engine.columnar.ntriples import Term, parts_of
from govgraph.engine.columnar.spilled import spill_folder
from govgraph.engine.columnar.values import classify

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
    subject_tags: int
    """Bit `1 << tag` for each tag that a subject has."""


class Columns:
    """A folder that `write_columns` made. Safe to use from many threads, each with its cursors.

    OSError if the folder has no columns.
    """

    def __init__(
        self,
        path: Path,
        *,
        memory_limit: str = "2GB",
        threads: int = 1,
        spill_limit: str = "10GB",
        read_only: bool = True,
    ) -> None:
        self.path = path
        database = path / DATABASE
        if not database.is_file():
            raise FileNotFoundError(database)
        self.lexicon = Lexicon(path)
        self.memory_limit, self.spill_limit = memory_limit, spill_limit
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(spill_folder(database)),
            "max_temp_directory_size": spill_limit,
            "allocator_background_threads": True,  # else an idle process keeps what it once needed
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._connection = duckdb.connect(str(database), read_only=read_only, config=config)
        # not in the configuration: it would refuse to open a path with a question mark
        self._connection.execute("SET enable_external_access = false")
        self._registering, self._hashes_known = threading.Lock(), False
        self._load_statistics()
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

    def know_hashes(self) -> None:
        """See that every cursor has the functions of `hashes`."""
        with self._registering:
            if not self._hashes_known:
                hashes.register(self._connection)
                self._hashes_known = True

    def id_of(self, term: Term) -> int | None:
        """The id of a term; None if it is neither inline nor in the data."""
        if isinstance(term, NamedNode) and (known := self.schema.get(term.value)) is not None:
            return known
        return self._find(term)

    def tags_of(self, predicate: int) -> int:
        """The tags of a predicate's objects as bits `1 << tag`; 0 for an unknown predicate."""
        found = self.predicates.get(predicate)
        return found.tags if found else 0

    def subject_tags_of(self, predicate: int) -> int:
        """The tags of a predicate's subjects as bits; 0 for an unknown predicate."""
        found = self.predicates.get(predicate)
        return found.subject_tags if found else 0

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
        iris = {*self.predicates, *self.classes, *self.graphs}
        #: IRI of a predicate, class or graph -> its id.
        self.schema = self._iris(sorted(ident for ident in iris if tag_of(ident) == Tag.IRI))

    def _iris(self, idents: list[int]) -> Mapping[str, int]:
        ranks = pc.bit_wise_and(pa.array(idents, pa.int64()), PAYLOAD_MASK)
        texts, _, _ = self.lexicon.texts(Tag.IRI, ranks)
        return dict(zip(texts.to_pylist(), idents, strict=True))

    def _look_up(self, term: Term) -> int | None:
        parts = parts_of(term)
        if parts.dt is None:
            return self.lexicon.find(Tag.IRI if parts.kind == "<" else Tag.BLANK, parts)
        inline = inline_id(parts.lex, parts.dt)
        if inline is not None:
            return inline
        return self.lexicon.find(classify(parts.lex, parts.dt).tag, parts)
