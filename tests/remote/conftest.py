"""The shipped data at each endpoint, built there once a session, and the same built here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from tests.catalog.expected import DATASETS
from tests.remote import servers
from tests.service.conftest import run as run  # the command, in this process

from govgraph.build import Build, build
from govgraph.http.state import Opened, Releases
from govgraph.release import Release
from govgraph.settings import Settings

NAMES = ("oxigraph", "virtuoso")


@dataclass
class Endpoint:
    """A server that runs, and a home of releases that it holds."""

    name: str
    settings: Settings

    @cached_property
    def built(self) -> Build:
        """The build of the shipped data there."""
        done = build(DATASETS, self.settings)
        assert done.release, done.problems
        return done

    def at(self, home: Path, base: str) -> Settings:
        """The same server for another home, its graphs apart from those of this one."""
        return self.settings.model_copy(update={"home": home, "base": base})


@pytest.fixture(scope="package", params=NAMES)
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Endpoint]:
    """Each server in turn."""
    if why := servers.missing(request.param):
        pytest.skip(why)
    with servers.running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        home = tmp_path_factory.mktemp("remote")
        settings = Settings(home=home, engine="remote", **found)  # type: ignore[arg-type]
        yield Endpoint(request.param, settings)


@pytest.fixture(scope="package")
def opened(endpoint: Endpoint) -> Opened:
    """The release at the endpoint, opened."""
    assert endpoint.built
    return Releases(endpoint.settings).open()


@pytest.fixture(scope="package")
def opened_here(whole_home: Path) -> Opened:
    """The release of the same data with the engines here."""
    return Releases(Settings(home=whole_home)).open()


@pytest.fixture(scope="package")
def local(opened_here: Opened) -> Release:
    return opened_here.release
