"""What the tests share: the shipped data, built once a session, and ../shared where it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings
from pyoxigraph import RdfFormat, Store

from govgraph.build import build
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings
from govgraph_loaders import find_sources, ingest

if TYPE_CHECKING:
    from tests.workers import ByUnit

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
#: Fills the folder of a name, unless that has been done: its path.
Once = Callable[[str, Callable[[Path], None]], Path]
DATA = [ROOT / "data" / "xiyuan", ROOT / "data" / "example-communities"]

# Repeatable runs everywhere; more examples when asked for.
hypothesis_settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    max_examples=int(os.environ.get("GOVGRAPH_EXAMPLES", "60")),
)
hypothesis_settings.load_profile("project")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByUnit:
    """Tests that share a set-up run in one worker."""
    from tests.workers import ByUnit

    return ByUnit(config, log)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's reference material, which a user's machine does not have."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Fills a folder in the first worker that needs it; all of them read it, none changes it."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def filled(name: str, fill: Callable[[Path], None]) -> Path:
        folder, is_full = root / name, root / f"{name}-is-full"
        with (root / f"{name}-lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if not is_full.exists():
                fill(folder)
                is_full.touch()
        return folder

    return filled


def _released(datasets: list[Path]) -> Callable[[Path], None]:
    def fill(home: Path) -> None:
        done = build(datasets, Settings(home=home))
        assert done.release is not None, done.report()["validation"][:5]

    return fill


@pytest.fixture(scope="session")
def home(once: Once) -> Path:
    """A home with one release of the case and the communities. It is read, never changed."""
    return once("shipped", _released(DATA))


@pytest.fixture(scope="session")
def whole_home(once: Once) -> Path:
    """The same of all shipped data, the comparators included."""
    from tests.catalog.expected import DATASETS

    return once("shipped-whole", _released(DATASETS))


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
