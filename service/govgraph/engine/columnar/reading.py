"""N-Quads files into temporary tables, not one line lost.

A file holds the quads of one graph, one on each line, as `S P O <graph> .` with single spaces: what
our loaders and pyoxigraph write. Terms are numbered chunk by chunk, so that DuckDB works on numbers
and on each chunk's distinct texts instead of three texts a quad:

`word(n, t)` has the texts of terms, some more than once; `raw(f, s, p, o)` the numbers of a quad's
file and words; `file(f, t)` the graphs' names as N-Triples texts, "" for the default graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

#: Bytes read at a time; what fits the processor's cache is read fastest.
CHUNK = 4 << 20
#: Chunks that go into the tables together.
TOGETHER = 16
#: The number of a file, bytes of whole lines, what ends each line, and the file.
_Job: TypeAlias = tuple[int, bytes, str, Path]
_Encoded: TypeAlias = tuple[int, pa.ChunkedArray]


def read(
    con: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, Path]], threads: int = 1
) -> None:
    """Fill the three tables from (graph, file) pairs.

    ValueError for a file that is not as the module says."""
    con.execute("CREATE TEMP TABLE word(n UINTEGER, t VARCHAR)")
    con.execute("CREATE TEMP TABLE raw(f INTEGER, s UINTEGER, p UINTEGER, o UINTEGER)")
    con.execute("CREATE TEMP TABLE file(f INTEGER, t VARCHAR)")
    for number, (graph, _) in enumerate(files):
        con.execute("INSERT INTO file VALUES (?, ?)", [number, graph])
    numbering = _Numbering(con)
    for file, encoded in _side_by_side(_jobs(files), threads):
        numbering.add(file, encoded)
    numbering.flush()


def _jobs(files: Sequence[tuple[str, Path]]) -> Iterator[_Job]:
    for number, (graph, path) in enumerate(files):
        for block in _blocks(path):
            yield number, block, _tail(graph), path


def _side_by_side(jobs: Iterator[_Job], threads: int) -> Iterator[_Encoded]:
    """The encoded blocks in order; a few at a time are worked on and wait."""
    waiting: deque[Future[_Encoded]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for job in jobs:
            waiting.append(pool.submit(_encode, *job))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _encode(file: int, block: bytes, tail: str, path: Path) -> _Encoded:
    """A block's words, and for subjects, predicates and objects the places of theirs."""
    return file, pa.chunked_array(_columns(block, tail, path)).dictionary_encode()


def _tail(graph: str) -> str:
    """What stands after the object on each line."""
    return f" {graph} ." if graph else " ."


def _blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in blocks of whole lines."""
    with path.open("rb") as stream:
        while block := stream.read(CHUNK):
            yield block + stream.readline()


def _columns(block: bytes, tail: str, path: Path) -> list[pa.Array]:
    """The texts of subjects, predicates and objects of a block of lines."""
    lines = _lines(block, path)
    parts = pc.split_pattern(lines, " ", max_splits=2)
    whole = pc.and_(pc.equal(pc.list_value_length(parts), 3), pc.ends_with(lines, tail))
    if not pc.all(whole).as_py():
        wrong = lines[pc.index(whole, False).as_py()].as_py()
        raise ValueError(f"not canonical N-Quads of the file's graph: {path}: {wrong[:200]}")
    subjects, predicates, rest = (pc.list_element(parts, place) for place in range(3))
    objects = pc.binary_slice(rest.cast(pa.large_binary()), 0, -len(tail.encode()))
    return [subjects, predicates, objects.cast(pa.large_string())]


def _lines(block: bytes, path: Path) -> pa.Array:
    ends = pa.array([0, len(block)], pa.int64()).buffers()[1]
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(block)])
    try:
        lines = pc.split_pattern(whole.cast(pa.large_string()), "\n").values
    except pa.ArrowInvalid:
        raise ValueError(f"not UTF-8: {path}") from None
    return lines.slice(0, len(lines) - block.endswith(b"\n"))


class _Numbering:
    """Numbers the words of chunks and inserts several chunks at a time."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.count = 0
        self.words: list[pa.Table] = []
        self.quads: list[pa.Table] = []

    def add(self, file: int, encoded: pa.ChunkedArray) -> None:
        words = encoded.chunk(0).dictionary
        first, self.count = self.count, self.count + len(words)
        numbers = pa.array(range(first, self.count), pa.uint32())
        self.words.append(pa.table({"n": numbers, "t": words}))
        places = [numbers.take(chunk.indices) for chunk in encoded.chunks]
        files = pa.repeat(pa.scalar(file, pa.int32()), len(places[0]))
        self.quads.append(pa.table([files, *places], ["f", "s", "p", "o"]))
        if len(self.words) == TOGETHER:
            self.flush()

    def flush(self) -> None:
        for table, pieces in (("word", self.words), ("raw", self.quads)):
            if pieces:
                self.con.register("pieces", pa.concat_tables(pieces))
                self.con.execute(f"INSERT INTO {table} SELECT * FROM pieces")
                self.con.unregister("pieces")
                pieces.clear()
