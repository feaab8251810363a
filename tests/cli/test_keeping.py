"""`govgraph backup` and `govgraph restore`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.backup.conftest import NEW, OLD, make_home
from tests.cli.conftest import Run

from govgraph.access.audit import Audit
from govgraph.cli.progress import bytes_bar
from govgraph.release import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), [NEW]),
        (("--all",), [OLD, NEW]),
        (("--release", OLD), [OLD]),
        (("--release", "2026-01", "--release", NEW, "--release", NEW), [OLD, NEW]),
    ],
)
def test_which_releases(
    run: Run, home: Home, tmp_path: Path, options: tuple[str, ...], found: list[str]
) -> None:
    file = tmp_path / "to.tar.zst"
    made = run("backup", file, *options, "--json", "--home", home.path)
    assert made.exit_code == 0, made.output
    document = json.loads(made.stdout)
    assert (document["releases"], document["bytes"]) == (found, file.stat().st_size)
    done = run("restore", file, "--json", "--home", tmp_path / "other")
    assert json.loads(done.stdout)["restored"] == found
    assert [release.id for release in Home(tmp_path / "other").releases()] == found


def test_what_people_read(run: Run, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "to.tar.zst"
    made = run("backup", file, "--home", home.path)
    assert f"backed up {NEW}" in made.output
    assert "备份" in made.output
    done = run("restore", file, "--home", tmp_path / "other")
    assert f"restored {NEW}" in done.output
    assert f"serving {NEW}" in done.output
    assert f"there already {NEW}" in run("restore", file, "--home", tmp_path / "other").output


def test_a_restore_is_in_the_audit_log(run: Run, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "to.tar.zst"
    Audit(home.path).record("build")
    run("backup", file, "--all", "--home", home.path)
    run("restore", file, "--home", tmp_path / "other")
    lines = Audit(tmp_path / "other").page(9)
    assert [line["action"] for line in lines] == ["restore", "build"]
    assert lines[0]["restored"] == [OLD, NEW]


def test_a_rollback_is_in_the_audit_log(run: Run, home: Home) -> None:
    assert run("rollback", OLD, "--home", home.path).exit_code == 0
    assert home.current().id == OLD
    line = Audit(home.path).page(1)[0]
    assert (line["action"], line["release"]) == ("rollback", OLD)
    assert run("rollback", "20250101T000000Z-00000000", "--home", home.path).exit_code == 2
    assert len(Audit(home.path).page(9)) == 1


def test_what_cannot_be_done(run: Run, home: Home, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"precious")
    for command, code in (
        (("backup", there), "backup-exists"),
        (("backup", tmp_path / "no" / "folder"), "file-unusable"),
        (("backup", tmp_path / "new", "--release", "20250101T000000Z-00000000"), "unknown-release"),
        (("restore", there), "backup-invalid"),
        (("restore", tmp_path / "nothing"), "file-unusable"),
        (("restore", tmp_path), "file-unusable"),
    ):
        done = run(*command, "--json", "--home", home.path)
        assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, code)
    assert there.read_bytes() == b"precious"
    assert [release.id for release in home.releases()] == [OLD, NEW]
    assert run("backup", there, "--force", "--home", home.path).exit_code == 0
    none = run("backup", tmp_path / "none", "--all", "--json", "--home", tmp_path / "empty")
    assert json.loads(none.stdout)["code"] == "no-release"


def shown(*, terminal: bool, quiet: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=80)
    with bytes_bar(console, "Backup", quiet=quiet) as notify:
        notify(500, 1000)
        notify(1000, 1000)
    return stream.getvalue()


def test_a_bar_is_for_terminals_only() -> None:
    assert "Backup" in shown(terminal=True)
    assert "\x1b" in shown(terminal=True)
    assert shown(terminal=False) == "Backup\n"
    assert shown(terminal=False, quiet=True) == shown(terminal=True, quiet=True) == ""
