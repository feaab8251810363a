"""`govgraph serve`: what is told to the server, and what is refused before it listens."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from govgraph.settings import Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which the service would have begun."""
    found: list[Settings] = []
    monkeypatch.setattr("govgraph.pool.service.serve", found.append)
    return found


def test_options_go_before_the_environment(
    run: Run, served: list[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_WORKERS", "7")
    monkeypatch.setenv("GOVGRAPH_PORT", "7777")
    done = run("serve", "--home", tmp_path, "--workers", 3, "--allow-update", "--port", 8123)
    assert done.exit_code == 0, done.output
    assert "8123" in done.output
    given = served[0]
    assert (given.home, given.workers, given.allow_update, given.port) == (tmp_path, 3, True, 8123)


def test_updates_are_off_unless_they_are_asked_for(
    run: Run, served: list[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("serve", "--home", tmp_path)
    monkeypatch.setenv("GOVGRAPH_ALLOW_UPDATE", "true")
    run("serve", "--home", tmp_path)
    assert [given.allow_update for given in served] == [False, True]


@pytest.mark.parametrize(
    "options",
    [
        ("--workers", "0"),
        ("--workers", "many"),
        ("--scratch", "--allow-update"),
        ("--scratch", "--host", "0.0.0.0"),
    ],
)
def test_what_is_refused(run: Run, served: list[Settings], options: tuple[str, ...]) -> None:
    assert run("serve", *options).exit_code == 2
    assert served == []
