"""A full disk: what was served is served, nothing half-done is left, and the error says why.

A limit on the size of files stands for the end of the disk everywhere; a small file system of its
own is used where this process may mount one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.backup.conftest import NEW, OLD, digests, make, make_home
from tests.service.disks import Disk

from govgraph.access.keys import Keys
from govgraph.backup.restoring import restore
from govgraph.backup.writing import backup
from govgraph.build import build
from govgraph.errors import GovgraphError
from govgraph.http.state import Releases
from govgraph.release import Home
from govgraph.settings import Settings


def answers(home: Home) -> bool:
    opened = Releases(Settings(home=home.path)).open()
    rows = opened.engine.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return int(rows[0]["n"].value) == opened.release.manifest["triples"]


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.75])
def test_building(tiny_home: tuple[Path, str, str], tiny: Path, disk: Disk, part: float) -> None:
    """The disk fills up in one step of a build or another."""
    home = Home(disk(64 << 20) / "home")
    shutil.copytree(tiny_home[0], home.path)
    size = sum(path.stat().st_size for path in home.current().path.rglob("*"))
    filler = home.path.parent / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(home.path).free - int(size * part)))
    before = digests(home.path)
    with pytest.raises(GovgraphError) as error:
        build([tiny], Settings(home=home.path))
    assert (error.value.code, error.value.status) == ("disk-full", 507)
    assert digests(home.path) == before
    assert answers(home)
    filler.unlink()
    assert build([tiny], Settings(home=home.path)).release is not None


LIMITED = """
import json, resource, sys
from pathlib import Path
from govgraph.backup.restoring import restore
from govgraph.backup.writing import backup
from govgraph.errors import GovgraphError
from govgraph.release import Home
from govgraph.settings import Settings
what, home, other, limit = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
if what == "build": from govgraph.build import build  # which takes a second
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    if what == "build": build([other], Settings(home=home))
    if what == "backup": backup(Home(home), other)
    if what == "restore": restore(other, Home(home))
    print(json.dumps("done"))
except GovgraphError as error:
    print(json.dumps(error.code))
"""


def limited(what: str, home: Path, other: Path, limit: int) -> str:
    command = [sys.executable, "-c", LIMITED, what, str(home), str(other), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: str = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("limit", [1 << 10, 20 << 10, 200 << 10])
def test_building_within_a_limit(copied_home: Home, tiny: Path, limit: int) -> None:
    before = digests(copied_home.path)
    assert limited("build", copied_home.path, tiny, limit) == "disk-full"
    assert digests(copied_home.path) == before
    assert answers(copied_home)


@pytest.mark.parametrize("limit", [0, 100, 500])
def test_backing_up_within_a_limit(tmp_path: Path, limit: int) -> None:
    home = make_home(tmp_path / "home")
    assert limited("backup", home.path, tmp_path / "to.tar.zst", limit) == "disk-full"
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert limited("backup", home.path, tmp_path / "to.tar.zst", 1 << 20) == "done"


@pytest.mark.parametrize("limit", [0, 1000, 10_000])
def test_restoring_within_a_limit(tmp_path: Path, limit: int) -> None:
    backup(make_home(tmp_path / "home"), tmp_path / "from.tar.zst")
    other = Home(tmp_path / "other")
    make(other, OLD)
    before = digests(other.path)
    assert limited("restore", other.path, tmp_path / "from.tar.zst", limit) == "disk-full"
    assert digests(other.path) == before
    assert limited("restore", other.path, tmp_path / "from.tar.zst", 1 << 20) == "done"
    assert [release.id for release in other.releases()] == [OLD, NEW]


def test_backing_up_and_restoring_on_a_small_disk(tmp_path: Path, disk: Disk) -> None:
    home = Home(tmp_path / "home")
    make(home, NEW, random=os.urandom(1 << 20))
    backup(home, tmp_path / "good.tar.zst")
    place = disk(256 << 10)
    for work in (
        lambda: backup(home, place / "to.tar.zst"),
        lambda: restore(tmp_path / "good.tar.zst", Home(place / "home")),
    ):
        with pytest.raises(GovgraphError) as error:
            work()
        assert error.value.code == "disk-full"
    assert [path.name for path in place.rglob("*")] == ["home", ".lock"]


def test_keys_on_a_full_disk(disk: Disk) -> None:
    home = disk(1 << 20) / "home"
    keys = Keys(home)
    _, secret = keys.add("alice", "write")
    (home.parent / "filler").write_bytes(bytes(shutil.disk_usage(home).free))
    for work in (lambda: keys.add("bob", "read"), lambda: keys.rotate("alice")):
        with pytest.raises(GovgraphError) as error:
            work()
        assert error.value.code == "disk-full"
    found = Keys(home).find(secret)
    assert found is not None
    assert found.name == "alice"
