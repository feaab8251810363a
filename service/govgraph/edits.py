"""Edits: what updates changed, kept by a release as quads that lie over what its tables state.

They are lines of N-Quads, so that they can be set against the lines of the tables' files.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from pyoxigraph import RdfFormat, Triple, parse

from govgraph.release import Release
from govgraph.vocabulary import ONTOLOGY_GRAPH

FOLDER, ADDED, REMOVED = "edits", "added.nq", "removed.nq"
#: Where a table's file is that has edits over it; that of its graph has them in it.
UNEDITED = "tables"
PIECE = 1 << 20
Lines = frozenset[str]


@dataclass(frozen=True)
class Edits:
    """Lines of N-Quads, without their ends, that are added to graphs and removed from them."""

    added: Lines = frozenset()
    removed: Lines = frozenset()

    @classmethod
    def of(cls, release: Release) -> Edits:
        """Those that a release keeps."""
        return cls(*(_read(release.path / FOLDER / name) for name in (ADDED, REMOVED)))

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def after(self, came: Lines, went: Lines, tables: Container[str]) -> Edits:
        """These with a later change on top of them, given the graphs of tables. A line is in one
        of both: what came stays added whatever becomes of its table, what went stays removed."""
        stated = {line for line in went if graph_of(line) in tables}
        return Edits((self.added - went) | came, (self.removed - came) | stated)

    def of_graph(self, graph: str) -> int:
        """How many lines there are for a graph."""
        return sum(len(lines.get(graph, ())) for lines in (self._added, self._removed))

    @cached_property
    def _added(self) -> Mapping[str, list[str]]:
        return _by_graph(self.added)

    @cached_property
    def _removed(self) -> Mapping[str, list[str]]:
        return _by_graph(self.removed)

    @cached_property
    def triples(self) -> frozenset[Triple]:
        """What is added, in whatever graph: no row of a table states it."""
        text = "\n".join(self.added)
        return frozenset(quad.triple for quad in parse(text, RdfFormat.N_QUADS))

    def apply(self, graphs: Mapping[str, Path], work: Path) -> dict[str, Path]:
        """The files of the graphs with the edits in them, under `work/quads`.

        The file of a table that has edits is moved to `work/tables`."""
        found = dict(graphs)
        for graph in sorted({*self._added, *self._removed}):
            below = found.get(graph)
            if below is None and graph not in self._added:
                continue  # its table has gone, and with it what was removed
            found[graph] = target = below or _file(graph, work)
            self._lay(graph, _set_aside(below, work) if below else None, target)
        return found

    def _lay(self, graph: str, below: Path | None, target: Path) -> None:
        """Write a graph: what is below the edits, if anything is, and the edits."""
        removed, added = set(self._removed.get(graph, ())), self._added.get(graph, [])
        left_out = {f"{line}\n".encode() for line in (*removed, *added)}
        with target.open("wb") as out:
            if below:
                with below.open("rb") as stream:
                    _copy(stream, out, left_out)
            out.writelines(f"{line}\n".encode() for line in sorted(added))

    def write(self, folder: Path) -> None:
        """Keep them in a release's folder."""
        (folder / FOLDER).mkdir()
        for name, lines in ((ADDED, self.added), (REMOVED, self.removed)):
            with (folder / FOLDER / name).open("w", encoding="utf-8", newline="\n") as stream:
                stream.writelines(f"{line}\n" for line in sorted(lines))

    def about(self) -> dict[str, int | str]:
        """How many there are, and their digest."""
        text = "\n".join((*sorted(self.added), "", *sorted(self.removed)))
        digest = hashlib.sha256(text.encode()).hexdigest()
        return {"added": len(self.added), "removed": len(self.removed), "sha256": digest}


def edits_graph(base: str) -> str:
    """Where triples go that are written without a graph."""
    return f"{base}graph/edits"


def is_protected(graph: str, base: str) -> bool:
    """Whether a graph is no one's to write: the ontology, what describes the tables, and what is
    inferred are made by the build."""
    own = graph.startswith(f"{base}graph/") and graph != edits_graph(base)
    return own or graph == ONTOLOGY_GRAPH


def unedited(release: Release, path: Path) -> Path:
    """The file of a table's graph without edits."""
    aside = release.path / UNEDITED / path.name
    return aside if aside.is_file() else path


def graph_of(line: str) -> str:
    """The IRI of a line's graph."""
    return line[:-3].rpartition(" <")[2]


def _by_graph(lines: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        found[graph_of(line)].append(line)
    return found


def _read(path: Path) -> Lines:
    """The lines of a file; none if there is no such file, as in a release of an earlier version."""
    if not path.is_file():
        return frozenset()
    return frozenset(path.read_text("utf-8").removesuffix("\n").split("\n")) - {""}


def _file(graph: str, work: Path) -> Path:
    """A name for the file of a graph that no table has."""
    return work / "quads" / f"edits.{hashlib.sha256(graph.encode()).hexdigest()[:32]}.nq"


def _set_aside(path: Path, work: Path) -> Path:
    aside = work / UNEDITED / path.name
    aside.parent.mkdir(exist_ok=True)
    return path.replace(aside)


def _copy(stream: IO[bytes], out: IO[bytes], left_out: set[bytes]) -> None:
    for lines in _pieces(stream):
        out.writelines(line for line in lines if line not in left_out)


def _pieces(stream: IO[bytes]) -> Iterator[list[bytes]]:
    while lines := stream.readlines(PIECE):
        yield lines
