"""CSV tables with CSVW metadata to RDF quads and problems; knows no store and no HTTP.

Each name is loaded as it is first asked for: polars is of no use to who only reads a date.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govgraph_loaders.batch import Batch
    from govgraph_loaders.conversion import Converted, convert
    from govgraph_loaders.csv2rdf import Described, Web
    from govgraph_loaders.dataset import Source, find_sources
    from govgraph_loaders.ingesting import Ingested, TableReport, ingest
    from govgraph_loaders.metadata import read_metadata
    from govgraph_loaders.problems import Problem
    from govgraph_loaders.rows import read_batches
    from govgraph_loaders.table import Table

_PLACES = {
    "Batch": "batch",
    "Converted": "conversion",
    "Described": "csv2rdf",
    "Ingested": "ingesting",
    "Problem": "problems",
    "Source": "dataset",
    "Table": "table",
    "TableReport": "ingesting",
    "Web": "csv2rdf",
    "convert": "conversion",
    "find_sources": "dataset",
    "ingest": "ingesting",
    "read_batches": "rows",
    "read_metadata": "metadata",
}

__all__ = [
    "Batch",
    "Converted",
    "Described",
    "Ingested",
    "Problem",
    "Source",
    "Table",
    "TableReport",
    "Web",
    "convert",
    "find_sources",
    "ingest",
    "read_batches",
    "read_metadata",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
