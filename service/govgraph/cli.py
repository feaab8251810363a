"""The command `govgraph`."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from govgraph import resources
from govgraph.ask import ask as answer_question
from govgraph.build import Build, build
from govgraph.catalog.evidence import ROWS, evidence
from govgraph.catalog.files import MEDIA, written
from govgraph.catalog.index import entries, find_entry, find_query
from govgraph.catalog.present import about, document
from govgraph.catalog.questions import find_question, questions
from govgraph.engine.base import Dataset
from govgraph.engine.guard import guard
from govgraph.engine.stream import Chunks
from govgraph.errors import GovgraphError
from govgraph.governance.models.nodes import Language
from govgraph.governance.models.side_by_side import Format
from govgraph.http import negotiate
from govgraph.http.comparison import side_by_side
from govgraph.http.releases import compare
from govgraph.http.state import Releases
from govgraph.lookup.why import explain as explain_triple
from govgraph.release import Home
from govgraph.results import print_entries, print_evidence, print_result
from govgraph.settings import Settings
from govgraph.terminal import (
    Progress,
    print_build,
    print_error,
    print_problems,
    print_reply,
    print_rows,
)
from govgraph.tree import print_why

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A knowledge graph of local governance, from CSV to answered questions.",
)
console = Console()
errors = Console(stderr=True)

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Folder of the releases (GOVGRAPH_HOME).")
]
DocumentsOption = Annotated[
    Path | None, typer.Option("--documents", help="Folder of source documents, to show passages.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DatasetsArgument = Annotated[
    list[Path],
    typer.Argument(help="Dataset folders: CSV files and CSVW metadata.", metavar="DATASET..."),
]
RejectsOption = Annotated[
    int, typer.Option("--max-rejects", min=0, help="Publish although up to N rows were rejected.")
]


def settings(home: Path | None = None, documents: Path | None = None, **more: Any) -> Settings:
    """Settings from the environment, command-line options winning."""
    given = {"home": home, "documents": documents, **more}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name, why = str(first["loc"][0]), first["msg"]
        fail(GovgraphError("invalid-parameter", name=name, why=why, why_zh=why))


def fail(error: GovgraphError, as_json: bool = False) -> NoReturn:
    """Say what is wrong and leave with status 2: usage or configuration."""
    if as_json:
        print(json.dumps(error.problem(), ensure_ascii=False))
    else:
        print_error(errors, error)
    raise typer.Exit(2)


@app.command("build")
def build_command(
    datasets: DatasetsArgument,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    max_rejects: RejectsOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Read, check, infer, validate and publish one release."""
    _run(datasets, settings(home, documents), max_rejects, publish=True, as_json=as_json)


@app.command()
def check(
    datasets: DatasetsArgument,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    max_rejects: RejectsOption = 0,
    as_json: JsonOption = False,
) -> None:
    """The same as build, without publishing."""
    _run(datasets, settings(home, documents), max_rejects, publish=False, as_json=as_json)


def _run(
    datasets: list[Path], given: Settings, max_rejects: int, *, publish: bool, as_json: bool
) -> Build:
    try:
        with Progress(errors, quiet=as_json) as progress:
            done = build(
                datasets, given, publish=publish, max_rejects=max_rejects, notify=progress.notify
            )
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print(
            json.dumps(
                done.report() | {"release": done.release.id if done.release else None},
                ensure_ascii=False,
            )
        )
    else:
        print_problems(console, done)
        print_build(console, done, publish)
    if done.refused:
        raise typer.Exit(1)
    return done


@app.command()
def serve(
    home: HomeOption = None,
    documents: DocumentsOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    scratch: Annotated[
        bool,
        typer.Option(
            "--scratch",
            help="An empty dataset in memory that anyone on this machine may change, for tests.",
        ),
    ] = False,
) -> None:
    """Serve the current release over HTTP, or an empty dataset to change."""
    given = settings(home, documents, host=host, port=port)
    if scratch:
        _serve_scratch(given, [name for name, value in _given(home, documents) if value])
    else:
        _serve(given)


