"""A release of generated data, made step by step with the functions of the build.

`govgraph build` takes CSV tables only, and there are none here. Each step runs in a process of its
own (`python -m bench.release STEP WORK QUADS`) so that its CPU time and memory can be told apart.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from bench.data import GRAPH, Nation
from bench.process import Step, run_step
from govgraph.engine import merge
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.plain import write_anywhere
from govgraph.lookup.search import write_index
from govgraph.release import Home
from govgraph.settings import Settings


def _load(work: Path, quads: Path) -> None:
    """Each triple once, in the default graph."""
    store = Store(str(work / "store"))
    merge.load(store, {GRAPH: quads})
    store.flush()


def _optimize(work: Path, _: Path) -> None:
    store = Store(str(work / "store"))
    store.optimize()
    store.flush()


def _columns(work: Path, quads: Path) -> None:
    write_anywhere({GRAPH: quads}, work / "columns")


def _index(work: Path, _: Path) -> None:
    with Columns(work / "columns") as columns:
        write_index(ColumnarEngine(columns), Settings().base, work / "labels.sqlite")


STEPS = {"load": _load, "optimize": _optimize, "columns": _columns, "index": _index}


def make_release(home: Path, nation: Nation) -> Iterator[Step]:
    """Publish the nation as the current release of a home; each step as it is done."""
    store = Home(home)
    with store.workshop() as work:
        for name in STEPS:
            argv: list[str | Path] = [
                sys.executable,
                "-m",
                "bench.release",
                name,
                work,
                nation.quads_file,
            ]
            yield run_step(name, argv, Path(__file__).parents[1])
        (work / "quads").mkdir()
        (work / "quads" / "national.nq").symlink_to(nation.quads_file.resolve())
        release_id = _id(nation)
        _describe(work, release_id, nation)
        store.publish(work, release_id)


def _id(nation: Nation) -> str:
    digest = hashlib.sha256(nation.quads_file.name.encode()).hexdigest()[:8]
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{digest}"


def _describe(work: Path, release_id: str, nation: Nation) -> None:
    manifest = {
        "id": release_id,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "base": Settings().base,
        "tables": 1,
        "triples": nation.triples,
        "quads": nation.triples,
        "graphs": [GRAPH],
    }
    (work / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    (work / "report.json").write_text("{}\n", "utf-8")


if __name__ == "__main__":
    step, work, quads = sys.argv[1:]
    STEPS[step](Path(work), Path(quads))
