"""`serve` and `demo`: the service over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from govgraph.cli.options import (
    DocumentsOption,
    HomeOption,
    HostOption,
    PortOption,
    console,
    errors,
    fail,
    settings,
)
from govgraph.errors import GovgraphError

if TYPE_CHECKING:
    from govgraph.settings import Settings


def serve(
    home: HomeOption = None,
    documents: DocumentsOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes that answer requests.")
    ] = None,
    allow_update: Annotated[
        bool,
        typer.Option("--allow-update", help="Take changes from those who hold a key for it."),
    ] = False,
    scratch: Annotated[
        bool,
        typer.Option(
            "--scratch",
            help="An empty dataset that anyone on this machine may change, for tests.",
        ),
    ] = False,
) -> None:
    """Serve the current release over HTTP, or an empty dataset to change."""
    given = settings(
        home, documents, host=host, port=port, workers=workers, allow_update=allow_update or None
    )
    if scratch:
        released = {"--home": home, "--documents": documents, "--allow-update": allow_update}
        _serve_scratch(given, [name for name, value in released.items() if value])
    else:
        serve_releases(given)


def demo(
    home: HomeOption = None,
    documents: DocumentsOption = None,
    host: HostOption = None,
    port: PortOption = None,
) -> None:
    """Build the shipped data, the 西园 case, other models and synthetic communities, and serve it."""
    from govgraph import resources
    from govgraph.cli.building import run

    given = settings(home, documents, host=host, port=port)
    data = resources.folder("data")
    shipped = [data / name for name in ("xiyuan", "comparators", "example-communities")]
    run(shipped, given, 0, publish=True, as_json=False)
    serve_releases(given)


def serve_releases(given: Settings) -> None:
    """Serve the releases of a home until the process is told to stop."""
    from govgraph.pool.service import serve

    if given.engine == "remote":
        _say_what_is_held(given)
    _say(given, "/docs, /sparql, /api/v1")
    serve(given)


def _say_what_is_held(given: Settings) -> None:
    """Whether the endpoint answers, and with which release. Serving begins all the same: it may
    come back."""
    from govgraph.printed import print_error
    from govgraph.remote_release import held

    try:
        release = held(given)
    except GovgraphError as error:
        print_error(errors, error)
    else:
        console.print(f"endpoint 端点 {given.remote_query}: {release or '–'}", highlight=False)


def _serve_scratch(given: Settings, unused: list[str]) -> None:
    from govgraph.pool.service import serve_scratch
    from govgraph.scratch.loopback import is_loopback

    if not is_loopback(given.host):
        why = f"--scratch takes updates without a key, so it listens on loopback only: {given.host}"
        why_zh = f"--scratch 无需密钥即可改动，只能监听本机地址：{given.host}"
        fail(GovgraphError("invalid-parameter", name="--host", why=why, why_zh=why_zh))
    if unused:
        why, why_zh = "--scratch begins with an empty dataset", "--scratch 从空数据集开始"
        fail(GovgraphError("invalid-parameter", name=unused[0], why=why, why_zh=why_zh))
    _say(given, "/sparql, /update, /graphs; nothing is kept")
    serve_scratch(given)


def _say(given: Settings, paths: str) -> None:
    console.print(f"govgraph: http://{given.host}:{given.port}  ({paths})", highlight=False)
