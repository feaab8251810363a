"""The audit log: in order by number, whole lines only, the newest first."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govgraph.access import audit as audit_module
from govgraph.access.audit import Audit
from govgraph.access.keys import Keys
from govgraph.errors import GovgraphError


def test_who_changed_what(keys: Keys) -> None:
    key, secret = keys.add("alice", "write")
    audit = Audit(keys.home)
    audit.record("update", key, release="R1", graph="它")
    audit.record("rollback", release="R0")
    first, second = map(json.loads, audit.path.read_text("utf-8").splitlines())
    assert first["by"] == {"key": key.id, "name": "alice"}
    assert (first["number"], first["action"], first["release"], first["graph"]) == (
        1, "update", "R1", "它",
    )  # fmt: skip
    assert second["number"] == 2
    assert second["by"]["user"]
    assert secret not in audit.path.read_text("utf-8")
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600


def test_pages(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    assert audit.page(5) == []
    for number in range(7):
        audit.record("update", what=number)
    assert [line["what"] for line in audit.page(3)] == [6, 5, 4]
    assert [line["what"] for line in audit.page(3, before=5)] == [3, 2, 1]
    assert [line["what"] for line in audit.page(3, before=1)] == []


@pytest.mark.parametrize(
    "torn", [b"x", b'{"number": 3, "act', b'{"text": "\xe4\xb8', b"y" * 200_000]
)
def test_what_a_crash_left_of_a_line_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    audit = Audit(tmp_path)
    audit.record("one")
    audit.record("two")
    with audit.path.open("ab") as stream:
        stream.write(torn)
    assert [line["action"] for line in audit.page(5)] == ["two", "one"]
    audit.record("three")
    lines = [json.loads(line) for line in audit.path.read_bytes().splitlines()]
    assert [(line["number"], line["action"]) for line in lines] == [
        (1, "one"), (2, "two"), (3, "three"),
    ]  # fmt: skip


def test_only_a_torn_line(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    audit.path.write_bytes(b'{"number": 1')
    assert audit.page(5) == []
    assert audit.record("one")["number"] == 1
    assert [line["action"] for line in audit.page(5)] == ["one"]


def test_lines_are_on_disk_when_record_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, synced = Audit(tmp_path), []

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr(audit_module.os, "fsync", fsync)
    audit.record("one")
    assert audit.path.stat().st_size in synced


def test_a_full_disk_leaves_no_piece_of_a_line(tmp_path: Path) -> None:
    """A limit on the file's size stands for the disk's end: half of the line fits."""
    audit = Audit(tmp_path)
    size = len(json.dumps(audit.record("one")).encode()) + 1
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from govgraph.access.audit import Audit; from govgraph.errors import GovgraphError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + size // 2},) * 2)\n"
        "try: Audit(Path(sys.argv[1])).record('two')\n"
        "except GovgraphError as error: print(error.code, error.status)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True)
    assert done.stdout == "audit-failed 500\n", done.stderr
    assert [line["action"] for line in audit.page(5)] == ["one"]
    assert audit.path.stat().st_size == size


def test_two_processes_at_once_number_their_lines(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from govgraph.access.audit import Audit\n"
    script += "for n in range(20): Audit(Path(sys.argv[1])).record(sys.argv[2], n=n)"

    def write(name: str) -> int:
        return subprocess.run([sys.executable, "-c", script, tmp_path, name]).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(write, "abc")) == [0, 0, 0]
    lines = Audit(tmp_path).page(100)
    assert [line["number"] for line in lines] == list(range(60, 0, -1))
    for who in "abc":
        assert [line["n"] for line in lines if line["action"] == who] == list(range(19, -1, -1))


def test_the_clock_may_go_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = Audit(tmp_path)
    audit.record("one")

    class Earlier:
        @staticmethod
        def now(_zone: object) -> datetime:
            return datetime(1999, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(audit_module, "datetime", Earlier)
    audit.record("two")
    assert [(line["number"], line["action"]) for line in audit.page(5)] == [(2, "two"), (1, "one")]
    assert audit.page(5)[0]["time"].startswith("1999")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GovgraphError) as error:
        Audit(tmp_path / "file").record("one")
    assert error.value.code == "audit-failed"


@pytest.mark.parametrize("line", [b"{", b"[]", b"7", b"{}", b'{"number": "7"}', b"[" * 100_000])
def test_a_log_that_was_changed_takes_no_more_lines(tmp_path: Path, line: bytes) -> None:
    audit = Audit(tmp_path)
    audit.path.write_bytes(line + b"\n")
    for work in (lambda: audit.page(1), lambda: audit.record("one")):
        with pytest.raises(GovgraphError) as error:
            work()
        assert (error.value.code, error.value.status) == ("audit-unusable", 500)
    assert audit.path.read_bytes() == line + b"\n"
