"""Ids back to terms: a batch's distinct ids are looked up once, apart from the query that ran.

A result has one column for each variable, of one of three forms: `id`, BIGINT ids; `text`, terms as
N-Triples texts; `term`, structs of tag, lex, dt and lang. NULL is unbound in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from govgraph.engine.columnar.ids import INLINE, PAYLOAD_BITS, Tag, datatype_sql, lex_sql
from govgraph.engine.columnar.ntriples import Parts, Term, parts_of, take_apart

Form = Literal["id", "text", "term"]

TERMS = pa.schema(
    [
        ("tag", pa.int8()),
        ("lex", pa.large_string()),
        ("dt", pa.large_string()),
        ("lang", pa.large_string()),
    ]
)
_KINDS = {"_": Tag.BLANK, "<": Tag.IRI}
_LOOK_UP = f"""
    SELECT n, (id >> {PAYLOAD_BITS})::TINYINT AS tag, {lex_sql("id")} AS lex,
        {datatype_sql("id")} AS dt, NULL::VARCHAR AS lang
    FROM wanted WHERE id >> {PAYLOAD_BITS} IN ({", ".join(map(str, sorted(INLINE)))})
    UNION ALL
    SELECT n, (id >> {PAYLOAD_BITS})::TINYINT, lex, dt, lang FROM wanted JOIN term USING (id)
"""


@dataclass(frozen=True)
class Decoded:
    """One batch: its distinct terms (schema TERMS), and for each column the places of its terms
    there, null where unbound. In `terms` the tag says no more than blank node, IRI or literal."""

    names: tuple[str, ...]
    terms: pa.Table
    places: tuple[pa.Array, ...]
    rows: int

    def solutions(self) -> Iterator[dict[str, Term]]:
        """The rows as pyoxigraph terms, without the unbound variables."""
        terms = [parts.term() for parts in _parts(self.terms)]
        columns = [place.to_pylist() for place in self.places]
        for row in range(self.rows):
            places = zip(self.names, columns, strict=True)
            yield {n: terms[column[row]] for n, column in places if column[row] is not None}


class Decoder:
    """Decodes the batches of one result. It has a cursor to itself.

    `local` gives the terms of ids that only the query knows.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        columns: Sequence[tuple[str, Form]],
        local: Mapping[int, Term] | None = None,
    ) -> None:
        self.cursor = cursor
        self.columns = tuple(columns)
        self.local = local or {}

    def decode(self, batch: pa.RecordBatch) -> Decoded:
        """Look up the terms of a batch. LookupError for an id that no term has."""
        tables: list[pa.Table] = []
        places: dict[int, pa.Array] = {}
        size = 0
        for positions, (terms, found) in self._groups(batch):
            places.update(
                (position, pc.add(place, pa.scalar(size, pa.int64())))
                for position, place in zip(positions, found, strict=True)
            )
            tables.append(terms)
            size += terms.num_rows
        return Decoded(
            tuple(name for name, _ in self.columns),
            pa.concat_tables(tables).combine_chunks() if tables else TERMS.empty_table(),
            tuple(places[position] for position in range(len(self.columns))),
            batch.num_rows,
        )

    def _groups(
        self, batch: pa.RecordBatch
    ) -> Iterator[tuple[list[int], tuple[pa.Table, list[pa.Array]]]]:
        """The columns of ids together, then each other column by itself."""
        ids = [n for n, (_, form) in enumerate(self.columns) if form == "id"]
        if ids:
            yield ids, self._from_ids([batch.column(n).cast(pa.int64()) for n in ids])
        for n, (_, form) in enumerate(self.columns):
            if form == "text":
                yield [n], _from_texts(batch.column(n))
            elif form == "term":
                yield [n], _from_structs(batch.column(n))

    def _from_ids(self, columns: list[pa.Array]) -> tuple[pa.Table, list[pa.Array]]:
        encoded = pa.chunked_array(columns, pa.int64()).dictionary_encode()
        found = [chunk.indices for chunk in encoded.chunks]
        wanted = encoded.chunk(0).dictionary if found else pa.array([], pa.int64())
        return self._look_up(wanted), found

    def _look_up(self, wanted: pa.Array) -> pa.Table:
        numbers = pa.array(range(len(wanted)), pa.int64())
        self.cursor.register("wanted", pa.table({"n": numbers, "id": wanted}))
        found = self.cursor.sql(_LOOK_UP).to_arrow_table()
        self.cursor.unregister("wanted")
        found = found.select(TERMS.names).cast(TERMS).append_column("n", found["n"])
        if found.num_rows < len(wanted):
            known = pc.is_in(numbers, value_set=found["n"].combine_chunks())
            missing = numbers.filter(pc.invert(known)).to_pylist()
            parts = [parts_of(self.local[wanted[n].as_py()]) for n in missing]
            found = pa.concat_tables(
                [found, _table(parts).append_column("n", pa.array(missing, pa.int64()))]
            )
        return found.sort_by("n").select(TERMS.names)


def _from_texts(column: pa.Array) -> tuple[pa.Table, list[pa.Array]]:
    encoded = column.dictionary_encode()
    return _table([take_apart(text) for text in encoded.dictionary.to_pylist()]), [encoded.indices]


def _from_structs(column: pa.Array) -> tuple[pa.Table, list[pa.Array]]:
    """Each row is a term of its own; a row whose tag is null is unbound."""
    tag = pc.struct_field(column, "tag")
    fields = [tag, *(pc.struct_field(column, name) for name in ("lex", "dt", "lang"))]
    arrays = [field.cast(f.type) for field, f in zip(fields, TERMS, strict=True)]
    lang = pc.if_else(pc.equal(arrays[3], ""), None, arrays[3])
    terms = pa.Table.from_arrays([*arrays[:3], lang.cast(pa.large_string())], schema=TERMS)
    numbers = pa.array(range(len(column)), pa.int64())
    return terms, [pc.if_else(pc.is_valid(tag), numbers, None)]


def _table(parts: Sequence[Parts]) -> pa.Table:
    tags = [_KINDS.get(p.kind, Tag.OTHER) for p in parts]
    columns = [tags, [p.lex for p in parts], [p.dt for p in parts], [p.lang for p in parts]]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, TERMS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=TERMS)


def _parts(terms: pa.Table) -> Iterator[Parts]:
    kinds = {tag: kind for kind, tag in _KINDS.items()}
    columns = [terms[name].to_pylist() for name in TERMS.names]
    for tag, lex, dt, lang in zip(*columns, strict=True):
        yield Parts(kinds.get(tag, '"'), lex or "", dt, lang)
