"""Writes the file of things from columns that are just made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from pyoxigraph import Literal, NamedNode, Quad, Store

from govgraph.engine.columnar import lexicon
from govgraph.engine.columnar.ids import INLINE, PAYLOAD_BITS, PAYLOAD_MASK, Tag
from govgraph.engine.things.layout import FILE, Array, Code, Header, aligned, first_rows

BATCH = 1 << 20
#: What codes of 16 and 32 bits can tell apart, and how many forms may be kept in the header.
_PREDICATES, _CODES, _SHOWN = 1 << 16, 1 << 32, 100_000
_CODE_OF: dict[int, Code] = {2: "h", 4: "i", 8: "q"}
#: Literals of these tags are stored by Oxigraph as their value.
_BY_VALUE = tuple(
    int(tag)
    for tag in Tag
    if tag not in INLINE and tag not in (Tag.BLANK, Tag.IRI, Tag.STRING, Tag.LANG_STRING)
)


def write_things(con: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Write the file into the folder, given the tables of the columns there and their lexicon.
    False, and no file, if there is more than its codes can tell apart."""
    texts = _Texts(folder / lexicon.FILE)
    inline = _inline(con)
    predicates = con.execute(
        "SELECT p, lex FROM predicate JOIN term ON id = p ORDER BY p"
    ).fetchall()
    shown = _shown(con, first_rows(texts.terms))
    rows = sum(texts.terms.values())
    if len(predicates) > _PREDICATES or rows + len(inline) > _CODES or len(shown) > _SHOWN:
        return False
    triples = con.execute("SELECT count(*) FROM pso").fetchall()[0][0]
    things = sum(texts.terms.get(tag, 0) for tag in (Tag.BLANK, Tag.IRI))
    arrays = _arrays(things, triples, len(inline))
    header = Header(
        lexicon.FILE, lexicon.BLOCK, texts.terms, [lex for _, lex in predicates],
        texts.datatypes, texts.languages, shown, arrays, texts.places,
    ).packed()  # fmt: skip
    codes = _Codes(texts.terms, np.array([p for p, _ in predicates], np.int64), inline)
    with (folder / FILE).open("wb") as file:
        file.write(header)
        _write_triples(con, codes, folder / FILE, len(header), arrays)
        file.seek(len(header) + arrays["inline"].at)
        file.write(inline.tobytes())
    return True


def _arrays(things: int, triples: int, inline: int) -> dict[str, Array]:
    counts: dict[str, tuple[int, Code]] = {
        "starts": (things + 1, "I" if triples < _CODES else "Q"),
        "predicates": (triples, "H"),
        "objects": (triples, "I"),
        "inline": (inline, "q"),
    }
    arrays: dict[str, Array] = {}
    at = 0
    for name, (count, code) in counts.items():
        arrays[name] = Array(at, count, code)
        at = aligned(arrays[name].end)
    return arrays


def _inline(con: duckdb.DuckDBPyConnection) -> np.ndarray[Any, np.dtype[np.int64]]:
    tags = ", ".join(str(int(tag)) for tag in INLINE)
    found = con.sql(f"SELECT DISTINCT o FROM pso WHERE o >> {PAYLOAD_BITS} IN ({tags}) ORDER BY o")
    return found.to_arrow_table()["o"].to_numpy()  # type: ignore[no-any-return]


def _shown(con: duckdb.DuckDBPyConnection, first: dict[Tag, int]) -> dict[int, tuple[str, str]]:
    """The literals that come out of Oxigraph in another form, in that form."""
    store, name = Store(), NamedNode("urn:x")
    found: dict[int, tuple[str, str]] = {}
    tags = ", ".join(map(str, _BY_VALUE))
    terms = con.execute(f"SELECT id, lex, dt FROM term WHERE id >> {PAYLOAD_BITS} IN ({tags})")
    while batch := terms.fetchmany(1024):
        for ident, lex, datatype in batch:
            literal = Literal(lex, datatype=NamedNode(datatype))
            store.add(Quad(name, name, literal))
            (quad,) = store
            store.clear()
            if quad.object != literal:
                row = first[Tag(ident >> PAYLOAD_BITS)] + (ident & PAYLOAD_MASK) - 1
                form = quad.object
                assert isinstance(form, Literal)
                found[row] = form.value, form.datatype.value
    return found


