"""The gate: one change at a time, on the release that is current then, published as a new release
or not made at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Triple

from govgraph.build import Accept, Build, anything, build_in
from govgraph.edits import Edits
from govgraph.engine.base import Dataset
from govgraph.errors import GovgraphError
from govgraph.gate.evaluate import Evaluation
from govgraph.gate.ground import Change
from govgraph.gate.report import ChangeRefused, errors_of
from govgraph.release import Home, Release
from govgraph.remote_release import serve_again
from govgraph.settings import Settings
from govgraph.sources import dataset_folders, take_over

#: The ids of releases that a change may be made to; None: whichever is current.
Expected = Collection[str] | None


@dataclass(frozen=True)
class Written:
    """What a write came to: the current release before and after it, the same one if nothing has
    changed, and the quads that came and went. `new`: the graph written is a new one."""

    before: str
    release: str
    added: int = 0
    removed: int = 0
    new: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Turn:
    """A writer's turn: a folder to build in, and the release that is current meanwhile."""

    work: Path
    release: Release
    settings: Settings

    def build(
        self,
        folders: Sequence[Path],
        edits: Edits,
        max_rejects: int,
        *,
        publish: bool = True,
        accept: Accept = anything,
        sent: Collection[str] = (),
    ) -> Build:
        """Build from dataset folders in the work folder and from edits. `sent`: the tables, as
        dataset/file, that come over HTTP now, beside those that did before."""
        before = self.release.manifest.get("sent", ())
        return build_in(
            self.work, folders, edits, self.settings,
            publish=publish, max_rejects=max_rejects, accept=accept, sent={*before, *sent},
        )  # fmt: skip


class Gate:
    """Takes changes to the releases of a home. A writer waits for its turn as long as a request
    may wait."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.home = settings, Home(settings.home)

    def update(self, text: str, using: Dataset, url: str, expected: Expected = None) -> Written:
        """Make an update that came to `url`. GovgraphError as of `Evaluation.update` and `edit`."""
        return self.edit(lambda release: (release.update(text, using, url), False), expected)

    def put(self, graph: str, triples: Sequence[Triple], expected: Expected = None) -> Written:
        """Make triples all of a graph."""
        return self.edit(lambda release: release.put(graph, triples), expected)

    def add(
        self, graph: str | None, triples: Sequence[Triple], expected: Expected = None
    ) -> Written:
        """Merge triples into a graph, that of the edits if none is named."""
        return self.edit(lambda release: release.add(graph, triples), expected)

    def delete(self, graph: str, expected: Expected = None) -> Written:
        """Take a graph away. GovgraphError(unknown-graph)."""
        return self.edit(lambda release: (release.delete(graph), False), expected)

    def patch(self, graph: str, text: str, url: str, expected: Expected = None) -> Written:
        """Make an update to one graph. GovgraphError as of `Evaluation.patch`."""
        return self.edit(lambda release: (release.patch(graph, text, url), False), expected)

    def edit(
        self, evaluate: Callable[[Evaluation], tuple[Change, bool]], expected: Expected = None
    ) -> Written:
        """Publish what a change of statements comes to.

        ChangeRefused if it is not valid; GovgraphError(no-release, busy, release-changed,
        release-without-sources, graph-protected, upload-refused), home-unusable."""
        start = time.perf_counter()
        with self.turn(expected) as turn:
            change, new = evaluate(Evaluation(turn.release))
            release = self._published(turn, change) if change else turn.release
        return Written(
            turn.release.id, release.id, len(change.came), len(change.went), new and bool(change),
            round(time.perf_counter() - start, 3),
        )  # fmt: skip

    def serve(self, release_id: str) -> tuple[str, str]:
        """Serve an older release; the one served before and this one.

        GovgraphError(unknown-release, no-release, busy)."""
        with self._waiting():
            return serve_again(self.settings, release_id, self.settings.queue_seconds), release_id

    @contextmanager
    def turn(self, expected: Expected = None) -> Iterator[Turn]:
        """A turn, when all writers before have had theirs. GovgraphError(no-release, busy,
        release-changed)."""
        with self._waiting(), self.home.workshop(self.settings.queue_seconds) as work:
            current = self.home.current()
            if expected is not None and current.id not in expected:
                raise GovgraphError("release-changed", current=current.id)
            # the instances of a release keep their IRIs, whatever is set now
            settings = self.settings.model_copy(update={"base": current.manifest["base"]})
            yield Turn(work, current, settings)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """One that has waited in vain is told to come again."""
        try:
            yield
        except GovgraphError as error:
            if error.code != "build-busy":
                raise
            seconds = max(1, round(self.settings.queue_seconds))
            raise GovgraphError("busy", seconds=seconds) from None

    def _published(self, turn: Turn, change: Change) -> Release:
        report = turn.release.report
        tables = {table["iri"] for table in report["tables"]}
        edits = Edits.of(turn.release).after(change.came, change.went, tables)
        folders = take_over(dataset_folders(turn.release), turn.work)
        done = turn.build(folders, edits, report["rows_rejected"])
        if done.release is None:
            raise ChangeRefused(errors_of(done))
        return done.release
