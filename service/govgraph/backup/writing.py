"""Writing a backup, while the service runs and builds publish."""

from __future__ import annotations

import contextlib
import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import zstandard

from govgraph import __version__, contents
from govgraph.access.audit import FILE as AUDIT
from govgraph.access.audit import Audit
from govgraph.backup.table import NAME, RELEASES, Notify, Table, silent
from govgraph.contents import Contents, Digesting, Entry
from govgraph.durable import sync, telling_of_a_full_disk
from govgraph.errors import GovgraphError
from govgraph.release import Home, Release

#: Measured on releases: level 10 takes six times as long for an eighth less.
_LEVEL = 3


@dataclass(frozen=True)
class Written:
    """A backup that was made."""

    path: Path
    table: Table
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "file": str(self.path),
            "bytes": self.bytes,
            "releases": list(self.table.releases),
            "current": self.table.current,
            "files": len(self.table.files),
            "bytes_unpacked": self.table.size,
        }


def backup(
    home: Home,
    target: Path,
    releases: Sequence[Release] | None = None,
    *,
    audit: bool = True,
    replace: bool = False,
    notify: Notify = silent,
) -> Written:
    """Write releases, the one served if none are named, and the audit log, into a file. Keys are
    left out. Releases never change, and none is removed while it is read here; each byte is
    checked against its release's table on the way. The file is there as a whole or not at all.

    GovgraphError(no-release, release-gone, release-damaged, backup-exists, file-unusable,
    home-unusable, disk-full)."""
    if target.exists() and not replace:
        raise GovgraphError("backup-exists", path=target)
    chosen = [home.current()] if releases is None else list(releases)
    with ExitStack() as holds:
        for release in chosen:
            holds.callback(release.hold().close)
        try:
            table = _table(home, chosen, audit)
        except OSError as error:
            raise GovgraphError("home-unusable", path=home.path, why=error.strerror) from error
        with _whole(target) as stream:
            _write(home, table, stream, notify)
        return Written(target, table, target.stat().st_size)


def _table(home: Home, releases: Sequence[Release], audit: bool) -> Table:
    files: dict[str, Entry] = {}
    for release in releases:
        for name, entry in _described(release).items():
            files[f"{RELEASES}/{release.id}/{name}"] = entry
    if audit and (kept := Audit(home.path).described()):
        files[AUDIT] = kept
    ids = tuple(release.id for release in releases)
    served = _served(home)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Table(now, __version__, served if served in ids else None, ids, files)


def _described(release: Release) -> Contents:
    """The files of a release, by its own table where it has one."""
    try:
        kept = contents.read(release.path)
        own = {contents.FILE: contents.entry_of(release.path / contents.FILE)} if kept else {}
        return {**(kept or contents.describe(release.path)), **own}
    except (OSError, ValueError) as error:
        raise GovgraphError("release-damaged", id=release.id, file=contents.FILE) from error


def _served(home: Home) -> str | None:
    try:
        return home.current().id
    except GovgraphError:
        return None


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes its place when it is on disk, and is gone after an error."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with telling_of_a_full_disk(target):
            with beside.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(beside, target)
            sync(target.parent)
    except OSError as error:
        raise GovgraphError("file-unusable", path=target, why=error.strerror) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def _write(home: Home, table: Table, stream: IO[bytes], notify: Notify) -> None:
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    packed = compressor.stream_writer(stream, closefd=False)
    with packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        first = table.as_json()
        tar.addfile(_member(NAME, len(first)), BytesIO(first))
        done = 0
        for name, entry in table.files.items():
            _add(tar, home, name, entry)
            done += entry.size
            notify(done, table.size)


def _add(tar: tarfile.TarFile, home: Home, name: str, entry: Entry) -> None:
    """Add a file, of which the table says what it has to be. GovgraphError(release-damaged)."""
    try:
        with (home.path / name).open("rb") as stream:
            source = Digesting(stream)
            if os.fstat(stream.fileno()).st_size >= entry.size:
                tar.addfile(_member(name, entry.size), source)
    except (FileNotFoundError, PermissionError):
        source = None
    if source is None or source.entry != entry:
        release, _, file = name.removeprefix(f"{RELEASES}/").partition("/")
        raise GovgraphError("release-damaged", id=release, file=file)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o644
    return member
