"""The first member of a backup: what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from govgraph.access.audit import FILE as AUDIT
from govgraph.contents import Contents, parsed
from govgraph.release import is_id

NAME, FORMAT = "govgraph-backup.json", 1
RELEASES = "releases"
#: Called with the bytes done so far and the bytes in all.
Notify = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True)
class Table:
    """`current` is the release that was served, if the backup holds it; `files` are paths from the
    home, of releases and of the audit log."""

    created: str
    version: str
    current: str | None
    releases: tuple[str, ...]
    files: Contents

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.files.values())

    def of(self, release_id: str) -> Contents:
        """The files of one release, as paths from its folder."""
        before = f"{RELEASES}/{release_id}/"
        return {n.removeprefix(before): e for n, e in self.files.items() if n.startswith(before)}

    def as_json(self) -> bytes:
        document = {
            "format": FORMAT,
            "created": self.created,
            "govgraph": self.version,
            "current": self.current,
            "releases": list(self.releases),
            "files": {name: entry.as_dict() for name, entry in self.files.items()},
        }
        return json.dumps(document, indent=0).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """A table from the member's bytes. ValueError, in words, if it is none."""
        try:
            document = json.loads(text)
        except RecursionError as error:
            raise ValueError("it is nested too deep") from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        releases, current = _releases(document), document.get("current")
        if current is not None and current not in releases:
            raise ValueError("the release that was served is not in it")
        files = parsed(document.get("files"))
        if stray := [name for name in files if name != AUDIT and _release_of(name) not in releases]:
            raise ValueError(f"{stray[0]} belongs to no release of it")
        if bare := [i for i in releases if f"{RELEASES}/{i}/manifest.json" not in files]:
            raise ValueError(f"the release {bare[0]} has no manifest")
        created, version = (str(document.get(key, "")) for key in ("created", "govgraph"))
        return cls(created, version, current, releases, files)


def _releases(document: Mapping[str, Any]) -> tuple[str, ...]:
    found = document.get("releases")
    if not isinstance(found, list) or not all(isinstance(i, str) and is_id(i) for i in found):
        raise ValueError("its releases are not named")
    return tuple(found)


def _release_of(name: str) -> str | None:
    """The release that a path from the home belongs to."""
    first, _, rest = name.partition("/")
    release_id, slash, _ = rest.partition("/")
    return release_id if first == RELEASES and slash else None
