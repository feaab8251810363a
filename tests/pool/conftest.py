"""A home with a release to serve."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.service.conftest import write_dataset

from govgraph.build import build
from govgraph.settings import Settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a tiny dataset with enough people for work that does not end."""
    data = write_dataset(
        tmp_path_factory.mktemp("data") / "tiny",
        persons=[f"t-x{n},某{n},Person {n},,,synthetic" for n in range(200)],
    )
    folder = tmp_path_factory.mktemp("home")
    assert build([data], Settings(home=folder)).release
    return folder
