"""A nation is built again after one cell has changed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run, absent
from bench.building.workspace import Workspace
from govgraph.release import Home

TABLE, MARK = "projects.csv", "改"


def compare(work: Workspace) -> list[Comparison]:
    """The second build into the same home, beside the first."""
    first = work.build()
    ours = absent(f"no first build: {first.why}") if first.why else _again(work)
    about = {} if ours.why else {"seconds": Home(work.home).current().manifest["seconds"]}
    runs = {OURS: ours, "first build": first}
    return [Comparison("incremental", work.communities, runs, about)]


def _again(work: Workspace) -> Run:
    """The dataset's name is that of its folder, so the changed one lies elsewhere."""
    folder = work.folder / "changed" / work.nation().name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work.nation(), folder)
    change(folder / TABLE)
    argv = [sys.executable, "-m", "govgraph.cli", "build", folder, "--home", work.home]
    return work.run("build-again", argv)


def change(path: Path) -> None:
    """Put a mark before the second cell of the first row, a label."""
    head, row, rest = path.read_text("utf-8").split("\n", 2)
    key, label = row.split(",", 1)
    path.write_text("\n".join([head, f"{key},{MARK}{label}", rest]), "utf-8")
