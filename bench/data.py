"""What every engine is asked: thirteen queries, on a synthetic nation of some size."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = 1
GRAPH = "http://example.org/graph/national"
#: Neither point lookup nor a dump of 100,000 rows: the queries of the geometric means.
ANALYTICAL = ("q02", "q03", "q03b", "q04", "q05", "q06", "q06b", "q07", "q08", "q09")
LOOKUP = "q01"

_LIMIT = re.compile(r"\bLIMIT\s+(\d+)\s*$")
_CONSTRUCT = re.compile(r"\bCONSTRUCT\s*\{[^}]*\}\s*WHERE")


@dataclass(frozen=True)
class Query:
    """A query of the bench; `id` is the first word of its file's name."""

    id: str
    text: str

    @property
    def constructs(self) -> bool:
        return bool(_CONSTRUCT.search(self.text))

    @property
    def any_rows(self) -> int | None:
        """The limit, if it picks any solutions: a LIMIT without ORDER BY."""
        found = _LIMIT.search(self.text.strip())
        return int(found[1]) if found and "ORDER BY" not in self.text else None

    @property
    def counting(self) -> str:
        """For CONSTRUCT: the query that counts the solutions, which its triples do not tell."""
        inner = _CONSTRUCT.sub("SELECT * WHERE", self.text)
        prologue, select, rest = inner.partition("SELECT * WHERE")
        return f"{prologue}SELECT (COUNT(*) AS ?n) WHERE {{ {{ {select}{rest} }} }}"


def read_queries(folder: Path, only: Sequence[str] = ()) -> list[Query]:
    """The queries of a folder in the order of their names. ValueError for an unknown id."""
    queries = [
        Query(path.stem.partition("_")[0], path.read_text("utf-8"))
        for path in sorted(folder.glob("*.rq"))
    ]
    unknown = set(only) - {query.id for query in queries}
    if unknown:
        raise ValueError(f"no query {', '.join(sorted(unknown))} in {folder}")
    return [query for query in queries if not only or query.id in only]


@dataclass(frozen=True)
class Nation:
    """Generated data: N-Triples, and the same as N-Quads of one graph, which a release needs."""

    communities: int
    folder: Path

    @property
    def triples_file(self) -> Path:
        return self.folder / f"national-{self.communities}-{SEED}.nt"

    @property
    def quads_file(self) -> Path:
        return self.triples_file.with_suffix(".nq")

    @property
    def triples(self) -> int:
        """How many lines the generator wrote."""
        return int(self.triples_file.with_suffix(".count").read_text("ascii"))


def generate(script: Path, communities: int, folder: Path) -> Nation:
    """Run the generator, unless its files are there; the count is written last."""
    nation = Nation(communities, folder)
    count = nation.triples_file.with_suffix(".count")
    if not count.exists():
        folder.mkdir(parents=True, exist_ok=True)
        argv: list[str | Path] = [sys.executable, script, str(communities), "--seed", str(SEED)]
        subprocess.run([*argv, "--out", nation.triples_file], check=True, capture_output=True)
        count.write_text(f"{_name_graph(nation)}\n", "ascii")
    return nation


def _name_graph(nation: Nation) -> int:
    """Write the triples again as quads of one graph; return how many there are."""
    end, lines = f" <{GRAPH}> .\n".encode(), 0
    with nation.triples_file.open("rb") as source, nation.quads_file.open("wb") as target:
        while chunk := source.readlines(1 << 20):
            target.write(b"".join(chunk).replace(b" .\n", end))
            lines += len(chunk)
    return lines
