"""Ids back to terms: a batch's distinct ids are decoded once, apart from the query that ran.

A result has one column for each variable, of one of three forms: `id`, BIGINT ids; `text`, terms as
N-Triples texts; `term`, structs of tag, lex, dt and lang. NULL is unbound in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from govgraph.engine.columnar.ids import DATATYPES, INLINE, PAYLOAD_BITS, PAYLOAD_MASK, Tag
from govgraph.engine.columnar.inline import lexical_forms
from govgraph.engine.columnar.lexicon import Lexicon
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
#: Stands for the tag of ids that only the query knows.
_LOCAL = 0
_TEXT = pa.large_string()


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
    """Decodes the batches of one result. `local` gives the terms of ids that only the query knows."""

    def __init__(
        self,
        lexicon: Lexicon,
        columns: Sequence[tuple[str, Form]],
        local: Mapping[int, Term] | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.columns = tuple(columns)
        self.local = local or {}

    def decode(self, batch: pa.RecordBatch) -> Decoded:
        """Decode a batch. LookupError for an id that no term has."""
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
        if not encoded.num_chunks or not len(encoded.chunk(0).dictionary):
            return TERMS.empty_table(), [chunk.indices for chunk in encoded.chunks]
        terms, moved = self._look_up(encoded.chunk(0).dictionary)
        return terms, [moved.take(chunk.indices) for chunk in encoded.chunks]

    def _look_up(self, wanted: pa.Array) -> tuple[pa.Table, pa.Array]:
        """The terms of ids, tag by tag; and for each id the place of its term among them."""
        local = pc.is_in(wanted, value_set=pa.array(self.local, pa.int64()))
        tags = pc.if_else(local, _LOCAL, pc.shift_right(wanted, PAYLOAD_BITS))
        tables, places = [], []
        for tag in pc.unique(tags).to_pylist():
            place = pc.indices_nonzero(pc.equal(tags, tag))
            places.append(place)
            tables.append(self._terms(tag, wanted.take(place)))
        if len(tables) == 1:
            return tables[0], pa.array(range(len(wanted)), pa.int64())
        order = pa.concat_arrays(places).cast(pa.int64())
        return pa.concat_tables(tables).combine_chunks(), pc.inverse_permutation(order)

    def _terms(self, tag: int, ids: pa.Array) -> pa.Table:
        if tag == _LOCAL:
            return _table([parts_of(self.local[ident]) for ident in ids.to_pylist()])
        if tag in INLINE:
            kind = Tag(tag)
            columns = [lexical_forms(kind, ids), _all(DATATYPES[kind], ids), _all(None, ids)]
        else:
            columns = [*self.lexicon.texts(Tag(tag), pc.bit_wise_and(ids, PAYLOAD_MASK))]
        return pa.Table.from_arrays([_all(tag, ids, pa.int8()), *columns], schema=TERMS)


def _all(value: str | int | None, like: pa.Array, kind: pa.DataType = _TEXT) -> pa.Array:
    """A column of one value."""
    return pa.repeat(pa.scalar(value, kind), len(like))


def _from_texts(column: pa.Array) -> tuple[pa.Table, list[pa.Array]]:
    encoded = column.dictionary_encode()
    return _table([take_apart(text) for text in encoded.dictionary.to_pylist()]), [encoded.indices]


def _from_structs(column: pa.Array) -> tuple[pa.Table, list[pa.Array]]:
    """Each row is a term of its own; a row whose tag is null is unbound."""
    tag = pc.struct_field(column, "tag")
    fields = [tag, *(pc.struct_field(column, name) for name in ("lex", "dt", "lang"))]
    arrays = [field.cast(f.type) for field, f in zip(fields, TERMS, strict=True)]
    dt, lang = (_present(array) for array in arrays[2:])
    terms = pa.Table.from_arrays([*arrays[:2], dt, lang], schema=TERMS)
    numbers = pa.array(range(len(column)), pa.int64())
    return terms, [pc.if_else(pc.is_valid(tag), numbers, None)]


def _present(texts: pa.Array) -> pa.Array:
    """Texts, null for empty ones: resources have no datatype and most literals no language."""
    return pc.if_else(pc.equal(texts, ""), None, texts).cast(_TEXT)


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
