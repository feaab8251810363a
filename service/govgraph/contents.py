"""The table of contents of a folder: the size and SHA-256 of each of its files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

FILE = "contents.json"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """What a file is: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return {"size": self.size, "sha256": self.sha256}


Contents = Mapping[str, Entry]
Fault = Literal["missing", "size", "digest", "unexpected"]


def files_of(folder: Path) -> Iterator[str]:
    """The files under a folder, as paths from it with `/` between, in order; not the table."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != FILE and not path.is_dir():
            yield name


def describe(folder: Path) -> Contents:
    """The table of a folder, from its files. OSError."""
    return {name: entry_of(folder / name) for name in files_of(folder)}


def entry_of(path: Path) -> Entry:
    """One file's entry. OSError."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Entry(os.fstat(stream.fileno()).st_size, digest)


def write(folder: Path) -> None:
    """Write the table into the folder. OSError."""
    table = {name: entry.as_dict() for name, entry in describe(folder).items()}
    (folder / FILE).write_text(json.dumps(table, indent=0) + "\n", "ascii")


def read(folder: Path) -> Contents | None:
    """The table that a folder has; None if it has none. ValueError if that is no table."""
    try:
        table = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    return parsed(table)


def parsed(table: Any) -> Contents:
    """A table from JSON: every path leads down from the folder. ValueError if it is no table."""
    if not isinstance(table, dict):
        raise ValueError("not a table of contents")
    return {safe_path(name): _entry(kept) for name, kept in table.items()}


def _entry(kept: Any) -> Entry:
    size, digest = (
        (kept.get(key) for key in ("size", "sha256")) if isinstance(kept, dict) else (0, 0)
    )
    if type(size) is not int or size < 0 or not isinstance(digest, str) or len(digest) != 64:
        raise ValueError("an entry without its size or digest")
    return Entry(size, digest)


def safe_path(name: str) -> str:
    """A path that leads down from where it starts, and nowhere else. ValueError for any other."""
    plain = PurePosixPath(name)
    normal = bool(name) and str(plain) == name and "\0" not in name
    if not normal or plain.is_absolute() or plain.parts[:1] in ((), (".",)) or ".." in plain.parts:
        raise ValueError(f"the path {name!r} is not one of a release")
    return name


def faults(folder: Path, contents: Contents, *, deep: bool) -> Iterator[tuple[str, Fault]]:
    """Where a folder is not what its table says: files that are missing, of another size, or with
    `deep` of another digest, and files that the table does not name."""
    for name, entry in contents.items():
        path = folder / name
        if path.is_symlink() or not path.is_file():
            yield name, "missing"
        elif path.stat().st_size != entry.size:
            yield name, "size"
        elif deep and entry_of(path).sha256 != entry.sha256:
            yield name, "digest"
    yield from ((name, "unexpected") for name in files_of(folder) if name not in contents)


class Digesting:
    """A stream to read that knows what it has given: `size` bytes with the digest `sha256`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.size, self._digest = stream, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size)
        self.size += len(block)
        self._digest.update(block)
        return block

    @property
    def entry(self) -> Entry:
        return Entry(self.size, self._digest.hexdigest())
