"""Old releases go by rule: never the one that is served, nor one that is being read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.access.conftest import Web
from tests.backup.conftest import make
from tests.service.conftest import write_dataset
from typer.testing import Result

from govgraph import retention
from govgraph.access.audit import Audit
from govgraph.app import create_app
from govgraph.build import build
from govgraph.errors import GovgraphError
from govgraph.http.state import KEPT_OPEN
from govgraph.release import Home
from govgraph.retention import Policy, prune
from govgraph.settings import Settings

IDS = [f"2026{month:02}01T000000Z-0000000{month}" for month in range(1, 6)]
NOW = datetime(2026, 5, 11, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def five(tmp_path: Path) -> Home:
    """A home with five releases, of the first of January to May."""
    home = Home(tmp_path / "home")
    for release_id in IDS:
        make(home, release_id)
    return home


def left(home: Home) -> list[str]:
    return [release.id for release in home.releases()]


@pytest.mark.parametrize(
    ("policy", "served", "kept"),
    [
        (Policy(), 4, [0, 1, 2, 3, 4]),
        (Policy(keep=1), 4, [4]),
        (Policy(keep=2), 4, [3, 4]),
        (Policy(keep=9), 4, [0, 1, 2, 3, 4]),
        (Policy(keep=2), 0, [0, 3, 4]),
        (Policy(days=41), 4, [3, 4]),
        (Policy(days=40), 4, [3, 4]),
        (Policy(days=39), 4, [4]),
        (Policy(days=0.5), 1, [1]),
        (Policy(keep=3, days=11), 4, [2, 3, 4]),
        (Policy(keep=1, days=80), 4, [2, 3, 4]),
        (Policy(days=1_000_000_000), 4, [0, 1, 2, 3, 4]),
    ],
)
def test_what_a_policy_keeps(five: Home, policy: Policy, served: int, kept: list[int]) -> None:
    five.rollback(IDS[served])
    doomed = [release.id for release in policy.doomed(five, NOW)]
    assert doomed == [release for release in IDS if IDS.index(release) not in kept]


def test_a_clock_that_went_back_removes_less(five: Home) -> None:
    assert Policy(days=1).doomed(five, datetime(1999, 1, 1, tzinfo=UTC)) == []


def test_a_dry_run_removes_nothing(five: Home) -> None:
    done = prune(five, Policy(keep=1), dry_run=True)
    assert (done.removed, left(five), five.gone()) == (IDS[:4], IDS, [])
    assert done.bytes > 0


def test_those_that_are_gone_are_said_to_be(five: Home) -> None:
    assert prune(five, Policy(keep=2)).removed == IDS[:3]
    assert left(five) == IDS[3:]
    for asked in (IDS[0], IDS[2], "2026-02", "2026-03-31"):
        with pytest.raises(GovgraphError) as error:
            five.find(asked)
        assert (error.value.status, error.value.code) == (410, "release-gone"), asked
    assert five.find("2026-04").id == IDS[3]
    assert five.find("2026").id == IDS[4]
    for asked in ("2025", "20250101T000000Z-00000000", "nonsense"):
        with pytest.raises(GovgraphError) as error:
            five.find(asked)
        assert error.value.status == 404, asked


def test_a_date_between_two_that_are_left_is_not_answered_by_the_older(five: Home) -> None:
    """What was published by then is gone; an older release is another answer."""
    five.rollback(IDS[0])
    assert prune(five, Policy(keep=2)).removed == IDS[1:3]
    assert five.find("2026-01").id == IDS[0]
    with pytest.raises(GovgraphError) as error:
        five.find("2026-03")
    assert error.value.code == "release-gone"


def test_what_is_held_is_not_removed(five: Home) -> None:
    hold = five.get(IDS[0]).hold()
    assert prune(five, Policy(keep=4)).in_use == [IDS[0]]
    assert left(five) == IDS
    hold.close()
    assert prune(five, Policy(keep=4)).removed == [IDS[0]]
    with pytest.raises(GovgraphError) as error:
        five.get(IDS[0])
    assert error.value.code == "release-gone"


def test_a_release_that_goes_between_two_steps(five: Home) -> None:
    release = five.get(IDS[0])
    prune(five, Policy(keep=1))
    for work in (release.hold, lambda: release.manifest):
        with pytest.raises(GovgraphError) as error:
            work()
        assert error.value.code == "release-gone"


DYING = """
import os, shutil, signal, sys
from pathlib import Path
from govgraph import retention
from govgraph.release import Home
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
where = sys.argv[2]
if where == "written": Path.rename = die
if where == "renamed": retention.sync = die
if where == "deleting":
    whole = shutil.rmtree
    shutil.rmtree = lambda folder: (whole(folder / "quads"), die())