def _given(home: Path | None, documents: Path | None) -> list[tuple[str, Path | None]]:
    return [("--home", home), ("--documents", documents)]


def _serve_scratch(given: Settings, unused: list[str]) -> None:
    from govgraph.scratch.app import create_scratch_app
    from govgraph.scratch.loopback import is_loopback

    if not is_loopback(given.host):
        why = f"--scratch takes updates without a key, so it listens on loopback only: {given.host}"
        why_zh = f"--scratch 无需密钥即可改动，只能监听本机地址：{given.host}"
        fail(GovgraphError("invalid-parameter", name="--host", why=why, why_zh=why_zh))
    if unused:
        why, why_zh = "--scratch begins with an empty dataset", "--scratch 从空数据集开始"
        fail(GovgraphError("invalid-parameter", name=unused[0], why=why, why_zh=why_zh))
    _listen(create_scratch_app(given), given, "/sparql, /update, /graphs; in memory")


def _serve(given: Settings) -> None:
    from govgraph.pool.front import Front

    _listen(Front(given), given, "/docs, /sparql, /api/v1")


def _listen(service: Any, given: Settings, paths: str) -> None:
    import uvicorn

    from govgraph.http.connection import taking

    console.print(f"govgraph: http://{given.host}:{given.port}  ({paths})", highlight=False)
    uvicorn.run(
        service, host=given.host, port=given.port, log_level="warning", lifespan="on",
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=10, ws="none",
        http=taking(given.arrival_seconds),
    )  # fmt: skip


