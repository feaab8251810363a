"""A dataset folder: which files it holds and which declaration each one follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from govgraph_loaders.metadata import DEFAULT_BASE, MetadataError, Table, read_metadata
from govgraph_loaders.problems import Problem, problem

SUFFIXES = (".csv", ".csv.gz")


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
        return _plain(self.path.name)


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
        self.dataset = folder.resolve().name
        self.problems: list[Problem] = []

    def read(self) -> tuple[list[Source], list[Problem]]:
        declared = {table.url: table for table in self._metadata(self.folder / "csv-metadata.json")}
        sources = []
        for path in self._files():
            source = self._source(path, declared)
            if source:
                sources.append(source)
        loaded = {_plain(source.path.name) for source in sources}
        for url in declared:
            if _plain(url) not in loaded and not self._named(url):
                self._note("missing-file", url)
        return sources, self.problems

    def _files(self) -> Iterator[Path]:
        for path in sorted(self.folder.iterdir()):
            if path.is_file() and path.name.lower().endswith(SUFFIXES):
                yield path

    def _named(self, url: str) -> bool:
        return any(_plain(path.name) == _plain(url) for path in self._files())

    def _source(self, path: Path, declared: dict[str, Table]) -> Source | None:
        own = [self.folder / f"{name}-metadata.json" for name in (path.name, _plain(path.name))]
        own.append(self.folder / f"{_plain(path.name).removesuffix('.csv')}-metadata.json")
        beside = next((file for file in own if file.is_file()), None)
        if beside:
            tables = self._metadata(beside)
            return self._make(path, tables[0], standard=False) if tables else None
        for url in (path.name, _plain(path.name)):
            if url in declared:
                return self._make(path, declared[url], standard=False)
        file = self.standard / f"{_plain(path.name)}-metadata.json"
        if file.is_file():
            return self._make(path, read_metadata(file, base=self.base, strict=False)[0], standard=True)
        self._note("no-metadata", path.name, expected=f"{path.name}-metadata.json")
        return None

    def _metadata(self, path: Path) -> list[Table]:
        if not path.is_file():
            return []
        try:
            return read_metadata(path, base=self.base)
        except MetadataError as error:
            self._note("metadata-invalid", path.name, why=error.why, why_zh=error.why_zh)
            return []

    def _make(self, path: Path, table: Table, *, standard: bool) -> Source:
        iri = f"{self.base}table/{quote(self.dataset)}/{quote(path.name)}"
        return Source(path, table, self.dataset, iri, standard)

    def _note(self, code: str, table: str, **details: object) -> None:
        self.problems.append(problem(code, dataset=self.dataset, table=table, **details))  # type: ignore[arg-type]


def _plain(name: str) -> str:
    name = name.rpartition("/")[2]
    return name[:-3] if name.endswith(".gz") else name
