"""Blocks of lines that are read at once give what reading record by record gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govgraph_loaders import Batch, Table, find_sources, read_batches, rows
from govgraph_loaders.plain import read_plain
from govgraph_loaders.table import Dialect

LINES = [
    b"1,2,3", b"4,5,6", "甲,,乙".encode(), b",,", b"x,y,z ",
    b'"x","y,z",w', b'"p\nq",r,s', b'"p\r\nq",r,s', b'"a""b",c,d', b"'a,b',c,d",
    b"1,2", b"1,2,3,4", b"", b'a"b,c,d', b'"a"b,c,d', b"a\0,b,c", b'"a\0",b,c',
    b"x\\,y,z,w", b'-,\\"q,r', b'"q\\"r",s,t', b'"open', "\ufeff,1,2".encode(), b"\xff,1,2",
    b"# a remark", "\u2028,\x0b,\x1c".encode(),
]  # fmt: skip
DIALECTS = [
    {}, {}, {"quoteChar": "'"}, {"quoteChar": None}, {"doubleQuote": False},
    {"delimiter": ";"}, {"delimiter": "甲"}, {"commentPrefix": "#"}, {"skipBlankRows": True},
    {"trim": True}, {"skipColumns": 1}, {"skipInitialSpace": True}, {"header": False},
]  # fmt: skip
Read = Callable[..., list[Any]]


def described(dialect: dict[str, Any]) -> dict[str, Any]:
    names = ["a", "b", "c"]
    schema = {"columns": [{"name": name, "propertyUrl": f"http://e.org/{name}"} for name in names]}
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "t.csv",
        "dialect": {"encoding": "utf-8", **dialect},
        "tableSchema": schema,
    }


def whole(batches: list[Batch]) -> list[Any]:
    """All that the batches hold, without their borders."""
    found = [batch for batch in batches if len(batch.rows)]
    cells = pl.concat([batch.cells for batch in found]).rows() if found else []
    numbers = [
        pl.concat([getattr(batch, name) for batch in found]).to_list() if found else []
        for name in ("rows", "lines", "places")
    ]
    problems = [problem for batch in batches for problem in batch.problems]
    return [cells, *numbers, sum(batch.read for batch in batches), problems]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Read:
    """What is in a file, read in blocks of so many characters, at once where that can be or not."""
    folder = tmp_path_factory.mktemp("blocks") / "ds"
    folder.mkdir()

    def read(data: bytes, dialect: dict[str, Any], block: int, at_once: bool, size: int) -> Any:
        (folder / "t.csv").write_bytes(data)
        (folder / "csv-metadata.json").write_text(json.dumps(described(dialect)))
        source = find_sources(folder, tables)[0][0]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rows, "BLOCK", block)
            if not at_once:
                patch.setattr(rows, "read_plain", lambda *_: None)
            return whole(
                [*read_batches(source.path, source.table, dataset="ds", iri="x:", rows=size)]
            )

    return read


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(LINES[:5]) | st.sampled_from(LINES), max_size=12),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.booleans(),
    st.sampled_from(DIALECTS),
    st.integers(1, 40),
    st.sampled_from([1, 2, 20_000]),
)
def test_blocks_agree_with_records(
    read: Read,
    lines: list[bytes],
    newline: bytes,
    ended: bool,
    dialect: dict[str, Any],
    block: int,
    size: int,
) -> None:
    header = b"a,b,c".replace(b",", dialect.get("delimiter", ",").encode())
    data = newline.join([header, *lines]) + newline * ended
    slowly = read(data, dialect, 1 << 20, False, 20_000)
    assert read(data, dialect, block, True, size) == slowly
    assert read(data, dialect, block, False, size) == slowly


def table(
    text: str, width: int = 2, **dialect: Any
) -> tuple[list[tuple[str, ...]], list[int]] | None:
    plain = read_plain(text, Dialect(**dialect), width)
    if plain is None:
        return None
    return [*zip(*plain.cells, strict=True)], plain.starts.to_list()


@pytest.mark.parametrize("text", ["1,2\n,\n", "1,2\r\n,\r\n", "1,2\n,", '"1","2"\n,\n'])
def test_even_lines_are_read_at_once(text: str) -> None:
    assert table(text) == ([("1", "2"), ("", "")], [0, 1])


def test_records_of_several_lines_are_read_at_once() -> None:
    assert table('a,"b\nc"\n"d\r\n\r\n",""\ne,f\n') == (
        [("a", "b\nc"), ("d\r\n\r\n", ""), ("e", "f")],
        [0, 2, 5],
    )


@pytest.mark.parametrize(
    "text",
    ["1,2\n3\n", "1,2\n3,4,5\n", "1,2\n\n", "\n1,2\n", "1,\0\n", "1,\udcff\n", '1,"2', '"1"2,3\n'],
)
def test_what_is_amiss_goes_the_slow_way(text: str) -> None:
    assert table(text) is None


@pytest.mark.parametrize(
    "dialect", [{"comment": "#"}, {"trim": "true"}, {"skip_columns": 1}, {"skip_blank_rows": True}]
)
def test_dialects_that_pass_something_over_go_the_slow_way(dialect: dict[str, Any]) -> None:
    assert table("1,2\n", **dialect) is None


def test_a_batch_can_be_cut_down_to_some_rows() -> None:
    batch = Batch(
        table=Table(
            url="", title="", columns=(), inherited={}, about=None, primary_key=(), foreign_keys=(),
            dialect=Dialect(), strict=False, suppress=False, base="",
        ),
        dataset="ds", file="t.csv", iri="x:", read=3,
        cells=pl.DataFrame({"a": ["x", "y", "z"]}),
        rows=pl.Series([4, 5, 7], dtype=pl.UInt32),
        lines=pl.Series([5, 6, 9], dtype=pl.UInt32),
        places=pl.Series([5, 6, 8], dtype=pl.UInt32),
    )  # fmt: skip
    part = batch.only(pl.Series([7, 4, 6], dtype=pl.UInt32))
    assert part.cells["a"].to_list() == ["x", "z"]
    assert [s.to_list() for s in (part.rows, part.lines, part.places)] == [[4, 7], [5, 9], [5, 8]]