@app.command()
def demo(
    home: HomeOption = None,
    documents: DocumentsOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Build the shipped data, the 西园 case, other models and synthetic communities, and serve it."""
    given = settings(home, documents, host=host, port=port)
    data = resources.folder("data")
    _run(
        [data / "xiyuan", data / "comparators", data / "example-communities"],
        given,
        0,
        publish=True,
        as_json=False,
    )
    _serve(given)


@app.command("ask")
def ask_command(
    question: Annotated[
        list[str] | None, typer.Argument(help="An id such as CQ24, or words of the question.")
    ] = None,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a competency question with its evidence; without one, list them."""
    if not question:
        for item in questions():
            console.print(f"{item.id}  {item.zh}  [dim]{item.en}[/dim]", highlight=False)
        return
    try:
        opened = Releases(settings(home, documents)).open()
        reply = answer_question(opened.context, find_question(" ".join(question)))
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print(json.dumps(reply.as_dict() | {"release": opened.release.id}, ensure_ascii=False))
    else:
        print_reply(console, reply, opened.release.id)


@app.command()
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
    if source in entries() and not (explain or analyze or not inference):
        answer_entry(source, parameters or [], format, settings(home, documents), proved=proved)
    elif parameters:
        why, why_zh = "only queries of the catalogue take parameters", "只有目录中的查询可带参数"
        fail(GovgraphError("invalid-parameter", name="--param", why=why, why_zh=why_zh))
    elif explain or analyze:
        _explain(source, home, Dataset(inference=inference), analyze, format == "json")
    else:
        _run_query(source, format, home, Dataset(inference=inference))


@app.command()
def queries(as_json: JsonOption = False) -> None:
    """List the queries of the catalogue with their parameters."""
    if as_json:
        print(json.dumps([about(entry) for entry in entries().values()], ensure_ascii=False))
    else:
        print_entries(console, entries().values())


def answer_entry(
    name: str, parameters: list[str], format: str, given: Settings, *, proved: bool
) -> None:
    """Answer a query of the catalogue on the terminal, or write it as a file does."""
    try:
        opened = Releases(given).open()
        context, result = opened.context, opened.answer(find_entry(name), _pairs(parameters))
        if format in MEDIA:
            sys.stdout.buffer.write(written(context, result, format, opened.release.id))
            return
        if format not in ("table", "json"):
            raise GovgraphError("not-acceptable", offered=", ".join(("table", "json", *MEDIA)))
        proof = evidence(context, result, 0, min(result.frame.height, ROWS)) if proved else None
        if format == "json":
            more = {} if proof is None else {"evidence": proof}
            print(json.dumps(document(context, result) | more, ensure_ascii=False))
            return
        print_result(console, context, result)
        if proof is not None:
            print_evidence(console, proof)
    except GovgraphError as error:
        fail(error)


def _pairs(parameters: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals:
            why, why_zh = "write NAME=VALUE", "应写作 名称=值"
            raise GovgraphError("invalid-parameter", name=text, why=why, why_zh=why_zh)
        found.setdefault(name, []).append(value)
    return found


def _run_query(source: str, format: str, home: Path | None, dataset: Dataset) -> None:
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


@app.command("compare")
def compare_command(
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
    format: Annotated[Format, typer.Option(help="md, json, csv or xlsx.")] = "md",
    lang: Annotated[Language, typer.Option(help="Language of Markdown.")] = "zh",
    home: HomeOption = None,
) -> None:
    """Write two or more models or places side by side, with states and citations."""
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


@app.command("why")
def why_command(
    subject: Annotated[str, typer.Argument(help="IRI, prefix:name, or type/key of an instance.")],
    predicate: Annotated[str, typer.Argument(help="IRI, prefix:name, or a for rdf:type.")],
    object: Annotated[str, typer.Argument(help="The same, or a literal as in Turtle.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain why the release holds a triple: its rule, axioms and premises, down to CSV rows."""
    try:
        opened = Releases(settings(home)).open()
        document = explain_triple(opened.context, subject, predicate, object)
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print(json.dumps(document | {"release": opened.release.id}, ensure_ascii=False))
    else:
        print_why(console, document, opened.release.id)


@app.command("releases")
def list_releases(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the releases, the served one marked."""
    store = Home(settings(home).home)
    try:
        current = store.current().id
    except GovgraphError:
        current = ""
    rows = [
        {
            "id": r.id,
            "current": r.id == current,
            "quads": r.manifest["quads"],
            "tables": r.manifest["tables"],
        }
        for r in store.releases()
    ]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        mark = "*" if row["current"] else " "
        console.print(
            f"{mark} {row['id']}  {row['tables']} tables  {row['quads']} quads", highlight=False
        )


@app.command("diff")
def diff_releases(
    old: Annotated[str, typer.Argument(help="The older release, by id or date.")],
    new: Annotated[str, typer.Argument(help="The newer one; the one served if left out.")] = (
        "current"
    ),
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what changed from one release to another: posts, bodies, amounts, and every other fact."""
    try:
        document = compare(Releases(settings(home)), new, old)
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
        return
    for change in document["changes"]:
        console.print(
            f"{change['kind']}  {change['sentence']['zh']}\n    {change['sentence']['en']}",
            highlight=False,
            markup=False,
        )
    counts = ", ".join(f"{kind} {number}" for kind, number in document["counts"].items())
    console.print(f"{document['since']} → {document['release']}: {counts or '0'}", highlight=False)


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(help="The id of a release.")], home: HomeOption = None
) -> None:
    """Serve an older release again."""
    try:
        Home(settings(home).home).rollback(release)
    except GovgraphError as error:
        fail(error)
    console.print(f"serving {release}", highlight=False)


@app.command()
def export(
    output: Annotated[
        Path | None, typer.Argument(help="File to write; standard output if left out.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write the quads of the current release as N-Quads."""
    try:
        release = Home(settings(home).home).current()
        with output.open("wb") if output else nullcontext(sys.stdout.buffer) as stream:
            for path in sorted((release.path / "quads").glob("*.nq")):
                with path.open("rb") as quads:
                    shutil.copyfileobj(quads, stream)
    except GovgraphError as error:
        fail(error)
    except OSError as error:
        fail(GovgraphError("file-unusable", path=output or "-", why=error.strerror))


@app.command("settings")
def show_settings() -> None:
    """List the settings: variable, value now, meaning."""
    given = settings()
    for name, field in Settings.model_fields.items():
        console.print(
            f"GOVGRAPH_{name.upper()} = {getattr(given, name)}\n    {field.description}",
            highlight=False,
            markup=False,
        )


if __name__ == "__main__":
    app()
