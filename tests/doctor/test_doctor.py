"""`govgraph doctor`: each thing that can be wrong is found, said in both languages, and mended
where it can be."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.backup.conftest import NEW, OLD, make_home
from tests.cli.conftest import Run
from tests.service.conftest import write_dataset
from typer.testing import CliRunner

from govgraph import contents
from govgraph.access.audit import Audit
from govgraph.access.keys import Keys
from govgraph.build import build
from govgraph.cli import app
from govgraph.doctor import machine
from govgraph.doctor.finding import size
from govgraph.release import Home
from govgraph.settings import Settings


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What other processes of this machine have spilled is not ours to judge."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


Doctor = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def doctor() -> Doctor:
    """Runs the command; gives its status, and what it finds that is not well."""

    def examine(home: Home, *options: str) -> tuple[int, list[dict[str, Any]]]:
        done = CliRunner().invoke(app, ["doctor", "--json", "--home", str(home.path), *options])
        document = json.loads(done.stdout)
        assert document["ok"] == (done.exit_code == 0)
        for finding in document["findings"]:
            assert finding["message_zh"]
            assert finding["message_en"]
            assert bool(finding["action_en"]) == (finding["level"] != "ok")
            assert bool(finding["action_zh"]) == (finding["level"] != "ok")
        return done.exit_code, [f for f in document["findings"] if f["level"] != "ok"]

    return examine


def checks(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(finding["check"], finding["level"]) for finding in found]


def test_a_home_that_is_well(doctor: Doctor, home: Home) -> None:
    Keys(home.path).add("alice", "write")
    Audit(home.path).record("build")
    assert doctor(home) == (0, [])


def test_a_home_that_is_not_there(doctor: Doctor, tmp_path: Path) -> None:
    status, found = doctor(Home(tmp_path / "none"))
    assert (status, checks(found)) == (1, [("home", "error"), ("current", "error")])
    assert not (tmp_path / "none").exists()


def test_a_home_that_is_a_file(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, found = doctor(Home(tmp_path / "file"))
    assert status == 1
    assert checks(found)[0] == ("home", "error")


def test_a_home_that_cannot_be_written(
    doctor: Doctor, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("govgraph.doctor.home.tempfile.TemporaryFile", refuse)
    status, found = doctor(home)
    assert (status, checks(found)) == (0, [("home", "warning")])
    assert "Read-only" in found[0]["message_en"]


def test_something_at_work(doctor: Doctor, home: Home) -> None:
    with home.workshop():
        status, found = doctor(home, "--fix")
        assert (status, checks(found)) == (0, [("lock", "warning")])
        assert list(home.path.glob(".build-*"))


@pytest.mark.parametrize("content", ["", "20260101T000000Z-0000000f\n", "../..\n"])
def test_current_names_nothing(doctor: Doctor, home: Home, content: str) -> None:
    (home.path / "current").write_text(content)
    status, found = doctor(home)
    assert (status, checks(found)) == (1, [("current", "error")])
    assert found[0]["action_en"] == f"govgraph rollback {NEW}"


@pytest.mark.parametrize(
    ("change", "deep", "said"),
    [
        (lambda f: (f / "store/000001.sst").unlink(), False, "000001.sst missing"),
        (lambda f: (f / "store/000001.sst").write_bytes(b""), False, "000001.sst of another size"),
        (lambda f: (f / "more").write_text(""), False, "more not of the release"),
        (lambda f: (f / "store/000001.sst").write_bytes(bytes(25_600)), True, "000001.sst changed"),
        (lambda f: (f / "manifest.json").write_text("{"), False, "damaged"),
        (lambda f: (f / "manifest.json").write_text("[]"), False, "damaged"),
        (lambda f: (f / "manifest.json").unlink(), False, "damaged"),
        (lambda f: (f / "contents.json").write_text("{"), False, "damaged"),
    ],
)
@pytest.mark.parametrize("release", [OLD, NEW])
def test_a_damaged_release(
    doctor: Doctor, home: Home, change: Callable[[Path], None], deep: bool, said: str, release: str
) -> None:
    """An error of the one that is served, a warning of another."""
    change(home.get(release).path)
    if deep:
        assert doctor(home) == (0, [])
    status, found = doctor(home, *(["--deep"] if deep else []))
    damaged = [finding for finding in found if release in finding["message_en"]]
    assert said in damaged[0]["message_en"]
    assert damaged[0]["level"] == ("error" if release == NEW else "warning")
    if not deep:  # nothing in these releases can be opened
        assert (status, len(found)) == (int(release == NEW), 1)


def test_a_release_of_an_earlier_version(doctor: Doctor, home: Home) -> None:
    (home.get(NEW).path / "contents.json").unlink()
    status, found = doctor(home)
    assert (status, checks(found)) == (0, [("release", "warning")])


def test_engines_count_what_the_manifest_says(doctor: Doctor, tmp_path: Path) -> None:
    home = Home(tmp_path / "built")
    data = write_dataset(tmp_path / "data" / "tiny")
    release = build([data], Settings(home=home.path)).release
    assert release is not None
    for _ in range(2):  # to open a release changes nothing in it
        assert doctor(home, "--deep") == (0, [])
    manifest = json.loads((release.path / "manifest.json").read_text())
    (release.path / "manifest.json").write_text(json.dumps(manifest | {"triples": 7}))
    (release.path / "contents.json").unlink()
    contents.write(release.path)
    status, found = doctor(home, "--deep")
    assert status == 1
    assert "oxigraph" in found[0]["message_en"]
    assert "columns" in found[0]["message_en"]


def test_leftovers_are_found_and_removed(
    doctor: Doctor, home: Home, own_temporary_folder: Path
) -> None:
    for name in (".build-1", f".gone-{OLD}"):
        (home.path / name / "deep").mkdir(parents=True)
        (home.path / name / "deep" / "file").write_bytes(bytes(2000))
    script = "import os\nfrom govgraph.engine.columnar.spilled import spill_folder\n"
    script += (
        "from pathlib import Path\nspill_folder(Path('x'))\nprint('here', flush=True)\ninput()"
    )
    environment = os.environ | {"TMPDIR": str(own_temporary_folder)}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        left = [("leftovers-builds", "warning"), ("leftovers-removed-releases", "warning")]
        assert checks(doctor(home)[1]) == left  # what a running process spills is its own
        process.kill()
    assert checks(doctor(home)[1]) == [*left, ("leftovers-spilled", "warning")]
    found = doctor(home, "--fix")[1]
    assert [finding["fixed"] for finding in found] == [True] * 3
    assert doctor(home) == (0, [])
    assert list(own_temporary_folder.iterdir()) == []
    assert [release.id for release in home.releases()] == [OLD, NEW]


def test_room_on_the_disk(doctor: Doctor, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10, 10, 100)
    monkeypatch.setattr("govgraph.doctor.home.shutil.disk_usage", lambda _: usage)
    status, found = doctor(home)
    assert (status, checks(found)) == (0, [("disk-home", "warning"), ("disk-spill", "warning")])


@pytest.mark.parametrize(
    ("mode", "level"), [(0o600, None), (0o640, "warning"), (0o602, "error"), (0o666, "error")]
)
@pytest.mark.parametrize("name", ["keys.json", "audit.jsonl"])
def test_who_can_read_the_keys(
    doctor: Doctor, home: Home, name: str, mode: int, level: str | None
) -> None:
    Keys(home.path).add("alice", "read")
    Audit(home.path).record("build")
    (home.path / name).chmod(mode)
    assert checks(doctor(home)[1]) == ([("file-mode", level)] if level else [])
    assert doctor(home, "--fix")[0] == 0
    assert doctor(home) == (0, [])


def test_keys_that_the_settings_call_for(
    doctor: Doctor, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_ALLOW_UPDATE", "true")
    monkeypatch.setenv("GOVGRAPH_READ_KEY", "true")
    assert checks(doctor(home)[1]) == [("keys", "error")] * 2
    Keys(home.path).add("alice", "read")
    status, found = doctor(home)
    assert (status, checks(found)) == (1, [("keys", "error")])
    assert "--scope write" in found[0]["action_en"]
    Keys(home.path).add("bob", "admin")
    assert doctor(home) == (0, [])


def test_keys_that_end_soon(doctor: Doctor, home: Home) -> None:
    Keys(home.path).add("alice", "read", datetime.now(UTC) + timedelta(days=2))
    Keys(home.path).add("bob", "read", datetime.now(UTC) + timedelta(days=90))
    status, found = doctor(home)
    assert (status, checks(found)) == (0, [("keys", "warning")])
    assert "alice" in found[0]["message_en"]


def test_a_broken_file_of_keys(doctor: Doctor, home: Home) -> None:
    (home.path / "keys.json").write_text("{")
    (home.path / "keys.json").chmod(0o600)
    assert checks(doctor(home)[1]) == [("keys", "error")]


@pytest.mark.parametrize("line", [b"", b"{\n", b'{"number": 2, "action": "x"}\n{}\n'])
def test_an_audit_log_that_was_changed(doctor: Doctor, home: Home, line: bytes) -> None:
    audit = Audit(home.path)
    for number in range(3):
        audit.record("build", n=number)
    lines = audit.path.read_bytes().splitlines(keepends=True)
    audit.path.write_bytes(lines[0] + line + lines[2])
    assert checks(doctor(home)[1]) == [("audit", "error")]


def test_the_beginning_of_the_audit_log(doctor: Doctor, home: Home) -> None:
    audit = Audit(home.path)
    for _ in range(3):
        audit.record("build")
    audit.path.write_bytes(b"".join(audit.path.read_bytes().splitlines(keepends=True)[1:]))
    assert ("audit", "error") in checks(doctor(home, "--deep")[1])


def test_a_clock_that_is_behind(
    doctor: Doctor, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, _zone: object = None) -> datetime:  # type: ignore[override]
            return datetime(1999, 1, 1, tzinfo=UTC)

    monkeypatch.setattr("govgraph.doctor.releases.datetime", Earlier)
    status, found = doctor(home)
    assert (status, checks(found)) == (0, [("clock", "warning")])
    assert NEW in found[0]["message_en"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"WORKERS": "2", "WORKER_MEMORY": "3GB", "CACHE": "0"}, []),
        ({"WORKERS": "4", "WORKER_MEMORY": "3GB"}, ["memory"]),
        ({"WORKERS": "1", "WORKER_MEMORY": "0"}, ["memory"]),
        ({"WORKERS": "1", "WORKER_MEMORY": "1GB"}, ["memory-query"]),
        ({"QUEUE_LENGTH": "1000000"}, ["open-files"]),
        ({"DOCUMENTS": "/nowhere/at/all"}, ["documents"]),
    ],
)
def test_the_machine_and_its_settings(
    doctor: Doctor, home: Home, monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str], found: list[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(machine, "memory_of_machine", lambda: 8 << 30)
    limits = (10_000, resource.RLIM_INFINITY)
    monkeypatch.setattr("govgraph.doctor.machine.resource.getrlimit", lambda _: limits)
    for name, value in ({"WORKERS": "1"} | settings).items():
        monkeypatch.setenv(f"GOVGRAPH_{name}", value)
    assert [finding["check"] for finding in doctor(home)[1]] == found


def test_the_limit_of_a_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = machine.memory_of_machine()
    (tmp_path / "limit").write_text(str(1 << 20))
    (tmp_path / "none").write_text("max")
    monkeypatch.setattr(machine, "_CGROUPS", (str(tmp_path / "none"), str(tmp_path / "not-there")))
    assert machine.memory_of_machine() >= whole
    monkeypatch.setattr(machine, "_CGROUPS", (str(tmp_path / "limit"),))
    assert machine.memory_of_machine() == 1 << 20


def test_settings_that_are_not_valid(
    doctor: Doctor, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_PORT", "many")
    monkeypatch.setenv("GOVGRAPH_WORKERS", "0")
    status, found = doctor(home)
    assert (status, checks(found)) == (1, [("settings", "error")] * 2)
    assert "GOVGRAPH_PORT" in found[0]["message_en"] + found[1]["message_en"]


def test_what_people_read(run: Run, home: Home) -> None:
    (home.path / ".build-1").mkdir()
    done = run("doctor", "--home", home.path)
    assert done.exit_code == 0
    for text in ("当前版本", "is served", "govgraph doctor --fix", "可删除"):
        assert text in done.output
    assert "done" in run("doctor", "--fix", "--home", home.path).output
    (home.path / "current").unlink()
    assert run("doctor", "--home", home.path).exit_code == 1


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_250_000, "1.25 MB"), (5 * 10**12, "5 TB")],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text
