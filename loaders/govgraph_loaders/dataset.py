"""A dataset folder: which files it holds and which declaration each one follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from govgraph_loaders.metadata import read_metadata
from govgraph_loaders.namespaces import DEFAULT_BASE
from govgraph_loaders.node import MetadataError
from govgraph_loaders.problems import Problem, problem
from govgraph_loaders.records import decodes, shown
from govgraph_loaders.table import Table

SUFFIXES = (".csv", ".csv.gz")
METADATA = "-metadata.json"


@dataclass(frozen=True)
class Source:
    """A file to load: where it is, what it means, and the IRI of its table and graph."""

    path: Path
    table: Table
    dataset: str
    iri: str
    standard: bool

    @property
    def name(self) -> str:
        """The name by which foreign keys refer to the table."""
        return plain_name(self.path.name)


def find_sources(
    folder: Path, standard_tables: Path, *, base: str = DEFAULT_BASE
) -> tuple[list[Source], list[Problem]]:
    """The tables of a folder, in the order of their names, and what is wrong with the folder.

    Metadata beside a file (`<file>-metadata.json`) wins over the folder's `csv-metadata.json`,
    which wins over the standard tables. NotADirectoryError if there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    return _Folder(folder, standard_tables, base).read()


class _Folder:
    def __init__(self, folder: Path, standard: Path, base: str) -> None:
        self.folder, self.standard, self.base = folder, standard, base
        self.dataset = shown(folder.resolve().name)
        self.problems: list[Problem] = []
        tables = self._metadata(folder / f"csv{METADATA}")
        self.declared = {plain_name(table.url): table for table in tables}

    def read(self) -> tuple[list[Source], list[Problem]]:
        sources = []
        found = set()
        for path in self._files():
            found.add(plain_name(path.name))
            source = self._source(path)
            if source:
                sources.append(source)
        for name, table in self.declared.items():
            if name not in found:
                self._note("missing-file", table.url)
        return sources, self.problems

    def _files(self) -> Iterator[Path]:
        """The CSV files, and those of other names that metadata declares."""
        for path in sorted(self.folder.iterdir()):
            if not path.is_file() or path.name.endswith(METADATA):
                continue
            if not decodes(path.name):
                self._note("unreadable-file", shown(path.name), why="file name")
            elif path.name.lower().endswith(SUFFIXES) or self._is_declared(path):
                yield path

    def _is_declared(self, path: Path) -> bool:
        return plain_name(path.name) in self.declared or self._beside(path) is not None

    def _beside(self, path: Path) -> Path | None:
        """The file's own metadata."""
        plain = plain_name(path.name)
        names = dict.fromkeys((path.name, plain, plain.removesuffix(".csv")))
        files = (self.folder / f"{name}{METADATA}" for name in names if name != "csv")
        return next((file for file in files if file.is_file()), None)

    def _source(self, path: Path) -> Source | None:
        plain = plain_name(path.name)
        beside = self._beside(path)
        if beside:
            tables = self._metadata(beside)
            named = [table for table in tables if plain_name(table.url) == plain]
            return self._make(path, [*named, *tables][0], standard=False) if tables else None
        if plain in self.declared:
            return self._make(path, self.declared[plain], standard=False)
        file = self.standard / f"{plain}{METADATA}"
        if file.is_file():
            return self._make(path, _standard_table(file, self.base), standard=True)
        self._note("no-metadata", path.name, expected=f"{path.name}{METADATA}")
        return None

    def _metadata(self, path: Path) -> list[Table]:
        if not path.is_file():
            return []
        try:
            tables = read_metadata(path, base=self.base)
        except MetadataError as error:
            self._note("metadata-invalid", path.name, why=error.why, why_zh=error.why_zh)
            return []
        for what in tables[0].ignored:
            self._note("metadata-ignored", path.name, what=what)
        return tables

    def _make(self, path: Path, table: Table, *, standard: bool) -> Source:
        iri = table_iri(self.base, self.dataset, path.name)
        return Source(path, table, self.dataset, iri, standard)

    def _note(self, code: str, table: str, **details: Any) -> None:
        self.problems.append(problem(code, dataset=self.dataset, table=table, **details))


@lru_cache(256)
def _standard_table(file: Path, base: str) -> Table:
    """A standard table: its declaration is the installation's, which does not change."""
    return read_metadata(file, base=base, strict=False)[0]


def table_iri(base: str, dataset: str, file: str) -> str:
    """The IRI of a table and of its graph."""
    return f"{base}table/{quote(dataset)}/{quote(file)}"


def plain_name(url: str) -> str:
    """The file name that a URL ends in, without `.gz`."""
    name = unquote(url.partition("?")[0].partition("#")[0].rpartition("/")[2])
    return name[:-3] if name.lower().endswith(".gz") else name
