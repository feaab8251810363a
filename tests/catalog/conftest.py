"""The shipped data as one release, for the entries of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.catalog.expected import DATASETS

from govgraph.build import build
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of the shipped data."""
    folder = tmp_path_factory.mktemp("catalog")
    done = build(DATASETS, Settings(home=folder))
    assert done.release, done.problems
    return folder


@pytest.fixture(scope="session")
def shipped(home: Path) -> Opened:
    return Releases(Settings(home=home)).open()
