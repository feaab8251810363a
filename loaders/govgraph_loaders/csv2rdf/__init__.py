"""CSV on the Web to the RDF that the W3C's csv2rdf asks for, in standard and in minimal mode."""

from govgraph_loaders.csv2rdf.convert import Described, csv2rdf
from govgraph_loaders.csv2rdf.web import Web

__all__ = ["Described", "Web", "csv2rdf"]
