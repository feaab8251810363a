"""Results as bytes: what other parsers read back is what was decoded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from xml.etree import ElementTree

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)
from term_strategies import terms

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.decode import Decoded, Decoder, Form
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.ids import INLINE, OFFSET, Tag, inline_id, make, tag_of
from govgraph.engine.columnar.ntriples import Term, parts_of
from govgraph.engine.columnar.results import serialise, serialise_boolean

FORMATS = [QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV]
NAMES = ("x", "X", "字")
Row = tuple[Term | None, ...]
solutions = st.lists(st.tuples(*[st.none() | terms] * 3), max_size=12)

#: What Oxigraph and every XML parser would read otherwise.
WHITE = Literal(" \n a\r\n\tb \t\n")


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Columns]:
    path = tmp_path_factory.mktemp("columns")
    node = NamedNode("http://x/s")
    write_quads([Quad(node, node, Literal(text), node) for text in ("a", 'b"', "c,\r\n")], path)
    with Columns(path) as opened:
        yield opened


def ids(columns: Columns, found: list[Row]) -> tuple[list[list[int | None]], dict[int, Term]]:
    """The ids of rows, unknown terms being local."""
    local: dict[Term, int] = {}
    out: list[list[int | None]] = []
    for row in found:
        out.append([])
        for term in row:
            known = None if term is None else columns.id_of(term)
            if term is not None and known is None:
                known = local.setdefault(term, make(Tag.OTHER, OFFSET + len(local)))
            out[-1].append(known)
    return out, {ident: term for term, ident in local.items()}


def struct(term: Term | None) -> dict[str, object] | None:
    if term is None:
        return None
    kind, lex, dt, lang = parts_of(term)
    tag = {"<": Tag.IRI, "_": Tag.BLANK}.get(kind, Tag.OTHER)
    return {"tag": int(tag), "lex": lex, "dt": dt, "lang": lang or ""}


STRUCT = pa.struct(
    [("tag", pa.int32()), ("lex", pa.string()), ("dt", pa.string()), ("lang", pa.string())]
)


def decoded(
    columns: Columns, found: list[Row], forms: tuple[Form, ...], size: int
) -> list[Decoded]:
    numbers, local = ids(columns, found)
    arrays = {
        "id": lambda n: pa.array([row[n] for row in numbers], pa.int64()),
        "text": lambda n: pa.array([row[n] and str(row[n]) for row in found], pa.string()),
        "term": lambda n: pa.array([struct(row[n]) for row in found], STRUCT),
    }
    table = pa.table({str(n): arrays[form](n) for n, form in enumerate(forms)})
    decoder = Decoder(columns.lexicon, list(zip(NAMES, forms, strict=True)), local)
    return [decoder.decode(batch) for batch in table.to_batches(size)]


@settings(max_examples=60)
@given(
    solutions,
    st.tuples(*[st.sampled_from(["id", "text", "term"])] * 3),
    st.integers(1, 12),
    st.sampled_from(FORMATS),
)
@example([(WHITE, WHITE, None), (None, None, None)], ("id", "text", "term"), 1, FORMATS[1])
def test_results_are_read_back(
    columns: Columns,
    found: list[Row],
    forms: tuple[Form, ...],
    size: int,
    form: QueryResultsFormat,
) -> None:
    batches = decoded(columns, found, forms, size)
    expected = [
        {name: term for name, term in zip(NAMES, row, strict=True) if term is not None}
        for row in found
    ]
    assert [row for batch in batches for row in batch.solutions()] == expected
    answer = parse_query_results(b"".join(serialise(NAMES, batches, form)), format=form)
    assert isinstance(answer, QuerySolutions)
    assert [variable.value for variable in answer.variables] == list(NAMES)
    read = [{name: row[name] for name in NAMES if row[name] is not None} for row in answer]
    assert [{k: parts_of(t) for k, t in row.items()} for row in read] == [
        {k: parts_of(t) for k, t in row.items()} for row in expected
    ]


@settings(max_examples=40)
@given(solutions)
def test_csv_is_read_back(columns: Columns, found: list[Row]) -> None:
    batches = decoded(columns, found, ("id", "id", "id"), 5)
    text = b"".join(serialise(NAMES, batches, QueryResultsFormat.CSV)).decode()
    expected = [
        ["_:" + t.value if isinstance(t, BlankNode) else t.value if t else "" for t in row]
        for row in found
    ]
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read == [list(NAMES), *expected]


def test_xml_keeps_white_space_in_any_parser(columns: Columns) -> None:
    batches = decoded(columns, [(WHITE, WHITE, WHITE)], ("id", "id", "id"), 1)
    body = b"".join(serialise(NAMES, batches, QueryResultsFormat.XML))
    literals = ElementTree.fromstring(body).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert [literal.text for literal in literals] == [WHITE.value] * 3


@pytest.mark.parametrize("form", FORMATS)
def test_no_variables(columns: Columns, form: QueryResultsFormat) -> None:
    batch = pa.RecordBatch.from_struct_array(pa.array([{}, {}], pa.struct([])))
    body = b"".join(serialise((), [Decoder(columns.lexicon, []).decode(batch)], form))
    if form != QueryResultsFormat.TSV:
        answer = parse_query_results(body, format=form)
        assert isinstance(answer, QuerySolutions)
        assert len(list(answer)) == 2


@pytest.mark.parametrize("value", [True, False])
def test_booleans(value: bool) -> None:
    for form in FORMATS:
        answer = parse_query_results(serialise_boolean(value, form), format=form)
        assert isinstance(answer, QueryBoolean)
        assert bool(answer) == value


def test_an_id_of_no_term_is_an_error(columns: Columns) -> None:
    query = f"SELECT count(*) FROM term WHERE id >> 56 = {Tag.IRI}"
    ((iris,),) = columns.cursor().execute(query).fetchall()
    for rank in (0, iris + 1, iris + 12345):
        batch = pa.record_batch({"x": pa.array([make(Tag.IRI, rank)])})
        with pytest.raises(LookupError):
            Decoder(columns.lexicon, [("x", "id")]).decode(batch)


def test_a_text_column_must_hold_terms(columns: Columns) -> None:
    batch = pa.record_batch({"x": pa.array(["not a term"])})
    with pytest.raises(ValueError):
        Decoder(columns.lexicon, [("x", "text")]).decode(batch)


def test_inline_terms_need_no_row(columns: Columns) -> None:
    five = inline_id("5", "http://www.w3.org/2001/XMLSchema#integer")
    assert five is not None
    assert tag_of(five) in INLINE
    with pytest.raises(duckdb.Error):
        columns.cursor().execute("INSERT INTO term(id) VALUES (1)")
    batch = pa.record_batch({"x": pa.array([five, None])})
    answer = list(Decoder(columns.lexicon, [("x", "id")]).decode(batch).solutions())
    assert answer == [{"x": Literal(5)}, {}]
