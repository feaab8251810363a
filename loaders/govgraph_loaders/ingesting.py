"""Dataset folders to N-Quads files, one per table, with every problem of every file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import polars as pl

from govgraph_loaders import kept
from govgraph_loaders.conversion import Converted, convert
from govgraph_loaders.dataset import Source
from govgraph_loaders.inorder import default_workers, in_order
from govgraph_loaders.kept import Kept
from govgraph_loaders.keys import check_keys, with_referenced
from govgraph_loaders.problems import Problem
from govgraph_loaders.rows import read_batches
from govgraph_loaders.tablekeys import TableKeys

#: Bytes that are copied at a time.
PIECE = 1 << 22
Progress = Callable[[Source, int], None]
_NO_ROWS = pl.DataFrame(schema={"row": pl.UInt32, "bytes": pl.UInt32, "quads": pl.UInt32})


@dataclass
class TableReport:
    """Counts of one table: rows_read = rows_loaded + rows_rejected, always."""

    dataset: str
    table: str
    iri: str
    title: str
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    quads: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Ingested:
    """The quads files written (graph = table IRI), the counts, all problems, and the IRIs of the
    tables that were not read again."""

    files: list[Path] = field(default_factory=list)
    reused: set[str] = field(default_factory=set)
    tables: list[TableReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return sum(table.rows_rejected for table in self.tables)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


def ingest(
    sources: Iterable[Source],
    out: Path,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
    reuse: Mapping[str, Kept] = MappingProxyType({}),
    keep: Path | None = None,
) -> Ingested:
    """Convert and check all tables; write `out/<dataset>.<file>.nq` for each.

    Bounded memory but for the hashes of keys. Rows that any check rejects are not in the files.
    `workers` batches are converted side by side (as many as there are cores, up to two, if not
    given); what comes of it is the same for any number. `reuse` tells where an earlier run left
    tables, by their IRIs, whose files and metadata are what they were then; into `keep`, a new
    folder, goes what a later run needs to do so.
    ValueError if two sources are one table, as when two dataset folders have the same name.
    """
    sources = [*sources]
    _check_apart(sources, out)
    out.mkdir(parents=True, exist_ok=True)
    told, problems = with_referenced(sources)
    result = Ingested(problems=problems)
    spools = [_Spool(source, out) for source in told]
    for spool in spools:
        left = reuse.get(spool.source.iri)
        if left and spool.take(left):
            result.reused.add(spool.source.iri)
        else:
            result.problems += spool.fill(progress, workers or default_workers())
    result.problems += check_keys([spool.keys for spool in spools])
    for spool in spools:
        spool.settle()
        result.files.append(spool.path)
        result.tables.append(spool.report)
    result.problems.sort(key=_place)
    if keep:
        faulty = {(problem.dataset, problem.table) for problem in result.problems}
        for spool in spools:
            if (spool.source.dataset, spool.source.path.name) not in faulty:
                spool.keep(keep)
    return result


def _check_apart(sources: list[Source], out: Path) -> None:
    """Every table has a graph and a file of its own."""
    seen: dict[str | Path, Source] = {}
    for source in sources:
        for name in (source.iri, _spool_path(source, out)):
            other = seen.setdefault(name, source)
            if other is not source:
                raise ValueError(f"{source.path} and {other.path} would be one table: {name}")


def _spool_path(source: Source, out: Path) -> Path:
    return out / f"{source.dataset}.{source.path.name}.nq"


class _Spool:
    """One table's quads on their way to disk, with where each row's text ends."""

    def __init__(self, source: Source, out: Path) -> None:
        self.source, self.keys = source, TableKeys(source)
        self.path = _spool_path(source, out)
        self.rows: list[pl.DataFrame] = [_NO_ROWS]
        self.report = TableReport(source.dataset, source.path.name, source.iri, source.table.title)

    def fill(self, progress: Progress | None, workers: int) -> list[Problem]:
        problems: list[Problem] = []
        source = self.source
        batches = read_batches(source.path, source.table, dataset=source.dataset, iri=source.iri)
        with self.path.open("wb") as stream:
            for converted in in_order(convert, batches, workers):
                self._write(stream, converted)
                problems += converted.problems
                if progress and converted.read:
                    progress(source, converted.read)
        return problems

    def take(self, left: Kept) -> bool:
        """Take over what an earlier run left; whether it serves."""
        found = kept.load(self.source, left)
        if found is None:
            return False
        self.keys, rows = found
        self.rows = [rows]
        self.report.rows_read = len(rows)
        kept.link(left.quads, self.path)
        return True

    def keep(self, folder: Path) -> None:
        kept.save(self.keys, pl.concat(self.rows), folder / self.path.name)

    def _write(self, stream: IO[bytes], converted: Converted) -> None:
        stream.write(_bytes(converted.text))
        self.keys.add(converted)
        self.report.rows_read += converted.read
        sizes = {
            "row": converted.rows,
            "bytes": converted.text.str.len_bytes(),
            "quads": converted.counts,
        }
        self.rows.append(pl.DataFrame(sizes))

    def settle(self) -> None:
        """Cut the rows that were rejected after they had been written; finish the counts."""
        rows = pl.concat(self.rows)
        kept = self.keys.kept(rows)
        if len(kept) < len(rows):
            self._cut(rows.select("bytes", kept=rows["row"].is_in(kept["row"].implode())))
        self.report.rows_loaded = len(kept)
        self.report.rows_rejected = self.report.rows_read - len(kept)
        self.report.quads = int(kept["quads"].cast(pl.UInt64).sum())

    def _cut(self, rows: pl.DataFrame) -> None:
        """Leave out the texts of rows that are not `kept`, run by run."""
        runs = rows.group_by(pl.col("kept").rle_id().alias("run"), maintain_order=True).agg(
            pl.col("kept").first(), pl.col("bytes").cast(pl.UInt64).sum()
        )
        target = self.path.with_name(self.path.name + ".kept")
        with self.path.open("rb") as whole, target.open("wb") as part:
            for kept, size in runs.select("kept", "bytes").iter_rows():
                if kept:
                    _copy(whole, part, size)
                else:
                    whole.seek(size, os.SEEK_CUR)
        target.replace(self.path)


def _copy(whole: IO[bytes], part: IO[bytes], size: int) -> None:
    while size:
        piece = whole.read(min(size, PIECE))
        part.write(piece)
        size -= len(piece)


def _bytes(text: pl.Series) -> memoryview:
    """A column of texts without nulls, one after the other, as Arrow has them in memory."""
    column = text.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, ends, data = column.buffers()
    ends = memoryview(ends).cast("q") if len(column) else (0,)
    return memoryview(data or b"")[ends[0] : ends[-1]]


def _place(found: Problem) -> tuple[str, str, int, int]:
    return found.dataset, found.table, found.row or 0, found.line or 0
