"""`ask`, `compare` and `why`: questions that the service knows how to answer."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

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


def ask(
    question: Annotated[
        list[str] | None, typer.Argument(help="An id such as CQ24, or words of the question.")
    ] = None,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a competency question with its evidence; without one, list them."""
    from govgraph import ask as asking
    from govgraph.catalog.questions import find_question, questions
    from govgraph.http.state import Releases
    from govgraph.terminal import print_reply

    if not question:
        for item in questions():
            console.print(f"{item.id}  {item.zh}  [dim]{item.en}[/dim]", highlight=False)
        return
    try:
        opened = Releases(settings(home, documents)).open()
        reply = asking.ask(opened.context, find_question(" ".join(question)))
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(reply.as_dict() | {"release": opened.release.id})
    else:
        print_reply(console, reply, opened.release.id)


def compare(
    models: Annotated[
        list[str] | None, typer.Argument(help="Models, by id.", metavar="MODEL...")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option("--place", help="A place, by id; may be repeated.")
    ] = None,
    dimension: Annotated[
        list[str] | None,
        typer.Option("--dimension", help="This dimension only, such as gov:staffingDimension."),
    ] = None,
    at: Annotated[str | None, typer.Option(help="What held in places at this date.")] = None,
    differences: Annotated[
        bool, typer.Option("--differences", help="Only rows that differ.")
    ] = False,
    format: Annotated[
        Literal["json", "csv", "md", "xlsx"], typer.Option(help="md, json, csv or xlsx.")
    ] = "md",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of Markdown.")] = "zh",
    home: HomeOption = None,
) -> None:
    """Write two or more models or places side by side, with states and citations."""
    from govgraph.http.comparison import side_by_side
    from govgraph.http.state import Releases

    texts = {
        "models": models or [],
        "places": place or [],
        "dimensions": dimension or [],
        "at": [at] if at else [],
    }
    try:
        opened = Releases(settings(home)).open()
        body = side_by_side(opened, texts, format, lang, differences_only=differences)
    except GovgraphError as error:
        fail(error)
    sys.stdout.buffer.write(body)


def why(
    subject: Annotated[str, typer.Argument(help="IRI, prefix:name, or type/key of an instance.")],
    predicate: Annotated[str, typer.Argument(help="IRI, prefix:name, or a for rdf:type.")],
    object: Annotated[str, typer.Argument(help="The same, or a literal as in Turtle.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain why the release holds a triple: its rule, axioms and premises, down to CSV rows."""
    from govgraph.http.state import Releases
    from govgraph.lookup.why import explain
    from govgraph.tree import print_why

    try:
        opened = Releases(settings(home)).open()
        document = explain(opened.context, subject, predicate, object)
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(document | {"release": opened.release.id})
    else:
        print_why(console, document, opened.release.id)
