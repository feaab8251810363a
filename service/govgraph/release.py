"""Releases: immutable folders under HOME, one of them served; publishing is one rename."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from govgraph.errors import GovgraphError

_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}(-[0-9]+)?")


@dataclass(frozen=True)
class Release:
    """One published build: `path` holds quads/, store/, report.json and manifest.json."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def store(self) -> Path:
        return self.path / "store"

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

    def current(self) -> Release:
        """The release that is served. GovgraphError(no-release) if nothing is published."""
        try:
            name = (self.path / "current").read_text("ascii").strip()
        except FileNotFoundError:
            raise GovgraphError("no-release") from None
        return self.get(name)

    def serve(self, release: Release) -> None:
        """Make a release the current one, atomically."""
        temporary = self.path / ".current.new"
        temporary.write_text(release.id + "\n", "ascii")
        _sync(temporary)
        os.replace(temporary, self.path / "current")
        _sync(self.path)

    def publish(self, work: Path, release_id: str) -> Release:
        """Turn a finished work folder into a release and serve it.

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
        self.serve(release)
        return release

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder to build in, under a lock that one build at a time can hold.

        What crashed builds left behind is removed first. GovgraphError(build-busy).
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GovgraphError("build-busy") from None
            for left in self.path.glob(".build-*"):
                shutil.rmtree(left)
            work = self.path / f".build-{os.getpid()}"
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
