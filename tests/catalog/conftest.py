"""All shipped data as one release, for the entries of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings


@pytest.fixture(scope="session")
def home(whole_home: Path) -> Path:
    """A home with a release of the shipped data."""
    return whole_home


@pytest.fixture(scope="session")
def shipped(home: Path) -> Opened:
    return Releases(Settings(home=home)).open()