class _Texts:
    """Where the texts of terms lie in the file of the lexicon: Arrow maps it as it is."""

    def __init__(self, path: Path) -> None:
        with pa.memory_map(str(path)) as file:
            whole = file.read_buffer()
            file.seek(0)
            reader = pa.ipc.open_file(file)
            self.terms = {
                Tag(int(tag)): int(count)
                for tag, count in json.loads(reader.schema.metadata[b"terms"]).items()
            }
            self.places: dict[str, Array] = {}
            self.datatypes: list[str | None] = []
            self.languages: list[str | None] = []
            if reader.num_record_batches:
                self._locate(reader.get_batch(0), whole.address)

    def _locate(self, batch: pa.RecordBatch, base: int) -> None:
        rest, datatypes, languages = (batch.column(name).values for name in ("rest", "dt", "lang"))
        self.datatypes = datatypes.dictionary.to_pylist()
        self.languages = languages.dictionary.to_pylist()
        for name, array in (("prefix", batch.column("prefix")), ("rest", rest)):
            _, offsets, content = array.buffers()
            size = 8 if pa.types.is_large_string(array.type) else 4
            at = offsets.address - base
            self.places[name + "_starts"] = Array(at, len(array) + 1, _CODE_OF[size])
            self.places[name] = Array(content.address - base if content else 0, 0, "B")
        for name, array in (("datatype", datatypes), ("language", languages)):
            code = _CODE_OF[array.indices.type.bit_width // 8]
            at = array.indices.buffers()[1].address - base
            self.places[name] = Array(at, len(array), code)


class _Codes:
    """Codes for ids, many at a time."""

    def __init__(self, terms: dict[Tag, int], predicates: Any, inline: Any) -> None:
        self.predicates, self.inline = predicates, inline
        self.rows = sum(terms.values())
        self.first = np.zeros(len(Tag) + 1, np.int64)
        for tag, row in first_rows(terms).items():
            self.first[tag] = row - 1  # ranks count from 1
        self.is_inline = np.isin(np.arange(len(Tag) + 1), [int(tag) for tag in INLINE])

    def of_terms(self, ids: Any) -> Any:
        tags = ids >> PAYLOAD_BITS
        rows = self.first[tags] + (ids & PAYLOAD_MASK)
        return np.where(self.is_inline[tags], self.rows + np.searchsorted(self.inline, ids), rows)

    def of_predicates(self, ids: Any) -> Any:
        return np.searchsorted(self.predicates, ids)


def _write_triples(
    con: duckdb.DuckDBPyConnection, codes: _Codes, path: Path, base: int, arrays: dict[str, Array]
) -> None:
    starts = np.zeros(arrays["starts"].count, np.int64)
    with path.open("r+b") as predicates, path.open("r+b") as objects:
        predicates.seek(base + arrays["predicates"].at)
        objects.seek(base + arrays["objects"].at)
        for s, p, o in _sorted(con):
            rows, counts = np.unique(codes.of_terms(s), return_counts=True)
            starts[rows + 1] += counts
            predicates.write(codes.of_predicates(p).astype(np.uint16).tobytes())
            objects.write(codes.of_terms(o).astype(np.uint32).tobytes())
    with path.open("r+b") as file:
        file.seek(base + arrays["starts"].at)
        wide = np.uint32 if arrays["starts"].code == "I" else np.uint64
        file.write(np.cumsum(starts).astype(wide).tobytes())


def _sorted(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, Any, Any]]:
    """The triples of the merge by subject, predicate and object, as arrays of ids."""
    reader = con.sql("SELECT s, p, o FROM pso ORDER BY s, p, o").to_arrow_reader(BATCH)
    for batch in reader:
        yield tuple(batch.column(name).to_numpy() for name in ("s", "p", "o"))
