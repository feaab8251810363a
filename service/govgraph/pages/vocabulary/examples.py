"""Examples in Turtle that ship with the ontology and the shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from govgraph import resources

#: Examples that are shown of one class.
MOST = 2
_EXPECTED = re.compile(r"# expect: (\S+) (\S+) (\S+) (\S+)")


@dataclass(frozen=True)
class Example:
    """Data that a shape is tried on: its text, and for a bad one what is found in it, each as focus
    node, path, component and severity."""

    text: str
    expected: Sequence[tuple[str, ...]]


@cache
def of_shape(name: str, kind: str) -> Example | None:
    """The `good` or the `bad` example of a shape."""
    names = {path.name: path for path in _files("shapes")}
    path = names.get(f"{name}.{kind}.ttl")
    if path is None:
        return None
    text = path.read_text("utf-8")
    plain = "\n".join(line for line in text.splitlines() if not _EXPECTED.match(line))
    return Example(plain.strip(), _EXPECTED.findall(text))


def of_class(name: str) -> list[str]:
    """The examples of a class, by its prefixed name: paragraphs in which something is one."""
    used = re.compile(rf"\ba\s+(?:[\w:-]+\s*,\s*)*{re.escape(name)}(?![\w-])")
    found = (part for part in _paragraphs() if used.search(part))
    return [part for part, _ in zip(found, range(MOST), strict=False)]


@cache
def _paragraphs() -> tuple[str, ...]:
    texts = (path.read_text("utf-8") for path in _files("ontology"))
    return tuple(
        part.strip()
        for text in texts
        for part in re.split(r"\n\s*\n", text)
        if part.strip() and not part.lstrip().startswith("@")
    )


def _files(folder: str) -> list[Path]:
    return sorted((resources.folder(folder) / "examples").glob("*.ttl"))
