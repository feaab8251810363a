"""A home on a file system that cannot be written: it is served, and nothing else is done to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.access.conftest import Web
from tests.service.disks import Disk, mounted

from govgraph.access.audit import Audit
from govgraph.access.keys import Keys
from govgraph.app import create_app
from govgraph.backup.restoring import restore
from govgraph.backup.writing import backup
from govgraph.build import build
from govgraph.errors import GovgraphError
from govgraph.release import Home
from govgraph.retention import Policy, prune
from govgraph.settings import Settings


@pytest.fixture
def fixed(tiny_home: tuple[Path, str, str], disk: Disk) -> tuple[Home, str]:
    """A home with two releases and a key, which nothing can change any more; the key's secret."""
    home = Home(disk(64 << 20) / "home")
    shutil.copytree(tiny_home[0], home.path)
    _, secret = Keys(home.path).add("alice", "admin")
    Audit(home.path).record("build")
    if not mounted("-o", "remount,ro", str(home.path.parent)):
        pytest.skip("this process may not make a file system read-only")
    return home, secret


def test_it_is_served(fixed: tuple[Home, str]) -> None:
    home, secret = fixed
    settings = Settings(home=home.path, read_key=True)
    web, key = Web(create_app(settings, one_by_one=True)), {"X-Api-Key": secret}
    for release in home.releases():
        asked = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "release": release.id}
        rows = web.get("/sparql", params=asked, headers=key).json()["results"]["bindings"]
        assert int(rows[0]["n"]["value"]) == release.manifest["triples"]
    assert web.get("/api/v1/search", params={"q": "小"}, headers=key).status_code == 200
    assert len(web.get("/api/v1/audit", headers=key).json()["items"]) == 1
    assert web.get("/sparql", params={"query": "ASK {}"}).status_code == 401


def test_it_is_backed_up(fixed: tuple[Home, str], tmp_path: Path) -> None:
    home, _ = fixed
    backup(home, tmp_path / "all.tar.zst", home.releases())
    done = restore(tmp_path / "all.tar.zst", Home(tmp_path / "other"))
    assert done.restored == [release.id for release in home.releases()]
    assert done.audit


def test_nothing_else_is_done_to_it(fixed: tuple[Home, str], tiny: Path, tmp_path: Path) -> None:
    home, _ = fixed
    old = home.releases()[0].id
    backup(home, tmp_path / "one.tar.zst")
    for work, code in (
        (lambda: build([tiny], Settings(home=home.path)), "home-unusable"),
        (lambda: home.rollback(old), "home-unusable"),
        (lambda: prune(home, Policy(keep=1)), "home-unusable"),
        (lambda: restore(tmp_path / "one.tar.zst", home), "home-unusable"),
        (lambda: Keys(home.path).add("bob", "read"), "home-unusable"),
        (lambda: Keys(home.path).revoke("alice"), "home-unusable"),
        (lambda: Audit(home.path).record("x"), "audit-failed"),
        (lambda: backup(home, home.path / "to.tar.zst"), "file-unusable"),
    ):
        with pytest.raises(GovgraphError) as error:
            work()
        assert error.value.code == code
    assert len(home.releases()) == 2
