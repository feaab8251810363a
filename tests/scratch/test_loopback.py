"""The scratch endpoint is for its own machine only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from govgraph.cli import app as command


@pytest.fixture
def run() -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(command, [str(a) for a in arguments])


ELSEWHERE = {
    "a rebound name": {"host": "example.org"},
    "an address of the net": {"host": "10.0.0.1:80"},
    "no port": {"host": "127.0.0.1:x"},
    "a page elsewhere": {"origin": "https://example.org"},
    "a page without an origin": {"origin": "null"},
}


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_requests_from_elsewhere_are_refused(web: httpx.Client, headers: dict[str, str]) -> None:
    answer = web.post("/update", data={"update": "CLEAR ALL"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "only-loopback")


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8"])
def test_pages_of_this_machine_may_ask(web: httpx.Client, origin: str) -> None:
    answer = web.post("/update", data={"update": "CLEAR ALL"}, headers={"origin": origin})
    assert answer.status_code == 204


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_the_command_listens_on_loopback_only(run: Callable[..., Result], host: str) -> None:
    result = run("serve", "--scratch", "--host", host)
    assert result.exit_code == 2
    assert host in result.output
    assert "loopback" in result.output


def test_the_command_takes_no_data(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("serve", "--scratch", "--home", tmp_path).exit_code == 2
