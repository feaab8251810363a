"""Generated tables against a slow reference, and hostile files against the invariants."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govgraph_loaders import Converted, convert, find_sources, read_batches

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = ["id", "text", "number", "tags", "kind", "ref"]
COLUMNS = [
    {"name": "id", "suppressOutput": True, "required": True},
    {"name": "text", "propertyUrl": EX + "text", "lang": "zh"},
    {"name": "number", "propertyUrl": EX + "number", "datatype": "integer"},
    {"name": "tags", "propertyUrl": EX + "tags", "separator": "|"},
    {
        "name": "kind",
        "propertyUrl": EX + "kind",
        "datatype": {"base": "string", "format": "a|b|甲"},
    },
    {"name": "ref", "propertyUrl": EX + "ref", "valueUrl": EX + "ref/{ref}"},
]
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NASTY = st.text(st.sampled_from(list("\"',;|\r\n\t #\\<>{}%^`a甲\u3000\u2028\ufeff\0")), max_size=8)
CELL = ANY | NASTY | st.sampled_from(["", "1", "-05", "1.5", "a", "b", "甲", "x|y", "|", " 7 "])
ROW = st.lists(CELL, min_size=6, max_size=6)
RAGGED = st.lists(CELL, max_size=9)
ROWS = st.lists(ROW | ROW | ROW | RAGGED, max_size=8)
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quoteChar": st.sampled_from(['"', "'"]),
        "encoding": st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    }
)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


def metadata(**dialect: Any) -> dict[str, Any]:
    schema = {"aboutUrl": EX + "{id}", "primaryKey": "id", "columns": COLUMNS}
    context = "http://www.w3.org/ns/csvw"
    return {"@context": context, "url": "t.csv", "dialect": dialect, "tableSchema": schema}


def written(rows: list[list[str]], dialect: dict[str, str], newline: str, always: bool) -> bytes:
    mark, delimiter = dialect["quoteChar"], dialect["delimiter"]

    def cell(text: str) -> str:
        if always or not text or set(text) & {mark, delimiter, "\r", "\n", "#"}:
            return mark + text.replace(mark, mark * 2) + mark
        return text

    lines = [delimiter.join(map(cell, row)) + newline for row in [HEADER, *rows]]
    return "".join(lines).encode(dialect["encoding"])


def reference(rows: list[list[str]]) -> Iterator[tuple[int, set[tuple[str, str, str]] | None]]:
    """Row number and statements of each row; None for a row that must be rejected."""
    seen = set()
    for number, row in enumerate((row for row in rows if row), start=1):
        good = len(row) == 6 and "\0" not in "".join(row) and row[0] != ""
        statements = statements_of(row) if len(row) == 6 else None
        if len(row) == 6 and "\0" not in "".join(row) and row[0]:
            good = good and row[0] not in seen
            seen.add(row[0])
        yield number, statements if good else None


def statements_of(row: list[str]) -> set[tuple[str, str, str]] | None:
    key, text, number, tags, kind, ref = row
    found: set[tuple[str, ox.Literal | ox.NamedNode]] = set()
    if text:
        found.add(("text", ox.Literal(text, language="zh")))
    number = " ".join(re.split("[ \t\r\n]+", number)).strip(" ")
    if number:
        if not re.fullmatch("[+-]?[0-9]+", number):
            return None
        found.add(("number", ox.Literal(number, datatype=ox.NamedNode(XSD + "integer"))))
    found |= {("tags", ox.Literal(tag)) for tag in tags.split("|") if tag}
    if kind:
        if kind not in ("a", "b", "甲"):
            return None
        found.add(("kind", ox.Literal(kind)))
    if ref:
        found.add(("ref", ox.NamedNode(EX + "ref/" + quote(ref, safe="~"))))
    subject = f"<{EX}{quote(key, safe='~')}>"
    return {(subject, f"<{EX}{name}>", str(term)) for name, term in found}


@settings(max_examples=150)
@given(ROWS, DIALECTS, NEWLINES, st.booleans())
def test_tables_agree_with_a_slow_reference(
    load_files: Callable[..., Any],
    rows: list[list[str]],
    dialect: dict[str, str],
    newline: str,
    always: bool,
) -> None:
    data = written(rows, dialect, newline, always)
    loaded = load_files({"t.csv": data, "csv-metadata.json": metadata(**dialect)})
    expected = dict(reference(rows))
    kept = {number for number, statements in expected.items() if statements is not None}
    assert loaded.counts == {"t.csv": [len(expected), len(kept), len(expected) - len(kept)]}
    assert loaded.statements == {s for n in kept for s in expected[n] or ()}
    errors = {p.row for p in loaded.problems if p.severity == "error"}
    assert errors == set(expected) - kept


@pytest.fixture(scope="module")
def batches(tables: Path) -> Iterator[Callable[..., list[Converted]]]:
    """Convert a file in batches of a size; each batch twice, to see that convert is pure."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "ds"
        folder.mkdir()

        def batches(data: bytes, described: dict[str, Any], size: int) -> list[Converted]:
            (folder / "t.csv").write_bytes(data)
            (folder / "csv-metadata.json").write_text(json.dumps(described))
            source = find_sources(folder, tables)[0][0]
            found = []
            for batch in read_batches(
                source.path, source.table, dataset="ds", iri=source.iri, rows=size
            ):
                before = batch.cells.clone()
                found.append(convert(batch))
                again = convert(batch)
                assert again.text.equals(found[-1].text)
                assert again.problems == found[-1].problems
                assert batch.cells.equals(before)
            return found

        yield batches