retention.prune(Home(Path(sys.argv[1])), retention.Policy(keep=2))
"""


@pytest.mark.parametrize(("where", "there"), [("written", 5), ("renamed", 4), ("deleting", 2)])
def test_a_prune_that_is_killed(five: Home, where: str, there: int) -> None:
    """Each release is there as a whole or not at all, and the next prune ends the work."""
    done = subprocess.run([sys.executable, "-c", DYING, five.path, where])
    assert done.returncode == -9
    assert left(five) == IDS[5 - there :]
    for release in five.releases():
        assert release.manifest["id"] == release.id
    again = prune(five, Policy(keep=2))
    assert left(five) == IDS[3:]
    assert again.removed == IDS[5 - there : 3]
    assert retention.leaving(five) == []
    assert sorted(set(five.gone())) == sorted(five.gone()) == IDS[:3]


def test_two_at_once(five: Home) -> None:
    with five.locked(), pytest.raises(GovgraphError) as error:
        prune(five, Policy(keep=1))
    assert error.value.code == "build-busy"


def test_each_build_applies_the_policy(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", keep_releases=2)
    built = []
    for number in range(3):
        more = write_dataset(
            tmp_path / str(number) / "tiny", persons=[f"t-x{number},新,,,,synthetic"]
        )
        release = build([more], settings).release
        assert release is not None
        built.append(release.id)
    assert left(Home(settings.home)) == built[1:]
    assert Home(settings.home).gone() == built[:1]


def test_a_policy_that_cannot_be_applied_harms_no_build(
    tiny: Path, five: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(retention, "write_whole", full)
    release = build([tiny], Settings(home=five.path, keep_releases=1)).release
    assert release is not None
    assert five.current().id == release.id
    assert left(five) == [*IDS, release.id]


def test_a_server_goes_on_with_what_it_has_open(copied_home: Home) -> None:
    """It may have to open more files of a release at any time, so the release stays."""
    web = Web(create_app(Settings(home=copied_home.path), one_by_one=True))
    old, new = left(copied_home)
    asked = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "release": old}
    first = web.get("/sparql", params=asked)
    assert first.status_code == 200
    done = prune(copied_home, Policy(keep=1))
    assert (done.removed, done.in_use) == ([], [old])
    assert web.get("/sparql", params=asked).json() == first.json()
    found = web.get("/api/v1/search", params={"q": "小", "release": old})
    assert (found.status_code, found.headers["Govgraph-Release"]) == (200, old)
    assert new == copied_home.current().id


def test_a_server_says_that_a_release_is_gone(copied_home: Home) -> None:
    web = Web(create_app(Settings(home=copied_home.path), one_by_one=True))
    old, new = left(copied_home)
    assert prune(copied_home, Policy(keep=1)).removed == [old]
    query = {"query": "ASK {}"}
    for path, more in (
        ("/sparql", query),
        ("/graphs", {"default": ""}),
        ("/api/v1/search", {"q": "小"}),
        ("/api/v1/people/t-p1/roles", {}),
        ("/id/person/t-p1", {}),
    ):
        answer = web.get(path, params={**more, "release": old})
        assert (answer.status_code, answer.json()["code"]) == (410, "release-gone"), path
    assert web.get(f"/api/v1/releases/{old}/changes").status_code == 410
    assert web.get("/sparql", params={**query, "release": new}).status_code == 200
    assert [each["id"] for each in web.get("/api/v1/releases").json()] == [new]


def test_a_server_lets_go_of_what_it_no_longer_has_open(copied_home: Home, tiny: Path) -> None:
    """Whatever it has been asked of it: nothing that is kept in memory keeps a release."""
    web = Web(create_app(Settings(home=copied_home.path), one_by_one=True))

    def ask() -> None:
        for path, asked in (
            ("/sparql", {"query": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"}),
            ("/sparql", {"query": "SELECT ?g { GRAPH ?g { ?s a ?o } }"}),
            ("/api/v1/queries/coverage", {}),
            ("/api/v1/search", {"q": "小"}),
            ("/id/person/t-p1", {}),
        ):
            assert web.get(path, params=asked).status_code == 200, path

    ask()
    old, first = left(copied_home)
    for _ in range(KEPT_OPEN):
        build([tiny], Settings(home=copied_home.path))
        ask()
    done = prune(copied_home, Policy(keep=1))
    assert done.removed == [old, first]
    assert len(done.in_use) == KEPT_OPEN - 1


def test_the_command(run: Run, five: Home) -> None:
    shown = run("prune", "--keep", 2, "--dry-run", "--home", five.path)
    assert shown.exit_code == 0
    assert all(release in shown.output for release in IDS[:3])
    assert not any(release in shown.output for release in IDS[3:])
    done = run("prune", "--keep", 2, "--json", "--home", five.path)
    assert json.loads(done.stdout)["removed"] == IDS[:3]
    assert Audit(five.path).page(1)[0]["removed"] == IDS[:3]
    nothing = run("prune", "--json", "--home", five.path)
    assert json.loads(nothing.stdout)["removed"] == []
    assert left(five) == IDS[3:]
    for wrong in (("--keep", "-1"), ("--days", "x")):
        assert run("prune", *wrong, "--home", five.path).exit_code == 2
