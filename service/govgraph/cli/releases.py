"""`releases`, `diff`, `rollback` and `export`: what has been published."""

from __future__ import annotations

import shutil
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from govgraph.access.audit import Audit
from govgraph.cli.options import HomeOption, JsonOption, console, fail, print_json, settings
from govgraph.errors import GovgraphError
from govgraph.release import Home


def releases(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the releases, the served one marked."""
    from govgraph.lookup.differences import listed

    shown = ("id", "current", "quads", "tables")
    rows = [
        {name: row[name] for name in shown} for row in reversed(listed(Home(settings(home).home)))
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        mark = "*" if row["current"] else " "
        console.print(
            f"{mark} {row['id']}  {row['tables']} tables  {row['quads']} quads", highlight=False
        )


def diff(
    old: Annotated[str, typer.Argument(help="The older release, by id or date.")],
    new: Annotated[str, typer.Argument(help="The newer one; the one served if left out.")] = (
        "current"
    ),
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what changed from one release to another: posts, bodies, amounts, and every other fact."""
    from govgraph.http.releases import compare
    from govgraph.http.state import Releases

    try:
        document = compare(Releases(settings(home)), new, old)
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(document)
        return
    for change in document["changes"]:
        console.print(
            f"{change['kind']}  {change['sentence']['zh']}\n    {change['sentence']['en']}",
            highlight=False,
            markup=False,
        )
    counts = ", ".join(f"{kind} {number}" for kind, number in document["counts"].items())
    console.print(f"{document['since']} → {document['release']}: {counts or '0'}", highlight=False)


def rollback(
    release: Annotated[str, typer.Argument(help="The id of a release.")], home: HomeOption = None
) -> None:
    """Serve an older release again."""
    from govgraph.remote_release import serve_again

    try:
        given = settings(home)
        serve_again(given, release)
        Audit(given.home).record("rollback", release=release)
    except GovgraphError as error:
        fail(error)
    console.print(f"serving {release}", highlight=False)


def export(
    output: Annotated[
        Path | None, typer.Argument(help="File to write; standard output if left out.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write the quads of the current release as N-Quads."""
    try:
        release = Home(settings(home).home).current()
        with output.open("wb") if output else nullcontext(sys.stdout.buffer) as stream:
            for path in sorted((release.path / "quads").glob("*.nq")):
                with path.open("rb") as quads:
                    shutil.copyfileobj(quads, stream)
    except GovgraphError as error:
        fail(error)
    except OSError as error:
        fail(GovgraphError("file-unusable", path=output or "-", why=error.strerror))
