"""Servers to abuse, and what is checked of them after each case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.abuse.server import CANARY, Server, until
from tests.abuse.trap import Trap
from tests.service.conftest import write_dataset

from govgraph.build import build
from govgraph.settings import Settings

#: Labels that a spreadsheet, a page or a query would take for its own.
HOSTILE_LABELS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "} UNION {",
)
LIMITS = {
    "workers": 2, "worker_memory": "1GB", "query_memory": "256MB", "query_seconds": 1,
    "arrival_seconds": 2, "client_requests": 1000, "client_seconds": 1_000_000, "cache": 0,
}  # fmt: skip


@pytest.fixture(scope="package")
def abused_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with people enough for work that does not end, some of them with hostile labels,
    and beside it a file that no answer may show."""
    people = [f"t-x{n},某{n},Person {n},,,synthetic" for n in range(200)]
    people += [f't-h{n},"{text}","{text}",,,synthetic' for n, text in enumerate(HOSTILE_LABELS)]
    bodies = [
        f't-o{n},"{text}","{text}",ResidentsCommittee,t-office,t-c1,2010-05,synthetic'
        for n, text in enumerate(HOSTILE_LABELS)
    ]
    folder = tmp_path_factory.mktemp("data") / "tiny"
    data = write_dataset(folder, persons=people, organizations=bodies)
    home = tmp_path_factory.mktemp("abused") / "home"
    assert build([data], Settings(home=home)).release
    for name in ("canary.txt", "canary.ttl", "canary.jsonld"):
        (home / name).write_text(f"<x:{CANARY}> <x:{CANARY}> <x:{CANARY}> .", "utf-8")
    return home


@pytest.fixture(scope="package")
def canary(abused_home: Path) -> str:
    """The URL of that file."""
    return (abused_home / "canary.ttl").as_uri()


@pytest.fixture(scope="package")
def trap() -> Iterator[Trap]:
    with Trap() as listening:
        yield listening


def _served(folder: Path, *options: str, **settings: object) -> Iterator[Server]:
    running = Server(folder, *options, **(LIMITS | settings))
    running.settle()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def server(abused_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A release, served."""
    yield from _served(tmp_path_factory.mktemp("server"), "--home", str(abused_home))


@pytest.fixture(scope="package")
def oxigraph(abused_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same by Oxigraph alone."""
    folder = tmp_path_factory.mktemp("oxigraph")
    yield from _served(folder, "--home", str(abused_home), engine="oxigraph", workers=4)


@pytest.fixture(scope="package")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An empty dataset that takes whatever it is sent."""
    yield from _served(tmp_path_factory.mktemp("scratch"), "--scratch")


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each case the next request is answered, and the server holds what it held."""
    yield
    for name in {"server", "oxigraph", "scratch"} & set(request.fixturenames):
        check_recovery(request.getfixturevalue(name))
    if "trap" in request.fixturenames:
        assert request.getfixturevalue("trap").connections == 0


def check_recovery(server: Server) -> None:
    """The next request is answered, and in a while nothing is left of what came before."""
    assert server.ask("ASK {}").json()["boolean"] is True
    new, left = server.new, server.footprint()
    assert new is not None

    def is_back() -> bool:
        nonlocal left
        left = server.footprint()
        return left.is_back(new)

    until(is_back, 30)
    assert left.is_back(new), (new, left)
    assert not left.tracebacks, server.log()[-4000:]
