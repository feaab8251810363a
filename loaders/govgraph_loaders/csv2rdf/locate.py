"""Where the metadata of a table is: named by the caller, linked, or at the site's usual places.

Source: https://www.w3.org/TR/tabular-data-model/ §5, locating metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from govgraph_loaders.context import read_context
from govgraph_loaders.csv2rdf.web import Web, normal
from govgraph_loaders.metadata import load_object
from govgraph_loaders.node import MetadataError, Node

SITE = "/.well-known/csvm"
#: Where metadata is sought at a site that does not say where it is.
USUAL = "{+url}-metadata.json\ncsv-metadata.json"


def load(web: Web, url: str) -> dict[str, Any]:
    """A metadata document. MetadataError if it is not there or no JSON object."""
    path = web.find(url)
    if path is None:
        raise MetadataError(f"{url}: no such file", f"{url}：没有该文件")
    return load_object(path)


def locate(web: Web, url: str) -> tuple[str, dict[str, Any], list[str]]:
    """The URL of the first metadata document that describes a table, the document, and the URLs of
    those passed over because they describe others. The table alone if there is none."""
    strangers: list[str] = []
    for place in _places(web, url):
        if web.find(place) is None:
            continue
        document = load(web, place)
        if normal(url) in _tables(document, place):
            return place, document, strangers
        strangers.append(place)
    return url, {"url": url}, strangers


def _places(web: Web, url: str) -> Iterator[str]:
    if url in web.links:
        yield urljoin(url, web.links[url])
    site = web.find(urljoin(url, SITE))
    patterns = site.read_text("utf-8") if site else USUAL
    for pattern in patterns.split():
        yield urljoin(url, pattern.replace("{+url}", url).replace("{url}", url))


def _tables(document: dict[str, Any], place: str) -> set[str]:
    """The URLs of the tables that a document describes."""
    context = read_context(Node(document, "", {}))
    base = urljoin(place, context.base)
    tables = [document, *_objects(document.get("tables"))]
    urls = (table.get("url") for table in tables)
    return {normal(urljoin(base, url)) for url in urls if isinstance(url, str)}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
