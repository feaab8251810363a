"""Releases: immutable folders under HOME, one of them served; publishing is one rename."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from govgraph.errors import GovgraphError
from govgraph_loaders import edtf

_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}(-[0-9]+)?")


#: What has to be done between a release being complete and being served.
Ready = Callable[[], None]


def _nothing() -> None:
    """A release that lies in its folder is ready."""


@dataclass(frozen=True)
class Release:
    """One published build: `path` holds quads/, store/, report.json and manifest.json."""

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
        return _json(self.path / "manifest.json")

    @cached_property
    def report(self) -> dict[str, Any]:
        return _json(self.path / "report.json")


class Home:
    """The folder that holds all releases and names the current one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.releases_path = path / "releases"

    def releases(self) -> list[Release]:
        """All releases, oldest first."""
        if not self.releases_path.is_dir():
            return []
        return [Release(p) for p in sorted(self.releases_path.iterdir()) if _ID.fullmatch(p.name)]

    def get(self, release_id: str) -> Release:
        """One release by its id. GovgraphError(unknown-release)."""
        path = self.releases_path / release_id
        if not _ID.fullmatch(release_id) or not path.is_dir():
            raise GovgraphError("unknown-release", id=release_id)
        return Release(path)

    def find(self, text: str) -> Release:
        """A release by its id, or the last one published by a date (`2026-03` is the end of that
        month, UTC). GovgraphError(unknown-release, no-release, no-release-by)."""
        try:
            last = edtf.bounds(text)[1]
        except ValueError:
            last = None
        if last is None:
            return self.get(text)
        found = self.releases()
        until = [release for release in found if release.id[:8] <= f"{last:%Y%m%d}".zfill(8)]
        if not found:
            raise GovgraphError("no-release")
        if not until:
            raise GovgraphError("no-release-by", date=text, first=found[0].id)
        return until[-1]

    def current(self) -> Release:
        """The release that is served. GovgraphError(no-release) if nothing is published."""
        try:
            name = (self.path / "current").read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise GovgraphError("no-release") from None
        return self.get(name)

    def rollback(self, release_id: str, ready: Ready = _nothing) -> None:
        """Serve an older release, after `ready`, under the lock.

        GovgraphError(unknown-release, build-busy, home-unusable)."""
        release = self.get(release_id)
        with self._locked():
            ready()
            self._serve(release)

    def follow(self, release_id: str) -> None:
        """Serve a release that an endpoint holds already, if it is here and nothing is being built:
        so a publication is finished that was cut off in between."""
        with suppress(GovgraphError):
            self.rollback(release_id)

    def _serve(self, release: Release) -> None:
        """Make a release the current one, atomically; under the lock."""
        temporary = self.path / ".current.new"
        temporary.write_text(release.id + "\n", "ascii")
        _sync(temporary)
        os.replace(temporary, self.path / "current")
        _sync(self.path)

    def publish(self, work: Path, release_id: str, ready: Ready = _nothing) -> Release:
        """Turn a finished work folder into a release and serve it, after `ready`.

        Everything is on disk before the rename; a crash before it leaves nothing, a crash after
        it a release that is complete but not yet served.
        """
        for path in (*work.rglob("*"), work):
            _sync(path)
        self.releases_path.mkdir(parents=True, exist_ok=True)
        target = self.releases_path / release_id
        work.rename(target)
        _sync(self.releases_path)
        release = Release(target)
        ready()
        self._serve(release)
        return release

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder to build in, under a lock that one build at a time can hold.

        What crashed builds left behind is removed first. GovgraphError(build-busy, home-unusable).
        """
        with self._locked():
            for left in self.path.glob(".build-*"):
                shutil.rmtree(left)
            work = self.path / f".build-{os.getpid()}"
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The one lock of all that changes a home. It ends with its process, however that ends."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / ".lock").open("w")
        except OSError as error:
            raise GovgraphError("home-unusable", path=self.path, why=error.strerror) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GovgraphError("build-busy") from None
            yield


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
