"""There and back: what is restored is what was backed up."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import zstandard
from tests.backup.conftest import NEW, OLD, digests, make, whole

from govgraph.access.audit import Audit
from govgraph.access.keys import Keys
from govgraph.backup.restoring import restore
from govgraph.backup.table import NAME, Table
from govgraph.backup.writing import backup
from govgraph.errors import GovgraphError
from govgraph.release import Home
from govgraph.retention import Policy, prune


def names(file: Path) -> list[str]:
    with (
        file.open("rb") as stream,
        tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(stream), mode="r|") as tar,
    ):
        return [member.name for member in tar]


def test_all_releases(full: Home, empty: Home, tmp_path: Path) -> None:
    written = backup(full, tmp_path / "all.tar.zst", full.releases())
    assert written.bytes == (tmp_path / "all.tar.zst").stat().st_size
    done = restore(tmp_path / "all.tar.zst", empty)
    assert (done.restored, done.present, done.current) == ([OLD, NEW], [], NEW)
    assert digests(empty.releases_path) == digests(full.releases_path)
    assert empty.current().id == NEW
    assert all(map(whole, empty.releases()))
    assert {path.name for path in empty.path.iterdir()} == {"releases", "current", ".lock"}


def test_the_release_that_is_served_is_the_default(full: Home, empty: Home, tmp_path: Path) -> None:
    full.rollback(OLD)
    backup(full, tmp_path / "one.tar.zst")
    assert restore(tmp_path / "one.tar.zst", empty).restored == [OLD]
    assert empty.current().id == OLD


def test_what_is_served_stays_unless_it_is_asked_for(
    full: Home, empty: Home, tmp_path: Path
) -> None:
    full.rollback(OLD)
    backup(full, tmp_path / "one.tar.zst")
    make(empty, "20260301T000000Z-00000003")
    assert restore(tmp_path / "one.tar.zst", empty).current == "20260301T000000Z-00000003"
    done = restore(tmp_path / "one.tar.zst", empty, serve=True)
    assert (done.restored, done.present, done.current) == ([], [OLD], OLD)
    assert empty.current().id == OLD


def test_a_release_of_the_same_name_is_not_replaced(
    full: Home, empty: Home, tmp_path: Path
) -> None:
    backup(full, tmp_path / "all.tar.zst", full.releases())
    make(empty, NEW, other=b"another")
    before = digests(empty.path)
    with pytest.raises(GovgraphError) as error:
        restore(tmp_path / "all.tar.zst", empty)
    assert error.value.code == "backup-differs"
    assert digests(empty.path) == before


def test_keys_stay_and_the_audit_log_goes_along(full: Home, empty: Home, tmp_path: Path) -> None:
    Keys(full.path).add("alice", "admin")
    audit = Audit(full.path)
    audit.record("one")
    audit.record("two")
    with audit.path.open("ab") as stream:
        stream.write(b'{"torn')
    backup(full, tmp_path / "with.tar.zst")
    assert not [name for name in names(tmp_path / "with.tar.zst") if "keys.json" in name]
    assert restore(tmp_path / "with.tar.zst", empty).audit
    assert [line["action"] for line in Audit(empty.path).page(9)] == ["two", "one"]
    assert Audit(empty.path).path.stat().st_mode & 0o777 == 0o600
    Audit(empty.path).record("three")
    assert not restore(tmp_path / "with.tar.zst", empty).audit
    assert [line["number"] for line in Audit(empty.path).page(9)] == [3, 2, 1]
    backup(full, tmp_path / "without.tar.zst", audit=False)
    assert "audit.jsonl" not in names(tmp_path / "without.tar.zst")


def test_plain_tools_can_unpack_it(full: Home, tmp_path: Path) -> None:
    """Whoever has nothing but tar and zstd gets the folders of the releases."""
    backup(full, tmp_path / "all.tar.zst", full.releases())
    with (
        (tmp_path / "all.tar.zst").open("rb") as stream,
        tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(stream), mode="r|") as tar,
    ):
        tar.extractall(tmp_path / "by-hand", filter="data")
    assert digests(tmp_path / "by-hand" / "releases") == digests(full.releases_path)
    assert Table.from_json((tmp_path / "by-hand" / NAME).read_bytes()).current == NEW


def test_a_file_is_not_replaced_unasked(full: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"precious")
    with pytest.raises(GovgraphError) as error:
        backup(full, tmp_path / "file")
    assert error.value.code == "backup-exists"
    assert (tmp_path / "file").read_bytes() == b"precious"
    backup(full, tmp_path / "file", replace=True)
    assert names(tmp_path / "file")[0] == NAME


@pytest.mark.parametrize("change", ["flip", "cut", "longer", "gone", "table"])
def test_a_damaged_release_is_not_backed_up_as_if_it_were_whole(
    full: Home, tmp_path: Path, change: str
) -> None:
    path = full.get(NEW).path / "store" / "000001.sst"
    content = path.read_bytes()
    if change == "flip":
        path.write_bytes(b"\xff" + content[1:])
    elif change == "cut":
        path.write_bytes(content[:-1])
    elif change == "longer":
        path.write_bytes(b"\xff" + content)
    elif change == "gone":
        path.unlink()
    else:
        (full.get(NEW).path / "contents.json").write_text("[")
    with pytest.raises(GovgraphError) as error:
        backup(full, tmp_path / "one.tar.zst")
    assert (error.value.code, error.value.details["id"]) == ("release-damaged", NEW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [full.path.name]
    backup(full, tmp_path / "old.tar.zst", [full.get(OLD)])


def test_releases_without_a_table_of_contents(full: Home, empty: Home, tmp_path: Path) -> None:
    """Releases of earlier versions have none."""
    (full.get(NEW).path / "contents.json").unlink()
    backup(full, tmp_path / "one.tar.zst")
    assert restore(tmp_path / "one.tar.zst", empty).restored == [NEW]
    assert restore(tmp_path / "one.tar.zst", empty).present == [NEW]
    assert digests(empty.get(NEW).path) == digests(full.get(NEW).path)


def test_nothing_to_back_up(empty: Home, tmp_path: Path) -> None:
    with pytest.raises(GovgraphError) as error:
        backup(empty, tmp_path / "none.tar.zst")
    assert error.value.code == "no-release"


def test_a_release_is_not_pruned_while_it_is_backed_up(full: Home, tmp_path: Path) -> None:
    seen = []

    def notify(_done: int, _total: int) -> None:
        if not seen:
            seen.append(prune(full, Policy(keep=1)))

    backup(full, tmp_path / "all.tar.zst", full.releases(), notify=notify)
    assert (seen[0].removed, seen[0].in_use) == ([], [OLD])
    assert prune(full, Policy(keep=1)).removed == [OLD]


def test_a_build_may_publish_while_a_backup_is_made(
    full: Home, empty: Home, tmp_path: Path
) -> None:
    published = []

    def notify(_done: int, _total: int) -> None:
        if not published:
            published.append(make(full, "20260301T000000Z-00000003").id)

    backup(full, tmp_path / "all.tar.zst", full.releases(), notify=notify)
    assert published == [full.current().id]
    done = restore(tmp_path / "all.tar.zst", empty)
    assert (done.restored, done.current) == ([OLD, NEW], NEW)


def test_progress_ends_at_all_bytes(full: Home, empty: Home, tmp_path: Path) -> None:
    for work in (
        lambda notify: backup(full, tmp_path / "all.tar.zst", full.releases(), notify=notify),
        lambda notify: restore(tmp_path / "all.tar.zst", empty, notify=notify),
    ):
        told: list[tuple[int, int]] = []
        work(lambda done, total, told=told: told.append((done, total)))
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert told[-1][0] == told[-1][1] > 0


KILLED = """
import os, signal, sys
from pathlib import Path
from govgraph.backup.restoring import restore
from govgraph.release import Home
def notify(done, total):
    if done > total * float(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
restore(Path(sys.argv[1]), Home(Path(sys.argv[2])), notify=notify)
"""


@pytest.mark.parametrize("part", ["0", "0.5", "0.99"])
def test_a_restore_that_is_killed_leaves_nothing_to_be_seen(
    full: Home, empty: Home, tmp_path: Path, part: str
) -> None:
    backup(full, tmp_path / "all.tar.zst", full.releases())
    make(empty, "20260301T000000Z-00000003")
    command = [sys.executable, "-c", KILLED, tmp_path / "all.tar.zst", empty.path, part]
    assert subprocess.run(command).returncode == -9
    assert [release.id for release in empty.releases()] == ["20260301T000000Z-00000003"]
    assert whole(empty.current())
    assert restore(tmp_path / "all.tar.zst", empty).restored == [OLD, NEW]
    assert not list(empty.path.glob(".build-*"))
