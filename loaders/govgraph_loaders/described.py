"""What a dataset's metadata says of the whole dataset: its title, licence, source and the like."""

from __future__ import annotations

from pathlib import Path

from govgraph_loaders.annotations import Annotations
from govgraph_loaders.context import read_context
from govgraph_loaders.dataset import METADATA
from govgraph_loaders.metadata import load_object
from govgraph_loaders.node import MetadataError, Node


def described(folder: Path, subject: str) -> str:
    """The common properties of a folder's `csv-metadata.json`, as N-Triples about `subject`; empty
    without one, or with one that cannot be read, which is reported with its tables."""
    path = folder / f"csv{METADATA}"
    if not path.is_file():
        return ""
    try:
        document = load_object(path)
        context = read_context(Node(document, "", {}))
        of_tables = {} if "url" in document else document
        return "".join(Annotations(context, subject).of(f"<{subject}>", of_tables))
    except MetadataError:
        return ""
