"""`query` and `queries`: SPARQL and the catalogue on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govgraph.cli.options import (
    DocumentsOption,
    HomeOption,
    JsonOption,
    console,
    fail,
    print_json,
    settings,
)
from govgraph.errors import GovgraphError

if TYPE_CHECKING:
    from govgraph.engine.base import Dataset
    from govgraph.engine.stream import Chunks


def query(
    source: Annotated[
        str,
        typer.Argument(
            help="A query of the catalogue, a file, or - for standard input.",
            metavar="NAME|FILE.rq|-",
        ),
    ],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="A parameter; may be repeated."),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            help="table, json, xml, csv, tsv, turtle, ntriples, jsonld …;"
            " of the catalogue: table, json, csv, xlsx, parquet."
        ),
    ] = "table",
    proved: Annotated[
        bool,
        typer.Option("--evidence", help="Show the facts, cells and sentences behind the rows."),
    ] = False,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    inference: Annotated[bool, typer.Option(help="See inferred triples too.")] = True,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Show how the query is answered: engine, reason, algebra, SQL, plan."
        ),
    ] = False,
    analyze: Annotated[
        bool, typer.Option("--analyze", help="The same with the rows and times of a run.")
    ] = False,
) -> None:
    """Run a query on the current release, or explain how it is answered."""
    from govgraph.catalog.index import entries
    from govgraph.cli.entries import answer_entry
    from govgraph.engine.base import Dataset

    if source in entries() and not (explain or analyze or not inference):
        answer_entry(source, parameters or [], format, settings(home, documents), proved=proved)
    elif parameters:
        why, why_zh = "only queries of the catalogue take parameters", "只有目录中的查询可带参数"
        fail(GovgraphError("invalid-parameter", name="--param", why=why, why_zh=why_zh))
    elif explain or analyze:
        _explain(source, home, Dataset(inference=inference), analyze, format == "json")
    else:
        _run_query(source, format, home, Dataset(inference=inference))


def queries(as_json: JsonOption = False) -> None:
    """List the queries of the catalogue with their parameters."""
    from govgraph.catalog.index import entries
    from govgraph.catalog.present import about
    from govgraph.results import print_entries

    if as_json:
        print_json([about(entry) for entry in entries().values()])
    else:
        print_entries(console, entries().values())


def _run_query(source: str, format: str, home: Path | None, dataset: Dataset) -> None:
    from govgraph.engine.guard import guard
    from govgraph.http import negotiate
    from govgraph.http.state import Releases
    from govgraph.terminal import print_rows

    if format != "table" and format not in negotiate.SHORT:
        fail(GovgraphError("not-acceptable", offered=f"table, {', '.join(negotiate.SHORT)}"))
    try:
        text = _text(source)
        guard(text)
        engine = Releases(settings(home)).open().engine
        media = negotiate.SHORT.get(format, "")
        answer = engine.answer(text, negotiate.formats(media), dataset)
        if format == "table" and answer.form == "select":
            print_rows(console, answer.body())
        else:
            _write(answer.chunks)
    except GovgraphError as error:
        fail(error)


def _explain(source: str, home: Path | None, dataset: Dataset, run: bool, as_json: bool) -> None:
    from govgraph.engine.guard import guard
    from govgraph.http.state import Releases

    try:
        text = _text(source)
        guard(text)
        found = Releases(settings(home)).open().engine.explain(text, dataset, analyse=run)
    except GovgraphError as error:
        fail(error)
    shown = json.dumps(found.as_dict(), ensure_ascii=False) if as_json else found.as_text()
    print(shown, end="\n" if as_json else "")


def _write(chunks: Chunks) -> None:
    """An answer to standard output as it is made, with a line's end."""
    last = b""
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
        last = chunk
    sys.stdout.buffer.write(b"" if last.endswith(b"\n") else b"\n")


def _text(source: str) -> str:
    """The text of a query that ships, of a file, or of standard input for `-`."""
    from govgraph.catalog.index import entries, find_query

    entry, shipped = entries().get(source), find_query(source)
    if entry and entry.query is not None:
        return entry.query
    if shipped:
        return shipped.text
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return content.decode("utf-8")
    except OSError as error:
        raise GovgraphError("file-unusable", path=source, why=error.strerror) from None
    except UnicodeDecodeError:
        raise GovgraphError("not-utf8") from None
