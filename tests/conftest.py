"""What the tests share: the shipped data, built once a session, and ../shared where it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from pyoxigraph import RdfFormat, Store

from govgraph.build import build
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings
from govgraph_loaders import find_sources, ingest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DATA = [ROOT / "data" / "xiyuan", ROOT / "data" / "example-communities"]

# Repeatable runs everywhere; more examples when asked for.
hypothesis_settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    max_examples=int(os.environ.get("GOVGRAPH_EXAMPLES", "100")),
)
hypothesis_settings.load_profile("project")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's reference material, which a user's machine does not have."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release of all shipped data."""
    path = tmp_path_factory.mktemp("home")
    done = build(DATA, Settings(home=path))
    assert done.release is not None, done.report()["validation"][:5]
    return path


@pytest.fixture(scope="session")
def opened(home: Path) -> Opened:
    """That release, opened."""
    return Releases(Settings(home=home)).open()


@pytest.fixture(scope="session")
def xiyuan_graph(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """data/xiyuan as the loader reads it, without ontology or inferences."""
    sources, problems = find_sources(DATA[0], ROOT / "loaders" / "tables")
    ingested = ingest(sources, tmp_path_factory.mktemp("quads"))
    assert not problems
    assert not ingested.problems
    store = Store()
    for path in ingested.files:
        store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    return store
