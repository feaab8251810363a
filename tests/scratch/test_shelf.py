"""The scratch dataset in a folder, for one process that writes and others that read."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from govgraph.engine.base import Dataset
from govgraph.errors import GovgraphError
from govgraph.scratch.dataset import ScratchDataset
from govgraph.scratch.shelf import LOG, Seen, Written


def add(dataset: ScratchDataset, number: int) -> None:
    dataset.update(f"INSERT DATA {{ <x:s{number}> <x:p> {number} }}", Dataset(), "x:")


def test_a_reader_sees_what_has_been_acknowledged(tmp_path: Path) -> None:
    seen = Seen(tmp_path)
    assert len(seen.store) == 0
    dataset = ScratchDataset(Written(tmp_path))
    for number in range(1, 6):
        add(dataset, number)
        assert len(seen.store) == number
    assert seen.store is seen.store, "what has not changed is not opened again"


def test_a_reader_keeps_what_it_has_begun_with(tmp_path: Path) -> None:
    seen, dataset = Seen(tmp_path), ScratchDataset(Written(tmp_path))
    add(dataset, 1)
    begun = seen.store
    add(dataset, 2)
    assert (len(begun), len(seen.store)) == (1, 2)


def test_a_change_that_fails_moves_nothing(tmp_path: Path) -> None:
    seen, dataset = Seen(tmp_path), ScratchDataset(Written(tmp_path))
    add(dataset, 1)
    before = seen.store
    with pytest.raises(GovgraphError):
        dataset.update("DROP GRAPH <x:none>", Dataset(), "x:")
    assert seen.store is before


def test_what_is_much_is_sorted_into_files(tmp_path: Path) -> None:
    shelf = Written(tmp_path)
    files = set((tmp_path / "store").glob("*.sst"))
    shelf.store.extend(
        Quad(NamedNode(f"x:{n}"), NamedNode("x:p"), Literal("x" * 100)) for n in range(LOG // 100)
    )
    shelf.changed()
    assert set((tmp_path / "store").glob("*.sst")) > files
    assert len(Seen(tmp_path).store) == LOG // 100


def test_a_writer_that_is_killed_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for round_ in range(3):
        process = context.Process(target=write_and_die, args=(str(tmp_path), round_))
        process.start()
        process.join()
        assert process.exitcode == -9
        dataset = ScratchDataset(Written(tmp_path))
        assert len(dataset.store) == (round_ + 1) * 10
        assert len(Seen(tmp_path).store) == (round_ + 1) * 10
        del dataset


def write_and_die(folder: str, round_: int) -> None:
    dataset = ScratchDataset(Written(Path(folder)))
    for number in range(10):
        add(dataset, round_ * 10 + number)
    os.kill(os.getpid(), 9)


def test_what_is_no_store_is_said_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govgraph.scratch.shelf._TRIES", 2)
    (tmp_path / "store").write_text("no folder")
    with pytest.raises((OSError, RuntimeError)):
        Written(tmp_path)


def test_a_reader_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        Seen(tmp_path).changed()
    assert isinstance(Seen(tmp_path).store, Store)
