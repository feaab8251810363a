"""`backup`, `restore` and `prune`: releases kept elsewhere, brought back, and removed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from govgraph.access.audit import Audit
from govgraph.cli.options import (
    HomeOption,
    JsonOption,
    console,
    errors,
    fail,
    print_json,
    settings,
)
from govgraph.errors import GovgraphError
from govgraph.release import Home, Release


def backup(
    file: Annotated[Path, typer.Argument(help="File to write.", metavar="FILE.tar.zst")],
    release: Annotated[
        list[str] | None,
        typer.Option("--release", help="A release, by id or date; may be repeated."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All releases.")] = False,
    audit: Annotated[bool, typer.Option(help="With the audit log.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the release that is served, others or all, and the audit log into one file. Keys are
    not in it."""
    from govgraph.backup import writing

    store = Home(settings(home).home)
    try:
        with bar(f"备份 backup {file}", as_json) as notify:
            done = writing.backup(
                store, file, _chosen(store, release or [], every),
                audit=audit, replace=force, notify=notify,
            )  # fmt: skip
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(done.as_dict())
        return
    ids = ", ".join(done.table.releases)
    console.print(f"已备份 backed up {ids}: {done.bytes:,} bytes", highlight=False)


def restore(
    file: Annotated[Path, typer.Argument(help="A file of `govgraph backup`.")],
    serve: Annotated[
        bool,
        typer.Option("--serve", help="Serve what the backup served, also if another is served."),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a backup and put its releases into the home, all of them or none."""
    from govgraph.backup import restoring

    store = Home(settings(home).home)
    try:
        with bar(f"恢复 restore {file}", as_json) as notify:
            done = restoring.restore(file, store, serve=serve, notify=notify)
        if done.restored:
            Audit(store.path).record("restore", **done.as_dict())
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(done.as_dict())
        return
    for release in done.restored:
        console.print(f"已恢复 restored {release}", highlight=False)
    for release in done.present:
        console.print(f"已存在 there already {release}", highlight=False)
    console.print(f"当前提供 serving {done.current or '—'}", highlight=False)


def prune(
    keep: Annotated[
        int | None, typer.Option(min=0, help="Newest releases to keep (GOVGRAPH_KEEP_RELEASES).")
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, help="Days to keep others for (GOVGRAPH_KEEP_DAYS).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove old releases: never the one that is served, nor one that is being read."""
    from govgraph import retention

    given = settings(home, keep_releases=keep, keep_days=days)
    store, policy = Home(given.home), retention.Policy(given.keep_releases, given.keep_days)
    try:
        done = retention.prune(store, policy, dry_run=dry_run)
        if done.removed and not dry_run:
            Audit(store.path).record("prune", **done.as_dict())
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(done.as_dict() | {"dry_run": dry_run})
        return
    said = "将删除 would remove" if dry_run else "已删除 removed"
    for release in done.removed:
        console.print(f"{said} {release}", highlight=False)
    for release in done.in_use:
        console.print(f"正在使用，未删除 in use, kept {release}", highlight=False)
    console.print(f"{done.bytes:,} bytes", highlight=False)


def bar(title: str, quiet: bool) -> Any:
    """A bar of progress on standard error."""
    from govgraph.cli.progress import bytes_bar

    return bytes_bar(errors, title, quiet=quiet)


def _chosen(home: Home, names: list[str], every: bool) -> list[Release] | None:
    """The releases that the options name; None for the one that is served."""
    if every:
        return home.releases() or [home.current()]
    return [home.find(name) for name in dict.fromkeys(names)] or None
