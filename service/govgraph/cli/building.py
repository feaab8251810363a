"""`build` and `check`: dataset folders to a release, or to a report only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from govgraph.access.audit import Audit
from govgraph.cli.options import (
    DatasetsArgument,
    DocumentsOption,
    EditsOption,
    HomeOption,
    JsonOption,
    RejectsOption,
    console,
    errors,
    fail,
    print_json,
    settings,
)
from govgraph.errors import GovgraphError

if TYPE_CHECKING:
    from govgraph.settings import Settings


def build(
    datasets: DatasetsArgument,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    max_rejects: RejectsOption = 0,
    without_edits: EditsOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read, check, infer, validate and publish one release."""
    run(
        datasets, settings(home, documents), max_rejects,
        publish=True, as_json=as_json, edits=not without_edits,
    )  # fmt: skip


def check(
    datasets: DatasetsArgument,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    max_rejects: RejectsOption = 0,
    without_edits: EditsOption = False,
    as_json: JsonOption = False,
) -> None:
    """The same as build, without publishing."""
    run(
        datasets, settings(home, documents), max_rejects,
        publish=False, as_json=as_json, edits=not without_edits,
    )  # fmt: skip


def run(
    datasets: list[Path],
    given: Settings,
    max_rejects: int,
    *,
    publish: bool,
    as_json: bool,
    edits: bool = True,
) -> None:
    """Build or check and print the outcome; leave with status 1 if the data was refused."""
    from govgraph import build as building
    from govgraph.terminal import Progress, print_build, print_problems

    try:
        with Progress(errors, quiet=as_json) as progress:
            done = building.build(
                datasets, given,
                publish=publish, max_rejects=max_rejects, notify=progress.notify, edits=edits,
            )  # fmt: skip
        if done.release:
            Audit(given.home).record(
                "build", release=done.release.id, datasets=[path.name for path in datasets]
            )
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(done.report() | {"release": done.release.id if done.release else None})
    else:
        print_problems(console, done)
        print_build(console, done, publish)
    if done.refused:
        raise typer.Exit(1)
