"""What was believed when: a date of the record beside a date of the world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.service.conftest import serve, write_dataset
from tests.service.test_lookups import get
from tests.service.test_sparql import problem

from govgraph.build import build
from govgraph.errors import GovgraphError
from govgraph.notebook import open_release
from govgraph.release import Home
from govgraph.settings import Settings

MARCH, MAY = "20260310T120000Z-aaaaaaaa", "20260502T235959Z-bbbbbbbb"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two releases, of March and of May; the second knows of one more term, of 2021,
    and that the last one before ended in 2020."""
    folder = tmp_path_factory.mktemp("records")
    settings = Settings(home=folder / "home")
    before = write_dataset(folder / "march" / "tiny")
    later = write_dataset(
        folder / "may" / "tiny", appointments=["t-a4,t-p1,t-head,2021-02,..,synthetic,"]
    )
    path = later / "appointments.csv"
    path.write_text(path.read_text("utf-8").replace("2016-01-01,..", "2016-01-01,2020"), "utf-8")
    for data, name in ((before, MARCH), (later, MAY)):
        built = build([data], settings).release
        assert built
        built.path.rename(built.path.parent / name)
        (settings.home / "current").write_text(name, "ascii")
    return settings.home


@pytest.fixture(scope="module")
def recorded(corrected: Path) -> Iterator[httpx.Client]:
    yield from serve(Settings(home=corrected))


@pytest.mark.parametrize(
    ("release", "named", "holders"),
    [
        ("2026-03", MARCH, [("t-p2", "unknown"), ("t-p2", "yes")]),
        ("2026-05-01", MARCH, [("t-p2", "unknown"), ("t-p2", "yes")]),
        ("2026-05-02", MAY, [("t-p1", "yes"), ("t-p2", "unknown")]),
        ("2026", MAY, [("t-p1", "yes"), ("t-p2", "unknown")]),
        (MARCH, MARCH, [("t-p2", "unknown"), ("t-p2", "yes")]),
    ],
)
def test_what_was_believed_about_a_date(
    recorded: httpx.Client, release: str, named: str, holders: list[tuple[str, str]]
) -> None:
    answer = recorded.get(
        "/api/v1/posts/t-head/holders", params={"at": "2021-06", "release": release}
    )
    assert answer.headers["Govgraph-Release"] == named
    found = [(item["person"]["id"], item["holds"]) for item in answer.json()["holders"]]
    assert sorted(found) == holders


def test_the_current_release_is_asked_without_a_date(recorded: httpx.Client) -> None:
    found = get(recorded, "posts/t-head/holders", **{"from": "2021", "to": "2021"})["holders"]
    assert sorted((item["person"]["id"], item["holds"]) for item in found) == [
        ("t-p1", "yes"), ("t-p2", "unknown"),
    ]  # fmt: skip


def test_a_named_query_of_an_older_release(recorded: httpx.Client) -> None:
    for release, people in (("2026-04", {"t-p2"}), ("2026-06", {"t-p1", "t-p2"})):
        answer = recorded.get(
            "/api/v1/queries/holders-on-date", params={"at": "2021-06", "release": release}
        )
        assert answer.status_code == 200, answer.text
        assert {row["person"]["id"] for row in answer.json()["rows"]} == people


@pytest.mark.parametrize(
    ("release", "code"),
    [("2026-02", "no-release-by"), ("2026-13", "unknown-release"), ("..", "unknown-release")],
)
def test_a_record_that_is_not_there(recorded: httpx.Client, release: str, code: str) -> None:
    problem(recorded.get("/api/v1/posts/t-head/holders", params={"release": release}), 404, code)


def test_a_notebook_opens_the_last_release_by_a_date(corrected: Path) -> None:
    assert open_release("2026-04", home=corrected).id == MARCH
    assert open_release(home=corrected).id == MAY


def test_a_home_without_releases_has_none_by_any_date(tmp_path: Path) -> None:
    with pytest.raises(GovgraphError) as caught:
        Home(tmp_path).find("2026")
    assert caught.value.code == "no-release"