def together(parts: list[Converted]) -> tuple[str, list[Any], list[int], int, dict[Any, Any]]:
    quads = "".join(part.quads for part in parts)
    problems = sorted((p for part in parts for p in part.problems), key=lambda p: str(p.as_dict()))
    keys = {
        names: pl.concat([part.keys[names] for part in parts if names in part.keys]).rows()
        for names in parts[0].keys
    }
    rejected = [row for part in parts for row in part.rejected]
    return quads, problems, rejected, sum(part.read for part in parts), keys


@settings(max_examples=25)
@given(ROWS, st.booleans())
def test_conversion_does_not_depend_on_the_batch(
    batches: Callable[..., list[Converted]], rows: list[list[str]], always: bool
) -> None:
    dialect = {"delimiter": ",", "quoteChar": '"', "encoding": "utf-8"}
    data = written(rows, dialect, "\n", always)
    whole = together(batches(data, metadata(**dialect), 20_000))
    assert together(batches(data, metadata(**dialect), 1)) == whole
    assert together(batches(data, metadata(**dialect), 3)) == whole


BYTES = st.binary(max_size=60) | st.text(
    st.sampled_from(list("id,text\n\r\"#|;甲\0 1x'\\")), max_size=60
).map(str.encode)
WILD_DIALECTS = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from([",", "|", "\t", ";"]),
        "quoteChar": st.sampled_from(['"', "'", None]),
        "doubleQuote": st.booleans(),
        "header": st.booleans(),
        "headerRowCount": st.integers(0, 3),
        "skipRows": st.integers(0, 3),
        "skipColumns": st.integers(0, 2),
        "skipBlankRows": st.booleans(),
        "skipInitialSpace": st.booleans(),
        "trim": st.sampled_from([True, False, "start", "end"]),
        "commentPrefix": st.sampled_from(["#", "//", None]),
        "encoding": st.sampled_from(["utf-8", "gbk", "big5", "utf-16", "ascii", "latin-1"]),
    },
)


def check_invariants(loaded: Any) -> None:
    for report in loaded.ingested.tables:
        assert report.rows_read == report.rows_loaded + report.rows_rejected
        errors = [p for p in loaded.problems if p.severity == "error" and p.table == report.table]
        rows = {p.row for p in errors if p.row is not None}
        if any(p.row is None for p in errors):
            assert report.rows_rejected >= len(rows)
        else:
            assert report.rows_rejected == len(rows)
    for problem in loaded.problems:
        json.dumps(problem.as_dict(), ensure_ascii=False).encode()


@settings(max_examples=200)
@given(BYTES, WILD_DIALECTS, st.booleans())
def test_any_bytes_are_loaded_or_reported(
    load_files: Callable[..., Any], data: bytes, dialect: dict[str, Any], declared: bool
) -> None:
    described = metadata(**dialect)
    if not declared:
        del described["tableSchema"]
    if dialect.get("delimiter") == dialect.get("quoteChar", '"'):
        return
    check_invariants(load_files({"t.csv": data, "csv-metadata.json": described}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats(allow_nan=False)
    | st.sampled_from(["", "id", "{id}", "{", "_:x", "http://[", "a b", "integer", "[", "\0", "甲"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["base", "format", "name", "url", "pattern", "@id"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
NAMES = """
    aboutUrl propertyUrl valueUrl datatype default lang null ordered required separator virtual
    titles name suppressOutput columns primaryKey foreignKeys dialect url tableSchema tables @id
    @type format base minimum maxLength length delimiter encoding header skipRows quoteChar
    columnReference reference resource groupChar pattern
"""
KEYED = {
    "columnReference": ["ref"],
    "reference": {"resource": "t.csv", "columnReference": ["id"]},
}


def places(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from places(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner)


@settings(max_examples=300)
@given(st.integers(0, 30), st.sampled_from(NAMES.split()), JSON)
def test_any_metadata_is_used_or_reported(
    load_files: Callable[..., Any], place: int, name: str, value: Any
) -> None:
    document = json.loads(json.dumps(metadata()))
    document["tableSchema"]["foreignKeys"] = [KEYED]
    document = json.loads(json.dumps(document))
    found = [*places(document)]
    found[place % len(found)][name] = value
    text = "id,text,number,tags,kind,ref\n1,甲,2,x|y,a,1\n2,,,,,1\n"
    check_invariants(load_files({"t.csv": text, "csv-metadata.json": document}))
