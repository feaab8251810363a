"""Bad rows in a nation of any size: whether each is found where it stands, and nothing else is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.nation import write_nation
from govgraph import resources
from govgraph_loaders import find_sources, ingest

_PLACED = ("code", "severity", "table", "row", "line", "column", "value")


@dataclass(frozen=True)
class BadRows:
    """How many rows were read and how many findings of how many kinds were planted in them; how
    many of these were missed, and how many others told."""

    rows: int
    planted: int
    kinds: int
    missed: int
    invented: int

    @property
    def exact(self) -> bool:
        return not self.missed and not self.invented


def find_bad_rows(communities: int, times: int, folder: Path, *, seed: int = 1) -> BadRows:
    """Plant each kind of bad row so many times, and load. `folder` (empty, or to be made) is left
    with the `nation` and its `quads`."""
    expected = write_nation(communities, folder / "nation", seed=seed, bad_rows=times)["findings"]
    sources, problems = find_sources(folder / "nation", resources.folder("tables"))
    done = ingest(sources, folder / "quads")
    planted = Counter(map(_place, expected))
    told = Counter(_place(problem.as_dict()) for problem in (*problems, *done.problems))
    return BadRows(
        rows=sum(table.rows_read for table in done.tables),
        planted=planted.total(),
        kinds=len({one["kind"] for one in expected}),
        missed=(planted - told).total(),
        invented=(told - planted).total(),
    )


def _place(finding: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(finding[name] for name in _PLACED)
