"""What the commands share: options, settings, the consoles, leaving with an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from govgraph.errors import GovgraphError

if TYPE_CHECKING:
    from govgraph.settings import Settings

console = Console()
errors = Console(stderr=True)

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Folder of the releases (GOVGRAPH_HOME).")
]
DocumentsOption = Annotated[
    Path | None, typer.Option("--documents", help="Folder of source documents, to show passages.")
]
HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]
PortOption = Annotated[int | None, typer.Option("--port", help="Port to listen on.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DatasetsArgument = Annotated[
    list[Path],
    typer.Argument(help="Dataset folders: CSV files and CSVW metadata.", metavar="DATASET..."),
]
RejectsOption = Annotated[
    int, typer.Option("--max-rejects", min=0, help="Publish although up to N rows were rejected.")
]

EditsOption = Annotated[
    bool,
    typer.Option(
        "--without-edits", help="Leave out what updates over HTTP have changed since they began."
    ),
]


def settings(home: Path | None = None, documents: Path | None = None, **more: Any) -> Settings:
    """Settings from the environment, command-line options winning."""
    from pydantic import ValidationError

    from govgraph.settings import Settings

    given = {"home": home, "documents": documents, **more}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name, why = str(first["loc"][0]), first["msg"]
        fail(GovgraphError("invalid-parameter", name=name, why=why, why_zh=why))


def fail(error: GovgraphError, as_json: bool = False) -> NoReturn:
    """Say what is wrong and leave with status 2: usage or configuration."""
    from govgraph.printed import print_error

    if as_json:
        print_json(error.problem())
    else:
        print_error(errors, error)
    raise typer.Exit(2)


def print_json(document: Any) -> None:
    """A document for machines, on one line."""
    print(json.dumps(document, ensure_ascii=False))
