"""Which releases are kept, and the removal of the others."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from govgraph.durable import claimed, sync, write_whole
from govgraph.errors import GovgraphError
from govgraph.release import GONE, Home, Release
from govgraph.settings import Settings

log = logging.getLogger("govgraph")
#: Releases on their way out, beside the folder of those that are there.
LEAVING = ".gone-"
#: No release is older than so many days.
_LONGEST = 36_500


@dataclass(frozen=True)
class Policy:
    """A release is kept if it is served, is among the `keep` newest, or is younger than `days`.
    A rule of 0 keeps nothing by itself; without any rule all are kept."""

    keep: int = 0
    days: float = 0

    def doomed(self, home: Home, now: datetime) -> list[Release]:
        """The releases that no rule keeps, the oldest first."""
        if not (self.keep or self.days):
            return []
        found = home.releases()
        kept = {home.current().id} | {
            release.id for release in found[max(0, len(found) - self.keep) :]
        }
        since = (now - timedelta(days=min(self.days, _LONGEST))).strftime("%Y%m%dT%H%M%SZ")
        return [r for r in found if r.id not in kept and not (self.days and r.id >= since)]


@dataclass
class Pruned:
    """What a pruning came to: ids removed, ids left because they are read, bytes given back."""

    removed: list[str] = field(default_factory=list)
    in_use: list[str] = field(default_factory=list)
    bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {"removed": self.removed, "in_use": self.in_use, "bytes": self.bytes}


def prune(home: Home, policy: Policy, *, dry_run: bool = False) -> Pruned:
    """Remove the releases that a policy does not keep, or only say which.

    GovgraphError(no-release, build-busy, home-unusable)."""
    with home.locked():
        if not dry_run:
            clear(home)
        return remove(home, policy.doomed(home, datetime.now(UTC)), dry_run=dry_run)


def retain(home: Home, settings: Settings) -> Pruned:
    """Apply the settings' policy, under the home's lock, after a release was published. That it
    cannot be applied harms no release: it is logged, and done with the next one."""
    policy = Policy(settings.keep_releases, settings.keep_days)
    try:
        return remove(home, policy.doomed(home, datetime.now(UTC)))
    except (OSError, GovgraphError):
        log.exception("old releases could not be removed")
        return Pruned()


def remove(home: Home, releases: list[Release], *, dry_run: bool = False) -> Pruned:
    """Remove releases that nobody reads, under the home's lock. Those who ask for one afterwards
    are told that it is gone. OSError."""
    pruned = Pruned()
    for release in releases:
        with claimed(release.path) as free:
            if not free:
                pruned.in_use.append(release.id)
                continue
            pruned.bytes += freed(release.path)
            pruned.removed.append(release.id)
            if not dry_run:
                _take_away(home, release)
    if not dry_run:
        clear(home)
    return pruned


def _take_away(home: Home, release: Release) -> None:
    """First it is written down that the release is gone, then it is, at once and as a whole."""
    gone = [*(each for each in home.gone() if each != release.id), release.id]
    write_whole(home.path / GONE, "".join(f"{each}\n" for each in gone).encode("ascii"))
    release.path.rename(home.path / f"{LEAVING}{release.id}")
    sync(home.releases_path)


def leaving(home: Home) -> list[Path]:
    """Folders of releases that are no longer there, which a crash may have left."""
    return sorted(home.path.glob(f"{LEAVING}*"))


def clear(home: Home) -> None:
    """Delete the files of releases that are no longer there. OSError."""
    for folder in leaving(home):
        shutil.rmtree(folder)


def freed(folder: Path) -> int:
    """Bytes that a folder's removal gives back: files that other releases share stay."""
    found = (path.lstat() for path in folder.rglob("*") if not path.is_dir())
    return sum(each.st_size for each in found if each.st_nlink == 1)
