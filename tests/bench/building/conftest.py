"""A nation of a few communities, and what the loader makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.building.dataset import sources
from bench.nation import write_nation
from pyoxigraph import Quad, RdfFormat, parse

from govgraph_loaders import ingest


@dataclass(frozen=True)
class Nation:
    """A dataset folder, and the quads that our loader makes of it."""

    folder: Path
    quads: Path

    def statements(self) -> Iterator[Quad]:
        for path in self.quads.glob("*.nq"):
            yield from parse(path=path, format=RdfFormat.N_QUADS)


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    folder = tmp_path_factory.mktemp("nation")
    write_nation(12, folder / "nation")
    done = ingest(sources(folder / "nation"), folder / "quads")
    assert done.problems == []
    return Nation(folder / "nation", folder / "quads")
