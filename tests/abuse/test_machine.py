"""A machine in a bad state: a disk that is full, a folder that is read-only, a clock that goes back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.abuse.conftest import LIMITS
from tests.abuse.server import OK, Server
from tests.service.conftest import write_dataset

import govgraph.build
from govgraph.access.keys import Keys
from govgraph.build import build
from govgraph.release import Home
from govgraph.settings import Settings

UPDATE = {"update": "INSERT DATA { <x:a> <x:p> 1 }"}
#: Bytes of a disk that has room for one release of the tiny dataset and not for another.
DISK = "16m"


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"needs the right to mount a file system: {done.stderr.strip()}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, in memory."""
    if sys.platform != "linux":
        pytest.skip("mounts as Linux does")
    folder = tmp_path / "disk"
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder))
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _serving(folder: Path, home: Path) -> Iterator[Server]:
    settings = LIMITS | {"write_seconds": 60, "query_seconds": 5}
    server = Server(folder, "--home", str(home), "--allow-update", **settings)
    try:
        yield server
    finally:
        server.stop()


def _copied(abused_home: Path, home: Path) -> dict[str, str]:
    """A copy of a home with a key, as the headers of requests that use it."""
    shutil.copytree(abused_home, home)
    return {"authorization": f"Bearer {Keys(home).add('pen', 'write')[1]}"}


def _fill(path: Path) -> None:
    """Write until the disk has no room."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 16)):
            pass


def test_a_full_disk_is_said_to_be_full(abused_home: Path, disk: Path, tmp_path: Path) -> None:
    home = disk / "home"
    headers = _copied(abused_home, home)
    with _serving(tmp_path / "server", home) as server:
        before = Home(home).current().id
        filler = disk / "filler"
        _fill(filler)
        for _ in range(2):
            came = server.outcome("POST", "/update", data=UPDATE, headers=headers)
            assert came in {"disk-full", "audit-failed", "no-room"}
            assert Home(home).current().id == before
            assert server.ask("SELECT ?s WHERE { ?s a foaf:Person }").status_code == 200
        filler.unlink()
        assert server.outcome("POST", "/update", data=UPDATE, headers=headers) == OK
        assert server.ask("ASK { <x:a> <x:p> 1 }").json()["boolean"] is True
        assert not list(home.glob(".build-*"))


def test_a_read_only_home_is_served_and_takes_no_change(
    abused_home: Path, disk: Path, tmp_path: Path
) -> None:
    home = disk / "home"
    headers = _copied(abused_home, home)
    _mount("-o", "remount,ro", str(disk))
    with _serving(tmp_path / "server", home) as server:
        came = server.outcome("POST", "/update", data=UPDATE, headers=headers)
        assert came in {"audit-failed", "home-unusable"}
        answer = server.ask("SELECT ?s WHERE { ?s a foaf:Person }")
        assert len(answer.json()["results"]["bindings"]) > 200
        assert server.send("GET", "/health").json()["status"] == "ok"


class _Tomorrow(datetime):
    """The clock of a machine that is a day ahead."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
        return datetime.now(UTC) + timedelta(days=1)


def test_a_clock_that_goes_back_hides_no_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release of tomorrow, then one of today: the later one is served, and comes first."""
    home = tmp_path / "home"
    with monkeypatch.context() as ahead:
        ahead.setattr(govgraph.build, "datetime", _Tomorrow)
        first = build([write_dataset(tmp_path / "tiny")], Settings(home=home)).release
    assert first is not None
    headers = {"authorization": f"Bearer {Keys(home).add('pen', 'write')[1]}"}
    with _serving(tmp_path / "server", home) as server:
        assert server.outcome("POST", "/update", data=UPDATE, headers=headers) == OK
        listed = [release["id"] for release in server.send("GET", "/api/v1/releases").json()]
        assert listed[1:] == [first.id]
        answer = server.ask("ASK { <x:a> <x:p> 1 }")
        assert answer.json()["boolean"] is True
        assert answer.headers["govgraph-release"] == listed[0]
        assert server.ask("ASK { <x:a> <x:p> 1 }", release=first.id).json()["boolean"] is False
