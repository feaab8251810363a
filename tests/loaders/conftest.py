"""Loading small datasets, and what comes of them in a form that tests can compare."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, settings

from govgraph_loaders import Ingested, Problem, find_sources, ingest

TABLES = Path(__file__).parents[2] / "loaders" / "tables"
BASE = "https://w3id.org/govgraph/id/"
GOV = "https://w3id.org/govgraph/ontology#"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"

settings.register_profile(
    "loaders",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def pytest_configure() -> None:
    settings.load_profile("loaders")


@dataclass(frozen=True)
class Loaded:
    """A dataset folder after the load: the report, all problems and all quads."""

    ingested: Ingested
    problems: list[Problem]
    quads: list[ox.Quad]

    @property
    def statements(self) -> set[tuple[str, str, str]]:
        """Triples as N-Triples text, without the evidence that every row carries."""
        return {
            (str(q.subject), str(q.predicate), str(q.object))
            for q in self.quads
            if "#row=" not in str(q.subject)
            and not (q.predicate.value == DERIVED and "#row=" in str(q.object))
        }

    @property
    def found(self) -> list[list[object]]:
        """[code, table, row, line, column, value] of each problem."""
        return [[p.code, p.table, p.row, p.line, p.column, p.value] for p in self.problems]

    @property
    def counts(self) -> dict[str, list[int]]:
        """[read, loaded, rejected] of each table."""
        return {
            t.table: [t.rows_read, t.rows_loaded, t.rows_rejected] for t in self.ingested.tables
        }

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


def load_folder(folder: Path) -> Loaded:
    sources, problems = find_sources(folder, TABLES)
    with tempfile.TemporaryDirectory() as out:
        ingested = ingest(sources, Path(out))
        quads = [
            quad
            for file in ingested.files
            for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.N_QUADS)
        ]
    assert len(quads) == sum(table.quads for table in ingested.tables)
    return Loaded(ingested, problems + ingested.problems, quads)


@pytest.fixture(scope="session")
def load() -> Callable[[Path], Loaded]:
    """Load a dataset folder."""
    return load_folder


@pytest.fixture(scope="session")
def load_files() -> Callable[[dict[str, object]], Loaded]:
    """Load a dataset `ds` made of files by name: text, bytes, or a metadata object."""

    def load(files: dict[str, object]) -> Loaded:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "ds"
            folder.mkdir()
            for name, content in files.items():
                if isinstance(content, dict):
                    content = json.dumps(content, ensure_ascii=False)
                data = content if isinstance(content, bytes) else str(content).encode()
                (folder / name).write_bytes(data)
            return load_folder(folder)

    return load


@pytest.fixture(scope="session")
def tables() -> Path:
    """The folder of the standard tables."""
    return TABLES
