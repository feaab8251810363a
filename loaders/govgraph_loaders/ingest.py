"""Dataset folders to N-Quads files, one per table, with every problem of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import polars as pl

from govgraph_loaders.convert import Converted, convert
from govgraph_loaders.dataset import Source
from govgraph_loaders.keys import TableKeys, check_keys
from govgraph_loaders.problems import Problem, problem
from govgraph_loaders.rows import read_batches

Progress = Callable[[Source, int], None]


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
    """The quads files written (graph = table IRI), the counts, and all problems."""

    files: list[Path] = field(default_factory=list)
    tables: list[TableReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return sum(table.rows_rejected for table in self.tables)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


def ingest(sources: Iterable[Source], out: Path, progress: Progress | None = None) -> Ingested:
    """Convert and check all tables; write `out/<dataset>.<file>.nq` for each.

    Bounded memory but for the keys. Rows that any check rejects are not in the files.
    """
    out.mkdir(parents=True, exist_ok=True)
    result = Ingested()
    spools = [_Spool(source, out) for source in sources]
    for spool in spools:
        result.problems += spool.fill(progress)
    result.problems += check_keys([spool.keys for spool in spools])
    for spool in spools:
        spool.settle()
        result.files.append(spool.path)
        result.tables.append(spool.report)
    result.problems.sort(key=_place)
    return result


class _Spool:
    """One table's quads on their way to disk, with where each row's text ends."""

    def __init__(self, source: Source, out: Path) -> None:
        self.source, self.keys = source, TableKeys(source)
        self.path = out / f"{source.dataset}.{source.path.name}.nq"
        self.rows: list[pl.DataFrame] = []
        self.report = TableReport(source.dataset, source.path.name, source.iri, source.table.title)

    def fill(self, progress: Progress | None) -> list[Problem]:
        problems: list[Problem] = []
        source = self.source
        with self.path.open("wb") as stream:
            try:
                batches = read_batches(source.path, source.table, dataset=source.dataset, iri=source.iri)
                for batch in batches:
                    converted = convert(batch)
                    self._write(stream, converted)
                    problems += converted.problems
                    if progress:
                        progress(source, converted.read)
            except (OSError, EOFError, LookupError, UnicodeError) as error:
                where = {"dataset": source.dataset, "table": source.path.name}
                problems.append(problem("unreadable-file", why=error, **where))
        return problems

    def _write(self, stream: IO[bytes], converted: Converted) -> None:
        stream.write(converted.quads.encode())
        self.keys.add(converted)
        self.report.rows_read += converted.read
        text = converted.text
        self.rows.append(
            pl.DataFrame(
                {
                    "row": converted.rows,
                    "bytes": text.str.len_bytes().cast(pl.UInt64),
                    "quads": text.str.count_matches("\n", literal=True),
                }
            )
        )

    def settle(self) -> None:
        """Cut the rows that were rejected after they had been written; finish the counts."""
        rows = pl.concat(self.rows) if self.rows else pl.DataFrame(schema={"row": pl.UInt32, "bytes": pl.UInt64, "quads": pl.UInt32})
        late = rows["row"].is_in(list(self.keys.rejected))
        if late.any():
            self._cut(rows["bytes"], late)
        kept = rows.filter(~late)
        self.report.rows_loaded = len(kept)
        self.report.rows_rejected = self.report.rows_read - len(kept)
        self.report.quads = int(kept["quads"].sum())

    def _cut(self, sizes: pl.Series, late: pl.Series) -> None:
        kept = self.path.with_suffix(".kept")
        with self.path.open("rb") as source, kept.open("wb") as target:
            for size, drop in zip(sizes, late, strict=True):
                text = source.read(size)
                if not drop:
                    target.write(text)
        kept.replace(self.path)


def _place(found: Problem) -> tuple[str, str, int, int]:
    return found.dataset, found.table, found.row or 0, found.line or 0
