"""All shipped data as one release, for the entries of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings


@pytest.fixture(scope="session")
def shipped(whole_home: Path) -> Opened:
    return Releases(Settings(home=whole_home)).open()
