"""What is made once, and what of it a later run takes over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench.building.cases.incremental import MARK, change
from bench.building.workspace import Unmade, Workspace
from bench.process import Limits

COUNT = "import pathlib, sys; p = pathlib.Path(sys.argv[1]); p.open('a').write('x')"


def workspace(work: Path, *, reuse: bool) -> Workspace:
    return Workspace(3, work, Limits(), reuse, lambda _: None)


def times_run(work: Workspace, mark: Path) -> int:
    assert work.run("x", [sys.executable, "-c", COUNT, mark]).why == ""
    return len(mark.read_text())


def test_a_process_is_run_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    first = workspace(tmp_path, reuse=False)
    assert [times_run(first, mark), times_run(first, mark)] == [1, 1]
    assert times_run(workspace(tmp_path, reuse=True), mark) == 1
    assert times_run(workspace(tmp_path, reuse=False), mark) == 2


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    first = workspace(tmp_path, reuse=False)
    assert first.run("x", [sys.executable, "-c", "raise SystemExit(1)"]).why
    assert times_run(workspace(tmp_path, reuse=True), tmp_path / "mark") == 1


def test_what_was_killed_gets_no_second_chance_in_the_same_time(tmp_path: Path) -> None:
    def run(seconds: float) -> str:
        work = Workspace(3, tmp_path, Limits(seconds), True, lambda _: None)
        return work.run("x", [sys.executable, "-c", "import time; time.sleep(1)"]).why

    assert [run(0.3), run(0.2), run(60)] == ["> 0.3 s", "> 0.3 s", ""]


def test_a_nation_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    work = workspace(tmp_path, reuse=True)
    whole = {p.name: p.read_bytes() for p in work.nation().iterdir()}
    folder = work.nation()
    folder.with_name("nation.expected.json").unlink()
    (folder / "projects.csv").write_text("id\n")
    assert {p.name: p.read_bytes() for p in work.nation().iterdir()} == whole


def test_without_a_release_there_is_nothing_to_validate(tmp_path: Path) -> None:
    work = workspace(tmp_path, reuse=False)
    work.run("build", [sys.executable, "-c", "raise SystemExit('refused')"])
    with pytest.raises(Unmade, match="refused"):
        work.merged()


def test_a_peer_takes_part_up_to_some_size(tmp_path: Path) -> None:
    work, made = workspace(tmp_path, reuse=False), tmp_path / "made"

    def argv() -> list[str | Path]:
        made.touch()
        return [sys.executable, "-c", "print('{}')"]

    assert work.peer("x", argv, 2).why == "takes part up to 2 communities"
    assert not made.exists()
    assert work.peer("x", argv, 3).why == ""
    assert made.exists()


def test_what_a_peer_needs_may_not_be_there(tmp_path: Path) -> None:
    work = workspace(tmp_path, reuse=False)
    work.run("build", [sys.executable, "-c", "raise SystemExit('refused')"])
    found = work.peer("x", lambda: [sys.executable, work.merged()])
    assert found.took is None
    assert found.why == "build ended with status 1: refused"


def test_one_cell_is_changed(tmp_path: Path) -> None:
    nation = workspace(tmp_path, reuse=False).nation()
    before = (nation / "projects.csv").read_text("utf-8").splitlines()
    change(nation / "projects.csv")
    after = (nation / "projects.csv").read_text("utf-8").splitlines()
    different = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    ((old, new),) = different
    assert new.split(",")[1] == MARK + old.split(",")[1]
    assert new.replace(MARK, "", 1) == old
