"""Large tables: the same whatever is done side by side, and no more in memory than is needed."""

from __future__ import annotations

import csv
import io
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from govgraph_loaders import Ingested, find_sources, ingest, rows
from govgraph_loaders.inorder import in_order
from govgraph_loaders.keyvalues import hashed
from govgraph_loaders.rowtext import RowText

ROWS = 3_000
KINDS = {
    "duplicate-key",
    "format-mismatch",
    "not-allowed-value",
    "reference-to-rejected-row",
    "required-cell-empty",
    "unresolved-reference",
}


def written(header: str, lines: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *lines])
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Places, a tree, with quoted labels here and there; relations that refer to them. One in fifty
    is wrong in one of several ways."""
    folder = tmp_path_factory.mktemp("scale") / "ds"
    folder.mkdir()
    chance = random.Random(5)

    def spoilt(line: list[str], place: int, wrong: list[str]) -> list[str]:
        if chance.random() < 0.98:
            return line
        return [*line[:place], chance.choice(wrong), *line[place + 1 :]]

    places = []
    for n in range(ROWS):
        label = f"第{n}村" + ("\n又名，某村" if n % 40 == 0 else "")
        parent = f"p{n // 7}" if n else ""
        line = spoilt(
            [f"p{n}", label, "Village", parent], n % 4, ["", "p1", "p9999", "Kingdom", "a|b"]
        )
        places.append(line)
    relations = [
        spoilt(
            [f"r{n}", f"place/p{n}", "funds", f"place/p{n * 7 % ROWS}"],
            1 + n % 3,
            ["", "place/q"],
        )
        for n in range(ROWS)
    ]
    (folder / "places.csv").write_text(written("id,label_zh,type,parent", places), "utf-8")
    (folder / "relations.csv").write_text(
        written("id,subject,predicate,object", relations), "utf-8"
    )
    return folder


def load(
    folder: Path, tables: Path, out: Path, workers: int | None
) -> tuple[Ingested, list[bytes]]:
    result = ingest(find_sources(folder, tables)[0], out, workers=workers)
    return result, [path.read_bytes() for path in result.files]


@pytest.fixture(scope="module")
def alone(
    folder: Path, tables: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ingested, list[bytes]]:
    return load(folder, tables, tmp_path_factory.mktemp("alone"), 1)


@pytest.mark.parametrize(("workers", "block"), [(None, 30_000), (2, 5_000), (5, 1 << 21)])
def test_workers_and_blocks_change_nothing(
    folder: Path,
    tables: Path,
    alone: tuple[Ingested, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: int | None,
    block: int,
) -> None:
    expected, quads = alone
    monkeypatch.setattr(rows, "BLOCK", block)
    result, same = load(folder, tables, tmp_path, workers)
    assert same == quads
    assert result.problems == expected.problems
    assert result.tables == expected.tables
    assert 0 < result.rejected < 2 * ROWS
    assert {problem.code for problem in result.problems} >= KINDS


def test_every_quad_of_a_kept_row_and_no_other_is_in_the_file(
    alone: tuple[Ingested, list[bytes]],
) -> None:
    """Cutting rejected rows out of a file leaves whole lines, as many as were counted."""
    result, quads = alone
    for report, text in zip(result.tables, quads, strict=True):
        lines = text.decode().splitlines()
        assert len(lines) == report.quads
        assert all(line.endswith(f"<{report.iri}> .") for line in lines)
        numbers = [int(line.split('"')[1]) for line in lines if "csvw#rownum>" in line]
        errors = {p.row for p in result.problems if p.table == report.table}
        assert numbers == [n for n in range(1, report.rows_read + 1) if n not in errors]


def test_results_come_in_order_and_few_things_are_taken_ahead() -> None:
    taken = 0

    def things() -> Iterator[int]:
        nonlocal taken
        while taken < 30:
            taken += 1
            yield taken

    for number, result in enumerate(in_order(lambda n: n * n, things(), 3), start=1):
        assert result == number * number
        assert taken <= number + 3
    assert taken == 30


def test_one_worker_is_no_thread() -> None:
    assert [*in_order(lambda _: threading.current_thread(), "ab", 1)] == [
        threading.current_thread()
    ] * 2
    assert threading.current_thread() not in in_order(lambda _: threading.current_thread(), "ab", 2)


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_is_raised_where_it_belongs(workers: int) -> None:
    found = in_order(lambda n: 6 // n, [3, 2, 0, 1], workers)
    assert [next(found), next(found)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_equal_texts_have_equal_hashes_and_others_do_not() -> None:
    texts = ["", "a", "\0", "a\0", "\0a", "甲", *map(str, range(20_000))]
    keys = hashed(pl.Series([*texts, *texts, None]))
    assert keys[: len(texts)].equals(keys[len(texts) : -1])
    assert keys.null_count() == 1
    assert keys.drop_nulls().n_unique() == len(texts)
    for half in ({key >> 64 for key in keys[:-1]}, {key % 2**64 for key in keys[:-1]}):
        assert len(half) == len(texts)


def test_statements_of_rows_are_put_together_in_their_order() -> None:
    some = pl.Series(["x", None, "z"])
    text = RowText(3)
    text.add("<s> <p> ", pl.Series(["1", "2", "3"]), " .\n")
    text.add("<s> <q> ", some, " .\n")
    text.add_many(pl.Series(["a\nb\n", None, "c\n"]))
    text.add("<s> <none> ", pl.Series([None] * 3, dtype=pl.String), " .\n")
    text.add("<s> <t> <o> .\n")
    assert text.texts().to_list() == [
        "<s> <p> 1 .\n<s> <q> x .\na\nb\n<s> <t> <o> .\n",
        "<s> <p> 2 .\n<s> <t> <o> .\n",
        "<s> <p> 3 .\n<s> <q> z .\nc\n<s> <t> <o> .\n",
    ]
    assert text.counts().to_list() == [5, 2, 4]


def test_rows_that_all_state_the_same() -> None:
    text = RowText(2)
    text.add("<s> ", "<p> <o> .\n")
    assert text.texts().to_list() == ["<s> <p> <o> .\n"] * 2
    assert RowText(2).texts().to_list() == ["", ""]


def test_progress_tells_of_rows_only(folder: Path, tables: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    sources, _ = find_sources(folder, tables)
    ingest(sources, tmp_path, lambda source, count: told.append((source.name, count)))
    assert min(count for _, count in told) > 0
    for source in sources:
        assert sum(count for name, count in told if name == source.name) == ROWS
