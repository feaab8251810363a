"""The files of a dataset folder: which one a table's name means, and what declares it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from govgraph import resources
from govgraph.errors import GovgraphError
from govgraph.release import Release
from govgraph.sources import dataset_folders
from govgraph_loaders import Problem, Source, find_sources
from govgraph_loaders.dataset import METADATA, SUFFIXES, plain_name
from govgraph_loaders.encoding import find_encoding

_NAME = re.compile(r"\w[\w.-]{0,99}")


def table_file(release: Release, dataset: str, table: str) -> tuple[Path, str]:
    """A table's file as a release keeps it, and its encoding.

    GovgraphError(unknown-dataset, unknown-table, release-without-sources)."""
    folder = known_folder(dataset_folders(release), dataset)
    path = file_of(folder, table)
    sources = find_sources(folder, standard_tables(), base=release.manifest["base"])[0]
    declared = next((s.table.dialect.encoding for s in sources if s.path == path), None)
    return path, find_encoding(path, declared)[0]


def known_folder(folders: list[Path], dataset: str) -> Path:
    """The folder of a dataset. GovgraphError(unknown-dataset)."""
    found = next((folder for folder in folders if folder.name == dataset), None)
    if found is None:
        raise GovgraphError("unknown-dataset", id=dataset)
    return found


def file_of(folder: Path, table: str) -> Path:
    """The file of a table. GovgraphError(unknown-table)."""
    found = next(files_named(folder, table), None)
    if found is None:
        raise GovgraphError("unknown-table", dataset=folder.name, id=table)
    return found


def files_named(folder: Path, table: str) -> Iterator[Path]:
    """The files of a folder that a table's name may mean: with its ending, or without."""
    names = plain_name(table), f"{plain_name(table)}.csv"
    declared = {source.path for source in find_sources(folder, standard_tables())[0]}
    for path in sorted(folder.iterdir()):
        is_table = path in declared or path.name.lower().endswith(SUFFIXES)
        if is_table and plain_name(path.name) in names:
            yield path


def file_name(table: str) -> str:
    """The name of a new file for a table."""
    return table if table.lower().endswith((".csv", ".csv.gz")) else f"{table}.csv"


def metadata_of(path: Path) -> Iterator[Path]:
    """Where metadata of a table's own may be."""
    plain = plain_name(path.name)
    for name in dict.fromkeys((path.name, plain, plain.removesuffix(".csv"))):
        if name != "csv":
            yield path.with_name(f"{name}{METADATA}")


def standard_tables() -> Path:
    """The folder of the standard tables' declarations."""
    return resources.folder("tables")


def check_name(name: str, parameter: str) -> None:
    """GovgraphError(invalid-parameter) for what cannot be the name of a file."""
    if not _NAME.fullmatch(name) or name.endswith(METADATA):
        why = "a letter or digit, then letters, digits, - _ and . (100 at most)"
        why_zh = "以字母或数字开头，之后为字母、数字、- _ .（最多 100 个）"
        raise GovgraphError("invalid-parameter", name=parameter, why=why, why_zh=why_zh)


def declaration(folder: Path, path: Path, base: str) -> Source:
    """What a file of a folder means.

    GovgraphError(table-metadata, upload-syntax) without a declaration that can be read."""
    sources, problems = find_sources(folder, standard_tables(), base=base)
    found = next((source for source in sources if source.path == path), None)
    if found is None:
        raise _undeclared(path.name, problems)
    return found


def _undeclared(name: str, problems: list[Problem]) -> GovgraphError:
    """Why there is no declaration of a table."""
    wrong = next((p for p in problems if p.code == "metadata-invalid"), None)
    if wrong is None:
        return GovgraphError("table-metadata", table=name)
    media = "application/csvm+json"
    return GovgraphError("upload-syntax", media=media, why=wrong.message_en)


def recode(path: Path, charset: str, wanted: str | None) -> None:
    """Write a file in the encoding of its table, UTF-8 if none is declared.

    GovgraphError(upload-syntax) for bytes that are not what they are said to be."""
    try:
        text = path.read_bytes().decode(charset)
        path.write_bytes(text.encode(wanted or "utf-8"))
    except (LookupError, UnicodeError):
        why = f"it is not {charset}, or cannot be written as {wanted or 'utf-8'}"
        raise GovgraphError("upload-syntax", media="text/csv", why=why) from None
