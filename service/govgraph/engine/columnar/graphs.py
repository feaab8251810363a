"""The graph of a CONSTRUCT: SQL that instantiates its template, and the text of its triples.

Triples are made and told apart as ids, inside DuckDB; their text is put together by Arrow, each
distinct term written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, cast

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import RdfFormat, parse, serialize

from govgraph.engine.columnar.algebra import Constant, Node, TriplePattern, Var
from govgraph.engine.columnar.compile import Plan
from govgraph.engine.columnar.context import Columns
from govgraph.engine.columnar.decode import Decoded, Decoder, Form
from govgraph.engine.columnar.ids import OFFSET, PAYLOAD_BITS, Tag
from govgraph.engine.columnar.relation import TYPES
from govgraph.engine.columnar.results import join_texts, text_bytes, turtle_terms
from govgraph.engine.columnar.terms import tag_of
from govgraph.engine.stream import Chunks, Pump
from govgraph.vocabulary import PREFIXES

#: Formats in which N-Triples are well written already, and those that may shorten IRIs.
LINE_BY_LINE = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
SHORTENED = (RdfFormat.TURTLE, RdfFormat.TRIG)
PLACES = ("s", "p", "o")
#: The ids of the template's blank nodes begin here: no stored rank is as high.
FRESH = (Tag.BLANK << PAYLOAD_BITS) + OFFSET
_END = (Tag.BLANK + 1) << PAYLOAD_BITS
#: What may follow a prefix without an escape.
_LOCAL = r"[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"


@dataclass(frozen=True)
class Instances:
    """The triples of a plan: SQL whose rows have the ids `s`, `p`, `o`, and for the places in
    `computed` also a term, such as `o_term`; one of the two is null. `local` as in the plan."""

    sql: str
    computed: tuple[str, ...]
    local: Mapping[int, Constant]

    @property
    def columns(self) -> list[tuple[str, Form]]:
        """The columns of the SQL, as the decoder wants them."""
        ids: list[tuple[str, Form]] = [(place, "id") for place in PLACES]
        return [*ids, *((f"{place}_term", "term") for place in self.computed)]


def instances(plan: Plan, columns: Columns) -> Instances:
    """The template's triples for each solution, ill-formed ones left out, each once."""
    return _Instantiation(plan, columns).whole()


class _Instantiation:
    def __init__(self, plan: Plan, columns: Columns) -> None:
        self.plan, self.columns = plan, columns
        self.local = dict(plan.local)
        self.template = tuple(dict.fromkeys(plan.template))
        self.forms = {out.name: (f"v{n}", out.form) for n, out in enumerate(plan.columns)}
        nodes = [node for pattern in self.template for node in _nodes(pattern)]
        self.fresh = list(dict.fromkeys(n for n in nodes if isinstance(n, Var) and n.hidden))
        self.computed = tuple(
            place
            for n, place in enumerate(PLACES)
            if any(self._is_computed(_nodes(pattern)[n]) for pattern in self.template)
        )

    def whole(self) -> Instances:
        names = ", ".join(name for name, _ in self.forms.values()) or "one"
        number = ", row_number() OVER () AS n" if self.fresh else ""
        solutions = f"solution AS MATERIALIZED (SELECT *{number} FROM ({self.plan.sql}) v({names}))"
        parts = " UNION ALL ".join(self._triples(pattern) for pattern in self.template)
        if len(self.template) > 1:
            parts = f"SELECT DISTINCT * FROM ({parts})"
        if not parts:
            parts = "SELECT NULL::BIGINT AS s, NULL::BIGINT AS p, NULL::BIGINT AS o WHERE false"
        if len(self.template) == 1:
            solutions = solutions.replace(" MATERIALIZED", " NOT MATERIALIZED", 1)
        return Instances(f"WITH {solutions} {parts}", self.computed, self.local)

    def _triples(self, pattern: TriplePattern) -> str:
        cells, tests = [], []
        for place, node in zip(PLACES, _nodes(pattern), strict=True):
            ident, term, tag = self._cell(node)
            cells.append(f"{ident} AS {place}")
            cells += [f"{term} AS {place}_term"] if place in self.computed else []
            tests.append(f"{tag} {_ALLOWED[place]}")
        ids = [cell for cell in cells if "_term" not in cell]
        terms = [cell for cell in cells if "_term" in cell]
        return f"SELECT {', '.join(ids + terms)} FROM solution WHERE {' AND '.join(tests)}"

    def _cell(self, node: Node) -> tuple[str, str, str]:
        """A node's id, its computed term and its tag, as SQL."""
        no_term = f"CAST(NULL AS {TYPES['term']})"
        if not isinstance(node, Var):
            return f"CAST({self._constant(node)} AS BIGINT)", no_term, str(int(tag_of(node)))
        if node.hidden:
            ident = f"{FRESH} + (n - 1) * {len(self.fresh)} + {self.fresh.index(node)}"
            return ident, no_term, str(int(Tag.BLANK))
        if node.name not in self.forms:
            return "CAST(NULL AS BIGINT)", no_term, "NULL"
        name, form = self.forms[node.name]
        if form == "term":
            return "CAST(NULL AS BIGINT)", name, f"{name}.tag"
        return name, no_term, f"({name} >> {PAYLOAD_BITS})"

    def _constant(self, node: Constant) -> int:
        known = self.columns.id_of(node)
        if known is not None:
            return known
        for ident, term in self.local.items():
            if term == node:
                return ident
        ident = (int(tag_of(node)) << PAYLOAD_BITS) + OFFSET + len(self.local)
        self.local[ident] = node
        return ident

    def _is_computed(self, node: Node) -> bool:
        return isinstance(node, Var) and self.forms.get(node.name, ("", "id"))[1] == "term"


