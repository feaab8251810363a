"""CSV tables with CSVW metadata to RDF quads and problems; knows no store and no HTTP."""

from govgraph_loaders.batch import Batch
from govgraph_loaders.convert import Converted, convert
from govgraph_loaders.csv2rdf import Described, Web, csv2rdf
from govgraph_loaders.dataset import Source, find_sources
from govgraph_loaders.ingest import Ingested, TableReport, ingest
from govgraph_loaders.metadata import read_metadata
from govgraph_loaders.problems import Problem
from govgraph_loaders.rows import read_batches
from govgraph_loaders.table import Table

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
    "csv2rdf",
    "find_sources",
    "ingest",
    "read_batches",
    "read_metadata",
]
