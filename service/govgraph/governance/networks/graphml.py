"""Networks as GraphML, which Gephi, networkx, igraph and yEd read.

Format: http://graphml.graphdrawing.org/specification.html. Every column is a typed key; null is no
`data`. Lists are not of GraphML, so their columns are texts joined by blanks before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from govgraph.governance.networks.model import Network

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
#: Characters that XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES: dict[type[pl.DataType], str] = {
    pl.Int64: "long", pl.Float64: "double", pl.Boolean: "boolean",
}  # fmt: skip
_ENDS = ("id", "source", "target")


def graphml(network: Network) -> Iterator[str]:
    """The pieces of the document, in order."""
    yield _HEAD
    yield from _keys("node", network.nodes)
    yield from _keys("edge", network.links)
    yield f'<graph id={_quoted(network.name)} edgedefault="undirected">\n'
    yield from _elements("node", network.nodes)
    yield from _elements("edge", network.links)
    yield "</graph>\n</graphml>\n"


def _keys(of: str, frame: pl.DataFrame) -> Iterator[str]:
    for name, dtype in frame.schema.items():
        if name not in _ENDS:
            kind = _TYPES.get(dtype.base_type(), "string")
            yield f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'


def _elements(of: str, frame: pl.DataFrame) -> Iterator[str]:
    ends = [name for name in frame.columns if name in _ENDS]
    others = [name for name in frame.columns if name not in _ENDS]
    for number, row in enumerate(frame.select(*ends, *others).iter_rows()):
        named = [*zip(ends, row[: len(ends)], strict=True)]
        if of == "edge":
            named.insert(0, ("id", f"e{number}"))
        attributes = "".join(f" {name}={_quoted(value)}" for name, value in named)
        data = "".join(_data(of, others, row[len(ends) :]))
        yield f"<{of}{attributes}>{data}</{of}>\n"


def _data(of: str, names: Sequence[str], values: Sequence[Any]) -> Iterator[str]:
    for name, value in zip(names, values, strict=True):
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield f'<data key="{of}-{name}">{escape(_UNWRITABLE.sub(chr(0xFFFD), text))}</data>'


def _quoted(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub(chr(0xFFFD), text))
