"""The tables of a dataset folder, as the build finds them."""

from __future__ import annotations

from pathlib import Path

from govgraph import resources
from govgraph.settings import Settings
from govgraph_loaders import Source, find_sources


def sources(folder: Path) -> list[Source]:
    """The tables of a folder. ValueError if anything is wrong with it."""
    found, problems = find_sources(folder, resources.folder("tables"), base=Settings().base)
    if problems:
        raise ValueError(problems[0].message_en)
    return found
