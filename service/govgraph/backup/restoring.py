"""Restoring a backup: all of it is checked before any of it is to be seen."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govgraph import contents
from govgraph.access.audit import FILE as AUDIT
from govgraph.backup.table import RELEASES, Notify, Table, silent
from govgraph.backup.unpacking import invalid, opened
from govgraph.durable import sync
from govgraph.errors import GovgraphError
from govgraph.release import Home

#: Bytes that have to be free beside those of the backup.
_SPARE = 16 << 20


@dataclass
class Restored:
    """What a restoring came to: ids of releases restored and of those that were there already, the
    one that is served now, and whether the audit log was restored."""

    restored: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    current: str | None = None
    audit: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "restored": self.restored,
            "present": self.present,
            "current": self.current,
            "audit": self.audit,
        }


def restore(path: Path, home: Home, *, serve: bool = False, notify: Notify = silent) -> Restored:
    """Put a backup's releases into a home. Each takes its place by one rename, after everything
    has been checked and is on disk. The release that was served is served again if none is now,
    or with `serve` in any case. The audit log is restored where there is none.

    GovgraphError(backup-invalid, backup-differs, file-unusable, build-busy, home-unusable,
    disk-full)."""
    try:
        with home.workshop() as work, opened(path) as archive:
            table = archive.table
            if table.size + _SPARE > shutil.disk_usage(work).free:
                raise GovgraphError("disk-full", path=home.path)
            present = [release for release in table.releases if _present(home, table, release)]
            archive.unpack(work, notify)
            for release in table.releases:
                _check_names(work, release)
            for made in (*work.rglob("*"), work):
                sync(made)
            return _take_over(home, work, table, present, serve)
    except OSError as error:
        raise GovgraphError("home-unusable", path=home.path, why=error.strerror) from error


def _present(home: Home, table: Table, release_id: str) -> bool:
    """Whether the home has that very release. GovgraphError(backup-differs) if it has another."""
    folder = home.releases_path / release_id
    if not folder.is_dir():
        return False
    wanted = dict(table.of(release_id))
    own = wanted.pop(contents.FILE, None)
    same = own is None or (folder / contents.FILE).is_file()
    if not same or any(contents.faults(folder, wanted, deep=True)):
        raise GovgraphError("backup-differs", id=release_id)
    return True


def _check_names(work: Path, release_id: str) -> None:
    """A release's manifest and its own table say what it is; both have to agree with the backup."""
    folder = work / RELEASES / release_id
    try:
        named = json.loads((folder / "manifest.json").read_bytes())["id"]
        kept = contents.read(folder)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise invalid(
            f"the release {release_id} has no manifest", f"{release_id} 缺少清单"
        ) from error
    if named != release_id:
        raise invalid(
            f"the release {release_id} calls itself {named!r}", f"{release_id} 与清单不符"
        )
    if kept is not None and any(contents.faults(folder, kept, deep=False)):
        raise invalid(f"the release {release_id} is not whole", f"{release_id} 不完整")


def _take_over(home: Home, work: Path, table: Table, present: list[str], serve: bool) -> Restored:
    done = Restored(present=present)
    home.releases_path.mkdir(exist_ok=True)
    for release in table.releases:
        if release not in present:
            (work / RELEASES / release).rename(home.releases_path / release)
            done.restored.append(release)
    sync(home.releases_path)
    if AUDIT in table.files and not (home.path / AUDIT).exists():
        (work / AUDIT).chmod(0o600)
        os.rename(work / AUDIT, home.path / AUDIT)
        done.audit = True
    sync(home.path)
    done.current = _serve(home, table, serve)
    return done


def _serve(home: Home, table: Table, serve: bool) -> str | None:
    """Serve what was served; the id of what is served then."""
    try:
        now = home.current().id
    except GovgraphError:
        now = None
    if table.current is None or (now is not None and not serve):
        return now
    home.serve(home.get(table.current))
    return table.current
