"""The rows of a SELECT query as a frame, from any engine, and back to terms.

Rows come as TSV, which every engine writes in bulk: a cell is one term, written so that equal terms
of one engine have equal texts, and an empty cell is unbound. Python sees no single term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import polars as pl
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse_query_results

from govgraph.engine.base import Answer, Engine, Formats, Row
from govgraph.engine.hybrid import HybridEngine

#: Bytes of whole lines that are read at a time, and those up to which Python takes them apart sooner
#: than a reader of CSV is set up.
BLOCK, FEW = 8 << 20, 32 << 10
Kind = pl.Categorical | pl.String
_FORMATS: Formats = {"select": QueryResultsFormat.TSV, "graph": RdfFormat.N_TRIPLES}


def terms() -> pl.Categorical:
    """A new type for columns of terms: each text is held once, joins compare its number."""
    return pl.Categorical(pl.Categories.random("terms"))


def frame(engine: Engine, query: str, kind: Kind) -> pl.DataFrame:
    """The rows of a SELECT query of several variables: a column for each, null where unbound.

    Frames of one `kind` can be joined; pl.String holds each text anew. Errors are those of `Engine.answer`.
    """
    blocks = _blocks(answered(engine, query).chunks)
    head, _, first = next(blocks).partition(b"\n")
    schema = {name.removeprefix("?"): kind for name in head.decode().rstrip().split("\t")}
    read = [_read(block, schema) for block in chain([first], blocks) if block]
    return pl.concat(read) if read else pl.DataFrame(schema=schema)


def answered(engine: Engine, query: str) -> Answer:
    """The answer to a SELECT query as TSV, which is read whole: from memory at once, if that has
    all."""
    if isinstance(engine, HybridEngine) and engine.is_prompt(query):
        return engine.oxigraph.answer(query, _FORMATS, lookup="select")
    return engine.answer(query, _FORMATS)


def rows(found: pl.DataFrame) -> Iterator[Row]:
    """The rows of a frame as terms, without what is null. Columns hold terms' texts."""
    head = "\t".join(f"?{name}" for name in found.columns) + "\n"
    body = found.write_csv(separator="\t", quote_style="never", include_header=False)
    solutions = parse_query_results(head + body, QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        cells = ((name, solution[name]) for name in found.columns)
        yield {name: term for name, term in cells if term is not None}


def _read(block: bytes, schema: dict[str, Kind]) -> pl.DataFrame:
    if len(block) <= FEW:
        rows = [line.split("\t") for line in block.decode().removesuffix("\n").split("\n")]
        columns = zip(*rows, strict=True)
        return pl.DataFrame(
            [
                pl.Series(name, [cell or None for cell in cells], kind)
                for (name, kind), cells in zip(schema.items(), columns, strict=True)
            ]
        )
    return pl.read_csv(block, separator="\t", quote_char=None, has_header=False, schema=schema)


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of whole lines, one at least."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            whole, end, rest = b"".join(held).rpartition(b"\n")
            yield whole + end
            held, size = [rest], len(rest)
    yield b"".join(held)
