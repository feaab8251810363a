"""The data of one size and what is made of it, each thing when it is first asked for."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.building import files
from bench.building.participant import Run, absent, measure
from bench.nation import write_nation
from bench.process import Command, Limits
from govgraph.release import Home, Release

SEED = 1
Say = Callable[[str], None]


def job(name: str) -> list[str]:
    """The command of one of our jobs."""
    return [sys.executable, "-m", f"bench.building.jobs.{name}"]


class Unmade(RuntimeError):
    """Something that a comparison needs could not be made; the message says why."""


@dataclass
class Workspace:
    """`folder` keeps what is made of the nation, `peers` the environments of peers.

    With `reuse` what earlier runs made and measured stays as it is, but for what failed or now has
    more time.
    """

    communities: int
    work: Path
    limits: Limits
    reuse: bool
    say: Say
    runs: dict[str, Run] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.reuse:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self.work / "building" / str(self.communities)

    @property
    def peers(self) -> Path:
        return self.work / "peers"

    def nation(self) -> Path:
        """The dataset folder; the same communities make the same bytes."""
        folder = self.work / "data" / f"nation-{self.communities}-{SEED}" / "nation"
        if not folder.with_name("nation.expected.json").exists():  # it is written last
            shutil.rmtree(folder.parent, ignore_errors=True)
            self.say(f"writing a nation of {self.communities:,} communities")
            write_nation(self.communities, folder, seed=SEED)
        return folder

    def run(self, name: str, argv: Command | Callable[[], Command], **environment: str) -> Run:
        """Measure a process once; with `reuse`, not even once if an earlier run did."""
        kept = self.folder / f"{name}.run.json"
        if name not in self.runs and self.reuse and kept.exists():
            earlier = Run.from_dict(json.loads(kept.read_text("utf-8")))
            if self._stands(earlier):
                self.runs[name] = earlier
                self.say(f"  {name}: of an earlier run")
        if name not in self.runs:
            self.say(f"  {name} …")
            found = measure(name, argv, self.limits, environment)
            self.say(f"  {name}: {found.why}{_seconds(found)}")
            self.keep(name, found)
        return self.runs[name]

    def _stands(self, earlier: Run) -> bool:
        """Whether an earlier run needs no other: it ended well, or was given as long as now."""
        if earlier.killed and earlier.took:
            return earlier.took.wall >= self.limits.seconds
        return earlier.took is not None

    def peer(self, name: str, argv: Callable[[], Command], most: float = math.inf) -> Run:
        """Measure a peer that takes part up to `most` communities. What its command needs is made
        only if it does."""
        if self.communities > most:
            return absent(f"takes part up to {most:,} communities")
        return self.run(name, argv)

    def keep(self, name: str, found: Run) -> None:
        """Remember a run, for later runs of the bench too."""
        self.runs[name] = found
        kept = self.folder / f"{name}.run.json"
        kept.write_text(json.dumps(found.as_dict()) + "\n", "utf-8")

    def ingest(self) -> Run:
        """Map and check the tables alone, on one core."""
        argv = [*job("ingest"), self.nation(), self.folder / "quads"]
        return self.run("ingest", argv, POLARS_MAX_THREADS="1")

    def build(self) -> Run:
        """`govgraph build` into a home that is empty."""
        argv = [sys.executable, "-m", "govgraph.cli", "build", self.nation(), "--home", self.home]
        return self.run("build", argv)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def release(self) -> Release:
        """The release that was built first. Unmade if it was not."""
        _need(self.build())
        return Home(self.home).releases()[0]

    def quads(self) -> list[Path]:
        """The asserted quads, one file for each table. Unmade if they could not be."""
        _need(self.ingest())
        return sorted((self.folder / "quads").glob("*.nq"))

    def asserted(self) -> Path:
        """The asserted triples and the ontology's, as one file of N-Triples, which is Turtle too:
        not every reasoner knows the other by its name."""
        quads = [*self.quads(), files.write_ontology(self.folder / "ontology.nq")]
        return self._file("asserted.ttl", lambda path: files.write_triples(quads, path))

    def merged(self) -> Path:
        """All that a release holds, inferences too, as one file of N-Triples."""
        self.release()
        return self._file("merged.nt", self._export)

    def spoiled(self) -> Path:
        """The same with faults."""
        return self._file("spoiled.nt", lambda path: files.write_spoiled(self.merged(), path))

    def _export(self, path: Path) -> None:
        quads = self.folder / "merged.nq"
        argv = [sys.executable, "-m", "govgraph.cli", "export", quads, "--home", self.home]
        _need(measure("export", argv))
        files.write_triples([quads], path)
        quads.unlink()

    def _file(self, name: str, write: Callable[[Path], object]) -> Path:
        path = self.folder / name
        if not path.exists():
            part = path.with_suffix(".part")
            write(part)
            part.rename(path)
        return path


def _need(run: Run) -> None:
    if run.why:
        raise Unmade(run.why)


def _seconds(run: Run) -> str:
    return f" {run.took.wall:.1f} s, {run.took.cpu:.1f} s of CPU" if run.took else ""
