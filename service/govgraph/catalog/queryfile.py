"""Query files: a header in YAML behind `#+ `, then SPARQL. One file is query and documentation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from govgraph.declared import read_yaml

MARK = "#+"


@dataclass(frozen=True)
class QueryFile:
    """A query with its header. `text` is what the engine gets."""

    path: Path
    header: dict[str, Any]
    text: str

    @property
    def name(self) -> str:
        return self.path.stem


def read_query(path: Path) -> QueryFile:
    """Read a .rq file. ValueError if its header is not a YAML mapping."""
    return parse_query(path, path.read_text("utf-8"))


def parse_query(path: Path, text: str) -> QueryFile:
    """The query of a text that has been read already; `path` names it."""
    lines = [line[len(MARK) :].removeprefix(" ") for line in text.splitlines() if _marked(line)]
    try:
        header = read_yaml("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: {error}") from None
    if not isinstance(header, dict):
        raise ValueError(f"{path.name}: the header is not a mapping")
    return QueryFile(path, header, text)


def _marked(line: str) -> bool:
    return line == MARK or line.startswith(f"{MARK} ")
