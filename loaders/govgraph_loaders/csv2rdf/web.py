"""URLs as local files: what a web server would give for them, without any network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Web:
    """`folders`: URL prefix -> the folder whose files stand beneath it. `links`: URL of a table ->
    URL of the metadata that an HTTP Link header (`rel="describedby"`) would name."""

    folders: Mapping[str, Path]
    links: Mapping[str, str] = field(default_factory=dict)

    def find(self, url: str) -> Path | None:
        """The file of a URL; None if there is none. A query is part of the file's name."""
        for prefix, folder in self.folders.items():
            name = unquote(url.partition("#")[0].removeprefix(prefix))
            path = folder / name
            if url.startswith(prefix) and path.is_file() and _beneath(path, folder):
                return path
        return None

    def table(self, url: str) -> Path | None:
        """The file of a table, whose server may not heed the query."""
        return self.find(url) or self.find(url.partition("?")[0])


def _beneath(path: Path, folder: Path) -> bool:
    return folder.resolve() in path.resolve().parents


def normal(url: str) -> str:
    """A URL such that equal ones are the same text (RFC 3986 §6.2.2 and §6.2.3)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = "" if parts.port in (None, _PORTS.get(parts.scheme.lower())) else f":{parts.port}"
    path = parts.path or ("/" if host else "")
    return urlunsplit((parts.scheme.lower(), host + port, path, parts.query, ""))