_ALLOWED = {
    "s": f"IN ({int(Tag.BLANK)}, {int(Tag.IRI)})",
    "p": f"= {int(Tag.IRI)}",
    "o": "IS NOT NULL",
}


def _nodes(pattern: TriplePattern) -> tuple[Node, Node, Node]:
    return pattern.subject, pattern.predicate, pattern.object


# -- text ----------------------------------------------------------------------------------------


def fresh_label(cursor: duckdb.DuckDBPyConnection) -> str:
    """What begins the labels of new blank nodes: more `r`s than any label of the data has."""
    rows = cursor.execute(
        f"SELECT max(len(regexp_extract(lex, '^r*'))) FROM term WHERE id < {_END}"
    ).fetchall()
    return "r" * ((rows[0][0] or 0) + 1)


def write_triples(
    batches: Iterable[pa.RecordBatch], decoder: Decoder, label: str, form: RdfFormat
) -> Iterator[bytes]:
    """The rows of `Instances.sql` as N-Triples; Turtle and TriG with the usual prefixes."""
    short = form in SHORTENED
    if short:
        yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()).encode()
    for batch in batches:
        if batch.num_rows:
            yield _lines(batch, decoder, label, short)


def _lines(batch: pa.RecordBatch, decoder: Decoder, label: str, short: bool) -> bytes:
    subjects, objects = (batch.column(place) for place in (0, 2))
    new = [_fresh_texts(subjects, label), None, _fresh_texts(objects, label)]
    stored = [pc.if_else(_is_fresh(ids), None, ids) for ids in (subjects, objects)]
    columns = [stored[0], batch.column(1), stored[1], *batch.columns[3:]]
    decoded = decoder.decode(pa.RecordBatch.from_arrays(columns, names=list(batch.schema.names)))
    texts = _texts(decoded, short)
    cells = [
        _first([texts[place], texts.get(f"{place}_term"), made])
        for place, made in zip(PLACES, new, strict=True)
    ]
    return text_bytes(join_texts(cells[0], " ", cells[1], " ", cells[2], " .\n"))


def _texts(decoded: Decoded, short: bool) -> dict[str, pa.Array]:
    terms = turtle_terms(decoded.terms)
    if short:
        terms = _shortened(terms)
    return {
        name: terms.take(place) for name, place in zip(decoded.names, decoded.places, strict=True)
    }


def _first(choices: list[pa.Array | None]) -> pa.Array:
    return pc.coalesce(*(choice for choice in choices if choice is not None))


def _is_fresh(ids: pa.Array) -> pa.Array:
    return pc.fill_null(pc.and_(pc.greater_equal(ids, FRESH), pc.less(ids, _END)), False)


def _fresh_texts(ids: pa.Array, label: str) -> pa.Array:
    """`_:` labels of the ids of new blank nodes, null for others."""
    numbers = pc.if_else(_is_fresh(ids), pc.subtract(ids, pa.scalar(FRESH, pa.int64())), None)
    return join_texts(f"_:{label}", numbers.cast(pa.large_string()))


def _shortened(terms: pa.Array) -> pa.Array:
    """IRIs by prefix where the rest needs no escape."""
    for name, iri in PREFIXES.items():
        mask = pc.starts_with(terms, f"<{iri}")
        if pc.any(mask).as_py():
            pattern = f"^<{_quoted(iri)}({_LOCAL})>$"
            changed = pc.replace_substring_regex(terms.filter(mask), pattern, rf"{name}:\1")
            terms = pc.replace_with_mask(terms, mask, changed)
    return terms


def _quoted(text: str) -> str:
    return "".join(c if c.isalnum() or ord(c) > 127 else "\\" + c for c in text)


# -- other formats -------------------------------------------------------------------------------


def rewritten(triples: Chunks, form: RdfFormat) -> Pump:
    """N-Triples in another format, by pyoxigraph's parser and serialiser, in a thread of theirs."""

    def produce(file: IO[bytes]) -> None:
        source = _Source(triples)
        parsed = (quad.triple for quad in parse(cast(IO[bytes], source), RdfFormat.N_TRIPLES))
        prefixes = PREFIXES if form == RdfFormat.RDF_XML else None
        try:
            serialize(parsed, file, form, prefixes=prefixes)
        except Exception:
            # pyoxigraph may have turned the engine's error into one of its own
            if source.error is not None:
                raise source.error from None
            raise

    return Pump(produce, triples.close)


class _Source:
    """Chunks as a file to read, which remembers what went wrong."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            try:
                self._left = next(self._chunks, b"")
            except Exception as error:
                self.error = error
                raise
        taken, self._left = self._left[:size], self._left[size:]
        return taken
