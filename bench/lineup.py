"""Which engines take part, each loaded and ready to start."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import figures
from bench.data import Nation
from bench.engine import Absent, Engine, Load
from bench.peers import govgraph_, oxigraph_, rdflib_, virtuoso

#: rdflib takes most of a minute to load 0.34 million triples, and keeps them in memory.
SMALL = 1_000
NAMES = (
    figures.HTTP, figures.PROCESS, figures.COLUMNS, figures.ALONE,
    figures.SERVE, figures.VIRTUOSO, figures.RDFLIB,
)  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True)
class Entrant:
    """An engine, the folder of its database, and how that was loaded."""

    name: str
    engine: Engine
    folder: Path
    load: Load


class LineUp:
    """Loads databases into `folder` as engines are wanted; with `reuse` keeps those that are there.

    The environments of peers are made in `peers`.
    """

    def __init__(self, folder: Path, peers: Path, nation: Nation, *, reuse: bool, say: Say) -> None:
        self.folder, self.peers, self.nation = folder, peers, nation
        self.reuse, self.say = reuse, say
        self.loads: dict[str, Load] = {}

    def entrants(self, only: Sequence[str] = ()) -> Iterator[Entrant]:
        """Those whose name begins with one of `only`; one that is not here is said and left out."""
        for name in NAMES:
            if only and not name.startswith(tuple(only)):
                continue
            try:
                yield self._entrant(name)
            except Absent as why:
                self.say(f"{name} left out: {why}")

    def _entrant(self, name: str) -> Entrant:
        if name == figures.RDFLIB:
            return self._rdflib()
        if name == figures.SERVE:
            oxigraph_.command(self.peers)
            folder = self._loaded("oxigraph", lambda f: oxigraph_.load(self.peers, f, self.nation))
            engine: Engine = oxigraph_.Oxigraph(self.peers, folder)
        elif name == figures.VIRTUOSO:
            virtuoso.server_command()
            folder = self._loaded("virtuoso", lambda f: virtuoso.load(f, self.nation))
            engine = virtuoso.Virtuoso(folder)
        else:
            folder = self._loaded("govgraph", lambda f: govgraph_.load(f, self.nation))
            engine = _of_release(name, folder)
        return Entrant(name, engine, folder, self.loads[folder.name])

    def _rdflib(self) -> Entrant:
        if self.nation.communities > SMALL:
            raise Absent(f"it takes part up to {SMALL} communities")
        engine = rdflib_.Rdflib(self.nation)
        self.loads["rdflib"] = engine.load
        return Entrant(figures.RDFLIB, engine, self.nation.folder, engine.load)

    def _loaded(self, family: str, load: Callable[[Path], Load]) -> Path:
        """The folder of a loaded database; what loading took is kept beside it."""
        folder = self.folder / family
        kept = self.folder / f"{family}.json"
        if family in self.loads:
            return folder
        if self.reuse and kept.exists():
            self.loads[family] = Load.from_dict(json.loads(kept.read_text("utf-8")))
            self.say(f"{family}: database of an earlier run")
            return folder
        kept.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.say(f"{family}: loading {self.nation.triples:,} triples")
        self.loads[family] = load(folder)
        kept.write_text(json.dumps(self.loads[family].as_dict()) + "\n", "utf-8")
        return folder


def _of_release(name: str, folder: Path) -> Engine:
    if name == figures.HTTP:
        return govgraph_.Served(folder)
    if name == figures.COLUMNS:
        return govgraph_.InProcess(folder, "columns")
    return govgraph_.InProcess(folder, "oxigraph" if name == figures.ALONE else "auto")
