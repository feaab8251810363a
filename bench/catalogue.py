"""`python -m bench.catalogue`: how long each named query takes on a release of the given data.

In one process: the answer made anew, Oxigraph alone on the same query where it is one, and a page
with its evidence. Over HTTP: the first answer of a new server, and the same question again.
"""

from __future__ import annotations

import argparse
import gc
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from bench.machine import machine, versions
from bench.report import markdown_table
from govgraph.build import build
from govgraph.catalog.entry import Entry
from govgraph.catalog.evidence import evidence
from govgraph.catalog.index import entries
from govgraph.catalog.run import query_text, run
from govgraph.catalog.values import as_texts, given
from govgraph.engine.hybrid import HybridEngine
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = [path for path in sorted((ROOT / "data").iterdir()) if any(path.glob("*.csv"))]
#: Milliseconds that an answer may take on the server.
BAR = 50.0
#: Rows of a page with evidence.
PAGE = 20
_COLUMNS = (
    "rows",
    "ours, ms",
    "Oxigraph, ms",
    "with evidence, ms",
    "HTTP first, ms",
    "HTTP again, ms",
    "met",
)
progress = Console(stderr=True, highlight=False, markup=False)
Figures = dict[str, float | int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 0; 1 if a query takes longer than the bar."""
    options = _parser().parse_args(arguments)
    before = machine()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        done = build(options.data, settings)
        if done.release is None:
            progress.print("the data was refused")
            return 1
        quads = done.release.manifest["quads"]
        found = _in_process(Releases(settings).open(), options.runs)
        for name, first, again in _over_http(Path(home), options.runs):
            found[name] |= {"http_first": first, "http_again": again}
    _print(found)
    run_ = {"machine": before, "versions": versions(ROOT / ".work" / "bench" / "peers")}
    write_results("catalogue", run_ | {"quads": quads, "queries": found})
    return 1 if any((f["ours"] or 0) > BAR for f in found.values()) else 0


def _in_process(opened: Opened, runs: int) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for entry in entries().values():
        texts = examples(entry)
        result = run(opened.context, entry, texts)
        found[entry.name] = {
            "rows": result.frame.height,
            "ours": median(lambda e=entry, t=texts: run(opened.context, e, t), runs),
            "oxigraph": _alone(opened, entry, texts, runs),
            "evidence": median(
                lambda r=result: evidence(opened.context, r, 0, min(PAGE, r.frame.height)), 3
            ),
        }
        progress.print(f"  {entry.name:28} {found[entry.name]['ours']:8.1f} ms")
    return found


def _alone(opened: Opened, entry: Entry, texts: dict[str, list[str]], runs: int) -> float | None:
    """Oxigraph by itself on a query of the catalogue; None for a function."""
    engine = opened.engine
    if entry.query is None or not isinstance(engine, HybridEngine):
        return None
    text = query_text(entry, given(opened.context, entry, texts))
    return median(lambda: engine.oxigraph.select(text), runs)


def _over_http(home: Path, runs: int) -> list[tuple[str, float, float]]:
    """(name, milliseconds of the first answer, median of the same question again)."""
    command = [sys.executable, "-m", "govgraph.cli", "serve", "--port", "0", "--home", str(home)]
    port = _free_port()
    command[command.index("0")] = str(port)
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            _wait(client)
            return [_asked(client, entry, runs) for entry in entries().values()]
    finally:
        server.terminate()
        server.wait()


def _asked(client: httpx.Client, entry: Entry, runs: int) -> tuple[str, float, float]:
    def ask() -> None:
        response = client.get(f"/api/v1/queries/{entry.name}", params=examples(entry))
        response.raise_for_status()

    return entry.name, timed(ask), median(ask, runs)


def examples(entry: Entry) -> dict[str, list[str]]:
    """The examples of an entry's parameters."""
    found = {p.name: as_texts(p.example) for p in entry.parameters}
    return {name: texts for name, texts in found.items() if texts}


def median(work: Callable[[], Any], runs: int) -> float:
    """Milliseconds, after one warm-up."""
    work()
    return statistics.median(timed(work) for _ in range(runs))


def timed(work: Callable[[], Any]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _wait(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/health").status_code == 200:
                client.get("/api/v1/queries")
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _print(found: dict[str, Figures]) -> None:
    table = markdown_table("query", *_COLUMNS)
    for name, figures in found.items():
        numbers = (
            figures.get(k) for k in ("ours", "oxigraph", "evidence", "http_first", "http_again")
        )
        shown = ("–" if n is None else f"{n:.1f}" for n in numbers)
        table.add_row(
            name, str(figures["rows"]), *shown, "yes" if (figures["ours"] or 0) <= BAR else "no"
        )
    Console(width=160, highlight=False).print(table)


def write_results(name: str, run_: dict[str, Any]) -> None:
    """Keep the figures of a bench as its latest."""
    now = datetime.now(UTC)
    folder = ROOT / "bench" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"date": now.isoformat(timespec="seconds")} | run_, indent=1) + "\n"
    (folder / f"{name}-latest.json").write_text(text, "utf-8")
    progress.print(f"written: {folder / f'{name}-latest.json'}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.catalogue", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=SHIPPED, help="dataset folders")
    parser.add_argument("--runs", type=int, default=15, help="timed runs of each")
    return parser


if __name__ == "__main__":
    sys.exit(main())
