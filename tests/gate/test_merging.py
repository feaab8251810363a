"""Tables merged row by row, beside dictionaries of rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.errors import GovgraphError
from govgraph.gate.merging import Merged, merge, read_upload
from govgraph_loaders import Source, find_sources

CELL = st.text(st.sampled_from('ab,"\n 一'), max_size=3)
ROWS = st.lists(st.tuples(st.sampled_from("1234"), CELL, CELL), max_size=4)
NAMES = ("id", "p", "q")


def source_of(folder: Path, content: bytes, name: str = "t.csv", **declared: Any) -> Source:
    """A table of a folder of its own with these bytes; its key is `id` if nothing else is said."""
    schema = {
        "aboutUrl": "http://example.org/{id}",
        "columns": [{"name": n, "propertyUrl": f"http://example.org/{n}"} for n in NAMES],
    }
    key = {"primaryKey": "id"} if declared.pop("keyed", True) else {}
    document = {"@context": "http://www.w3.org/ns/csvw", "url": name, "tableSchema": schema | key}
    (folder / f"{name}-metadata.json").write_text(json.dumps(document | declared))
    (folder / name).write_bytes(content)
    (source,), problems = find_sources(folder, folder)
    assert not problems
    return source


def written(header: tuple[str, ...], rows: Any, **options: Any) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", **options).writerows([header, *rows])
    return out.getvalue().encode()


def read(content: bytes, **options: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), **options))


def merged(source: Source, folder: Path, sent: bytes, *, replacing: bool = True) -> Merged:
    path = folder / "sent.csv"
    path.write_bytes(sent)
    uploaded = read_upload(source, path)
    assert not [p for p in uploaded.problems if p.severity == "error"]
    return merge(source, source.path, uploaded, replacing=replacing)


@given(ROWS, ROWS, st.permutations(NAMES), st.booleans())
def test_rows_are_replaced_by_key_and_columns_go_by_name(
    tmp_path_factory: pytest.TempPathFactory, old: Any, new: Any, order: list[str], whole: bool
) -> None:
    folder = tmp_path_factory.mktemp("t")
    old = list({row[0]: row for row in old}.values())
    new = list({row[0]: row for row in new}.values())
    columns = tuple(name for name in order if whole or name != "q")
    source = source_of(folder, written(NAMES, old))
    sent = [dict(zip(NAMES, row, strict=True)) for row in new]
    content = written(columns, [[row[name] for name in columns] for row in sent])
    found = merged(source, folder, content)
    expected = {row[0]: dict(zip(NAMES, row, strict=True)) for row in old}
    for row in sent:
        before = expected.get(row["id"], dict.fromkeys(NAMES, ""))
        expected[row["id"]] = before | {name: row[name] for name in columns}
    rows = read(found.content)
    assert rows == list(expected.values())
    assert {rows[place - 1]["id"]: row for place, (row, _) in found.places.items()} == {
        row["id"]: number for number, row in enumerate(sent, start=1)
    }
    again = folder / "again"
    again.mkdir()
    assert merged(source_of(again, found.content), again, content).content == found.content


@given(ROWS, ROWS)
def test_without_a_key_rows_are_added_that_are_not_there(
    tmp_path_factory: pytest.TempPathFactory, old: Any, new: Any
) -> None:
    folder = tmp_path_factory.mktemp("t")
    source = source_of(folder, written(NAMES, old), keyed=False)
    found = merged(source, folder, written(NAMES, new))
    rows = [tuple(row.values()) for row in read(found.content)]
    assert rows == [*old, *dict.fromkeys(row for row in new if row not in old)]


def test_appended_rows_take_no_place(tmp_path: Path) -> None:
    source = source_of(tmp_path, b"id,p,q\n1,a,b\n")
    found = merged(source, tmp_path, b"id,p,q\n1,c,d\n", replacing=False)
    assert found.content == b"id,p,q\n1,a,b\n1,c,d\n"
    assert found.places == {2: (1, 2)}


@pytest.mark.parametrize(
    ("dialect", "encoding", "name"),
    [
        ({}, "utf-8-sig", "t.csv"),
        ({"delimiter": ";", "quoteChar": "'"}, "utf-8", "t.csv"),
        ({"encoding": "gb18030"}, "gb18030", "t.csv"),
        ({"encoding": "utf-16"}, "utf-16", "t.csv"),
        ({}, "utf-8", "t.csv.gz"),
    ],
)
def test_a_table_stays_in_its_dialect_and_encoding(
    tmp_path: Path, dialect: dict[str, str], encoding: str, name: str
) -> None:
    delimiter, quote = dialect.get("delimiter", ","), dialect.get("quoteChar", '"')
    lines = [("id", "p", "q"), ("1", f"{quote}甲{delimiter}{quote}", ""), ("2", "乙", "")]
    before, after = (
        "\n".join(delimiter.join(line) for line in lines[:count]) + "\n" for count in (2, 3)
    )
    content = before.encode(encoding)
    packed = gzip.compress(content) if name.endswith(".gz") else content
    source = source_of(tmp_path, packed, name, dialect=dialect)
    sent = f"id{delimiter}p\n2{delimiter}乙\n".encode(dialect.get("encoding", "utf-8"))
    assert merged(source, tmp_path, sent).content == after.encode(encoding)


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        (b"id,p,q\n1,a\n", {}),
        (b'id,p,q\n1,"a"b,c\n', {}),
        (b"", {}),
        (b"# c\nid,p,q\n", {"skipRows": 1}),
        (b"id,p,q\n", {"commentPrefix": "#"}),
        ("id,p,q\n1,é,\n".encode("latin-1"), {"encoding": "latin-1"}),
    ],
    ids=["ragged", "malformed", "empty", "skipped rows", "comments", "encoding"],
)
def test_what_cannot_be_merged(tmp_path: Path, content: bytes, dialect: dict[str, Any]) -> None:
    source = source_of(tmp_path, content, dialect=dialect)
    sent = source_of(_made(tmp_path / "sent"), "id,p,q\n2,一,\n".encode())
    uploaded = read_upload(sent, sent.path)
    with pytest.raises(GovgraphError) as caught:
        merge(source, source.path, uploaded, replacing=True)
    assert caught.value.code == "table-unmergeable"


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
