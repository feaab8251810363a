"""The texts of the dictionary in a memory-mapped file: an id leads to its row without a search.

A row of the Arrow file holds `BLOCK` terms in the order of `term`: the prefix that they share, and
for each the rest of its lexical form, its datatype and its language. Terms are sorted, so prefixes
are long and the file is small enough to be read where it lies, by all processes together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from govgraph.engine.columnar.ids import PAYLOAD_BITS, PAYLOAD_MASK, Tag
from govgraph.engine.columnar.ntriples import Parts

FILE = "terms.arrow"
BLOCK = 128
#: Offsets of the type `string` have 31 bits.
_LARGEST = 1 << 31
_SMALL_INDEX = 1 << 15
#: Schema metadata: how many terms each tag has.
_TERMS = b"terms"


def write_lexicon(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write the table `term` of a connection into the folder `target`."""
    counted = con.execute(f"""
        SELECT id >> {PAYLOAD_BITS}, count(*) FROM term GROUP BY ALL ORDER BY ALL
    """).fetchall()
    prefixes = _prefixes(con)
    flat = con.sql(f"""
        SELECT lex[length(prefix) + 1:] AS rest, dt, lang FROM term
        JOIN (SELECT b, prefix FROM prefixes) ON b = term.rowid // {BLOCK} ORDER BY term.id
    """).to_arrow_table()
    con.unregister("prefixes")
    rest = flat["rest"].cast(_text_type(flat["rest"])).combine_chunks()
    starts = pa.array([*range(0, flat.num_rows, BLOCK), flat.num_rows], pa.int32())
    lists = [
        pa.ListArray.from_arrays(starts, values)
        for values in (rest, _encoded(flat["dt"]), _encoded(flat["lang"]))
    ]
    table = pa.Table.from_arrays(
        [prefixes, *lists], ["prefix", "rest", "dt", "lang"],
        metadata={_TERMS: json.dumps(dict(counted))},
    )  # fmt: skip
    with pa.ipc.new_file(str(target / FILE), table.schema) as sink:
        sink.write_table(table, max_chunksize=max(table.num_rows, 1))


def _prefixes(con: duckdb.DuckDBPyConnection) -> pa.Array:
    """What all lexical forms of each block begin with: what their least and greatest share."""
    ends = con.execute(f"""
        SELECT min(lex), max(lex) FROM term GROUP BY rowid // {BLOCK} ORDER BY rowid // {BLOCK}
    """).fetchall()
    prefixes = pa.array([_beginning(*pair) for pair in ends], pa.string())
    numbers = pa.array(range(len(ends)), pa.int64())
    con.register("prefixes", pa.table({"b": numbers, "prefix": prefixes}))
    return prefixes


def _beginning(a: str, b: str) -> str:
    """What both texts begin with."""
    for n, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return a[:n]
    return min(a, b, key=len)


def _text_type(texts: pa.ChunkedArray) -> pa.DataType:
    return pa.string() if texts.nbytes < _LARGEST else pa.large_string()


def _encoded(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    encoded = texts.cast(pa.string()).combine_chunks().dictionary_encode()
    index = pa.int16() if len(encoded.dictionary) < _SMALL_INDEX else pa.int32()
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(index), encoded.dictionary)


class Lexicon:
    """The dictionary of a release, open for reading. Safe to use from many threads.

    OSError if the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        table = pa.ipc.open_file(pa.memory_map(str(folder / FILE))).read_all()
        blocks = table.combine_chunks().to_batches()
        batch = blocks[0] if blocks else pa.RecordBatch.from_pylist([], schema=table.schema)
        self._prefix = batch.column("prefix")
        self._rest, self._dt, self._lang = (
            batch.column(name).values for name in ("rest", "dt", "lang")
        )
        counts = json.loads(table.schema.metadata[_TERMS])
        self._spans = _spans({Tag(int(tag)): count for tag, count in counts.items()})

    def texts(self, tag: Tag, ranks: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Lexical forms, datatypes and languages of the terms of one tag by their ranks (int64).

        IndexError for a rank that no term has."""
        first, count = self._spans.get(tag, (0, 0))
        if len(ranks) and (pc.max(ranks).as_py() > count or pc.min(ranks).as_py() < 1):
            raise IndexError(f"no such rank of tag {tag}")
        rows = pc.add(ranks, first - 1)
        prefix = self._prefix.take(pc.divide(rows, BLOCK)).cast(pa.large_string())
        rest = self._rest.take(rows).cast(pa.large_string())
        lex = pc.binary_join_element_wise(prefix, rest, pa.scalar("", pa.large_string()))
        if tag in (Tag.BLANK, Tag.IRI):
            return lex, *[pa.nulls(len(rows), pa.large_string())] * 2
        dt, lang = (
            column.take(rows).dictionary_decode().cast(pa.large_string())
            for column in (self._dt, self._lang)
        )
        return lex, dt, lang

    def find(self, tag: Tag, parts: Parts) -> int | None:
        """The id of a term of the dictionary, None if the data does not have it."""
        first, count = self._spans.get(tag, (0, 0))
        wanted = _key(parts)
        low, high = first, first + count
        while low < high:
            middle = (low + high) // 2
            if self._key(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < first + count and self._key(low) == wanted
        return tag << PAYLOAD_BITS | low - first + 1 if found else None

    def lex(self, ident: int) -> str:
        """The lexical form of one id of the dictionary."""
        return self._key(self._spans[Tag(ident >> PAYLOAD_BITS)][0] + (ident & PAYLOAD_MASK) - 1)[0]

    def _key(self, row: int) -> tuple[str, str, str]:
        lex = self._prefix[row // BLOCK].as_py() + self._rest[row].as_py()
        return lex, self._dt[row].as_py() or "", self._lang[row].as_py() or ""


def _key(parts: Parts) -> tuple[str, str, str]:
    return parts.lex, parts.dt or "", parts.lang or ""


def _spans(counts: Mapping[Tag, int]) -> dict[Tag, tuple[int, int]]:
    """Tag -> its first row and how many rows it has."""
    spans, first = {}, 0
    for tag in sorted(counts):
        spans[tag] = first, counts[tag]
        first += counts[tag]
    return spans
