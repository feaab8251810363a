"""Releases: immutable folders under HOME, one of them served; publishing is one rename."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from govgraph import contents
from govgraph.durable import Hold, sync, telling_of_a_full_disk
from govgraph.errors import GovgraphError
from govgraph_loaders import edtf

#: Seconds after which a lock is tried again.
_AGAIN = 0.02
#: The file that names the releases that were removed.
GONE = "gone"
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}(-[0-9]+)?")


#: What has to be done between a release being complete and being served.
Ready = Callable[[], None]


def is_id(text: str) -> bool:
    """Whether a text has the form of a release's id."""
    return _ID.fullmatch(text) is not None


def _nothing() -> None:
    """A release that lies in its folder is ready."""


@dataclass(frozen=True)
class Release:
    """One published build: `path` holds sources/ and edits/, of which it is made, quads/, store/,
    columns/, report.json, manifest.json and contents.json, which has the digests of all others."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def quads(self) -> Path:
        return self.path / "quads"

    @property
    def store(self) -> Path:
        return self.path / "store"

    @property
    def columns(self) -> Path:
        return self.path / "columns"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """GovgraphError(release-gone) if the release has just been removed."""
        try:
            return _json(self.path / "manifest.json")
        except FileNotFoundError:
            if self.path.is_dir():
                raise
            raise GovgraphError("release-gone", id=self.id) from None

    def hold(self) -> Hold:
        """Keep the release from being removed. GovgraphError(release-gone) if it has been."""
        try:
            return Hold(self.path)
        except FileNotFoundError:
            raise GovgraphError("release-gone", id=self.id) from None

    @cached_property
    def report(self) -> dict[str, Any]:
        return _json(self.path / "report.json")


class Home:
    """The folder that holds all releases and names the current one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.releases_path = path / "releases"
        self.served = Served(path / "current")

    def releases(self) -> list[Release]:
        """All releases, oldest first."""
        if not self.releases_path.is_dir():
            return []
        return [Release(p) for p in sorted(self.releases_path.iterdir()) if is_id(p.name)]

    def get(self, release_id: str) -> Release:
        """One release by its id. GovgraphError(unknown-release, release-gone)."""
        path = self.releases_path / release_id
        if is_id(release_id) and path.is_dir():
            return Release(path)
        gone = release_id in self.gone()
        raise GovgraphError("release-gone" if gone else "unknown-release", id=release_id)

    def gone(self) -> list[str]:
        """The ids of releases that were removed, in the order of their removal."""
        try:
            return (self.path / GONE).read_text("ascii").split()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def find(self, text: str) -> Release:
        """A release by its id, or the last one published by a date (`2026-03` is the end of that
        month, UTC). GovgraphError(unknown-release, release-gone, no-release, no-release-by)."""
        try:
            last = edtf.bounds(text)[1]
        except ValueError:
            last = None
        if last is None:
            return self.get(text)
        found = self.releases()
        day = f"{last:%Y%m%d}".zfill(8)
        until = [release for release in found if release.id[:8] <= day]
        if not found:
            raise GovgraphError("no-release")
        removed = max((each for each in self.gone() if each[:8] <= day), default="")
        if removed > (until[-1].id if until else ""):
            raise GovgraphError("release-gone", id=removed)
        if not until:
            raise GovgraphError("no-release-by", date=text, first=found[0].id)
        return until[-1]

    def current(self) -> Release:
        """The release that is served. GovgraphError(no-release) if nothing is published."""
        name = self.served.name()
        if not name:
            raise GovgraphError("no-release")
        return self.get(name)

    def rollback(self, release_id: str, patience: float = 0, ready: Ready = _nothing) -> str:
        """Serve an older release, after `ready`, under the lock; the id of the one that was served
        until then.


        GovgraphError(unknown-release, no-release, build-busy, home-unusable)."""
        release = self.get(release_id)
        with self.locked(patience):
            before = self.served.name()
            ready()
            self.serve(release)
        return before

    def follow(self, release_id: str) -> None:
        """Serve a release that an endpoint holds already, if it is here and nothing is being built:
        so a publication is finished that was cut off in between."""
        with suppress(GovgraphError):
            self.rollback(release_id)

    def serve(self, release: Release) -> None:
        """Make a release the current one, atomically; under the lock."""
        temporary = self.path / ".current.new"
        temporary.write_text(release.id + "\n", "ascii")
        sync(temporary)
        os.replace(temporary, self.path / "current")
        sync(self.path)

    def publish(self, work: Path, release_id: str, ready: Ready = _nothing) -> Release:
        """Turn a finished work folder into a release and serve it, after `ready`.

        Everything is on disk before the rename; a crash before it leaves nothing, a crash after
        it a release that is complete but not yet served.
        """
        contents.write(work)
        for path in (*work.rglob("*"), work):
            if path.is_dir() or path.stat().st_nlink == 1:  # else it is on disk as another's file
                sync(path)
        self.releases_path.mkdir(parents=True, exist_ok=True)
        target = self.releases_path / release_id
        work.rename(target)
        sync(self.releases_path)
        release = Release(target)
        ready()
        self.serve(release)
        return release

    @contextmanager
    def workshop(self, patience: float = 0) -> Iterator[Path]:
        """A folder to build in, under a lock that one build at a time can hold; others wait for it
        some seconds.

        What crashed builds left behind is removed first. GovgraphError(build-busy, home-unusable,
        disk-full).
        """
        with self.locked(patience):
            for left in self.path.glob(".build-*"):
                shutil.rmtree(left)
            work = self.path / f".build-{os.getpid()}"
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def locked(self, patience: float = 0) -> Iterator[None]:
        """The one lock of all that changes a home; others wait for it some seconds. It ends with
        its process, however that ends. GovgraphError(build-busy, home-unusable, disk-full)."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / ".lock").open("w")
        except OSError as error:
            raise GovgraphError("home-unusable", path=self.path, why=error.strerror) from None
        with lock:
            _wait_for(lock, time.monotonic() + patience)
            with telling_of_a_full_disk(self.path):
                yield


class Served:
    """The name of the release that is served: a file, read again when another has replaced it."""

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, os.fspath(path)
        self._stamp: tuple[int, int, int] | None = None
        self._name = ""

    def name(self) -> str:
        """The release's id, "" if nothing is published."""
        try:
            found = os.stat(self._file)
            stamp = found.st_ino, found.st_mtime_ns, found.st_size
            if stamp != self._stamp:
                self._name, self._stamp = self.path.read_text("ascii").strip(), stamp
        except (FileNotFoundError, NotADirectoryError):
            self._name, self._stamp = "", None
        return self._name


def _wait_for(lock: IO[str], until: float) -> None:
    """Take a lock, waiting for it until some time. GovgraphError(build-busy)."""
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise GovgraphError("build-busy") from None
        time.sleep(_AGAIN)


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded
