"""`python -m bench.serving`: govgraph beside `oxigraph serve` on the same store, over HTTP.

Keep-alive clients ask point lookups, each of another subject, and the catalogue's SPARQL queries.
The answers must agree. The service is measured without its cache and, the same asked again, with it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store
from rich.console import Console

from bench.answers import Answer, difference, read_answer
from bench.catalogue import SHIPPED, examples, write_results
from bench.data import Query
from bench.keepalive import Connection, latencies, rate, request
from bench.machine import machine, versions
from bench.peers import oxigraph_
from bench.process import Server, free_port
from bench.report import markdown_table
from govgraph.build import build
from govgraph.catalog.index import entries
from govgraph.catalog.run import query_text
from govgraph.catalog.values import given
from govgraph.http.state import Releases
from govgraph.release import Home
from govgraph.settings import Settings
from govgraph.vocabulary import PREFIXES

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".work" / "bench" / "peers"
CLIENTS = 8
PEER, OURS, CACHED = "oxigraph serve", "govgraph", "govgraph, asked again"
_LIMITS_OFF = {"GOVGRAPH_CLIENT_SECONDS": "100000", "GOVGRAPH_CLIENT_REQUESTS": "64"}
progress = Console(stderr=True, highlight=False, markup=False)


@dataclass(frozen=True)
class Work:
    """What every server is asked: lookups by the subject, queries by their names."""

    lookups: list[str]
    queries: dict[str, str]


@dataclass
class Figures:
    """Median milliseconds of a lookup and of each query, requests a second of eight clients."""

    lookup: float = 0.0
    rate: float = 0.0
    queries: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """A ratio that has a bar: how much longer, or how many times as many, at most or at least."""

    text: str
    found: float
    limit: float
    met: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 0; 1 if answers differ or a bar is missed."""
    options = _parser().parse_args(arguments)
    before = machine()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or _built(Path(folder), options.data)
        work = _work(home, options.lookups)
        with _oxigraph(home, Path(folder)) as peer, _govgraph(home, Path(folder), "0") as ours:
            wrong = list(_compared(peer, ours, work))
            figures = _measured({PEER: peer, OURS: ours}, work, options)
        with _govgraph(home, Path(folder), "64MB") as ours:
            figures |= _measured({CACHED: ours}, work, options)
    bars = _bars(figures)
    _print(figures, bars, wrong)
    write_results(
        "serving",
        {
            "machine": before,
            "versions": versions(PEERS),
            "figures": {name: asdict(found) for name, found in figures.items()},
            "bars": [asdict(bar) for bar in bars],
            "differences": wrong,
        },
    )
    return 1 if wrong or not all(bar.met for bar in bars) else 0


def _built(folder: Path, data: Sequence[Path]) -> Path:
    home = folder / "home"
    if build(data, Settings(home=home)).release is None:
        raise SystemExit("the data was refused")
    return home


def _work(home: Path, lookups: int) -> Work:
    """Lookups of subjects drawn from the store, and the catalogue's queries with their examples.

    Those that name graphs are left out: the store that is shared holds the merge alone."""
    store = Store.read_only(str(Home(home).current().store))
    label = NamedNode(PREFIXES["rdfs"] + "label")
    subjects = {quad.subject for quad in store.quads_for_pattern(None, label, None)}
    drawn = sorted(s.value for s in subjects if isinstance(s, NamedNode))
    random.Random(1).shuffle(drawn)
    context = Releases(Settings(home=home)).open().context
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    queries = {
        entry.name: declared + query_text(entry, given(context, entry, examples(entry)))
        for entry in entries().values()
        if entry.query is not None and "GRAPH" not in entry.query
    }
    cycle = (drawn * (lookups // len(drawn) + 1))[:lookups]
    return Work([f"SELECT ?p ?o WHERE {{ <{subject}> ?p ?o }}" for subject in cycle], queries)


@contextmanager
def _oxigraph(home: Path, folder: Path) -> Iterator[Callable[[str], bytes]]:
    port = free_port()
    argv: list[str | Path] = [oxigraph_.command(PEERS), "serve-read-only"]
    argv += ["--location", Home(home).current().store, "--bind", f"127.0.0.1:{port}"]
    with _running(argv, port, folder / "oxigraph.log", "/query", {}) as asked:
        yield asked


@contextmanager
def _govgraph(home: Path, folder: Path, cache: str) -> Iterator[Any]:
    port = free_port()
    argv: list[str | Path] = [sys.executable, "-m", "govgraph.cli", "serve"]
    argv += ["--home", home, "--port", str(port)]
    given_ = _LIMITS_OFF | {"GOVGRAPH_CACHE": cache}
    with _running(argv, port, folder / "govgraph.log", "/sparql", given_) as asked:
        yield asked


@dataclass(frozen=True)
class Endpoint:
    port: int
    path: str

    def request(self, query: str) -> bytes:
        return request(self.path, query)


@contextmanager
def _running(
    argv: list[str | Path], port: int, log: Path, path: str, environment: dict[str, str]
) -> Iterator[Any]:
    server = Server(argv, port, log, environment=os.environ | environment)
    try:
        yield Endpoint(port, path)
    finally:
        server.stop()


def _compared(peer: Endpoint, ours: Endpoint, work: Work) -> Iterator[str]:
    """How answers differ."""
    connections = [(end, Connection(end.port)) for end in (peer, ours)]
    queries = work.queries | {f"lookup {n}": text for n, text in enumerate(work.lookups[:20])}
    for name, text in queries.items():
        one, other = (_answer(name, text, end, connection) for end, connection in connections)
        if differs := difference(one, other):
            yield f"{name}: {differs}"


def _answer(name: str, text: str, end: Endpoint, connection: Connection) -> Answer:
    return read_answer(Query(name, text), connection.ask(end.request(text)))


def _measured(servers: dict[str, Endpoint], work: Work, options: Any) -> dict[str, Figures]:
    """The figures of servers that are asked in turns, so that what else goes on meets them all."""
    found = {name: Figures() for name in servers}
    rounds: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(options.rounds):
        for name, end in servers.items():
            rounds[name] += latencies(end.port, map(end.request, work.lookups))
    for name, end in servers.items():
        found[name].lookup = statistics.median(rounds[name])
        found[name].rate = rate(
            end.port, [end.request(text) for text in work.lookups], CLIENTS, options.seconds
        )
    for query, text in work.queries.items():
        taken: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(options.rounds):
            for name, end in servers.items():
                taken[name] += latencies(end.port, [end.request(text)] * options.runs)
        for name in servers:
            found[name].queries[query] = statistics.median(taken[name])
        progress.print(
            f"  {query:28} " + "  ".join(f"{f.queries[query]:.2f}" for f in found.values())
        )
    return found


def _bars(figures: dict[str, Figures]) -> list[Bar]:
    peer, ours, cached = (figures[name] for name in (PEER, OURS, CACHED))
    rest = statistics.median(ours.queries[name] / peer.queries[name] for name in peer.queries)
    again = statistics.median(ours.queries[name] / cached.queries[name] for name in peer.queries)
    return [
        _at_most("point lookup, median latency ÷ peer's", ours.lookup / peer.lookup, 1.5),
        _at_most("the rest, median of latency ÷ peer's", rest, 1.1),
        _at_least("eight clients, requests a second ÷ peer's", ours.rate / peer.rate, 0.7),
        _at_least("asked again, times as fast", again, 2.0),
    ]


def _at_most(text: str, found: float, limit: float) -> Bar:
    return Bar(f"{text} ≤ {limit:g}", found, limit, found <= limit)


def _at_least(text: str, found: float, limit: float) -> Bar:
    return Bar(f"{text} ≥ {limit:g}", found, limit, found >= limit)


def _print(figures: dict[str, Figures], bars: list[Bar], wrong: list[str]) -> None:
    table = markdown_table("median, ms", *figures)
    table.add_row("point lookup", *(f"{found.lookup:.2f}" for found in figures.values()))
    for query in figures[PEER].queries:
        table.add_row(query, *(f"{found.queries[query]:.2f}" for found in figures.values()))
    table.add_row("requests a second", *(f"{found.rate:,.0f}" for found in figures.values()))
    judged = markdown_table("bar", "found", "met")
    for bar in bars:
        judged.add_row(bar.text, f"{bar.found:.2f}", "yes" if bar.met else "no")
    console = Console(width=160, highlight=False)
    console.print(table)
    console.print(judged)
    for line in wrong:
        console.print(f"MISMATCH {line}", style="bold red", markup=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=SHIPPED, help="dataset folders")
    parser.add_argument("--home", type=Path, help="a home with a release, instead of datasets")
    parser.add_argument("--lookups", type=int, default=1000, help="point lookups of a round")
    parser.add_argument("--rounds", type=int, default=3, help="turns of the servers")
    parser.add_argument("--runs", type=int, default=10, help="runs of each query in a turn")
    parser.add_argument("--seconds", type=float, default=5, help="that eight clients ask")
    return parser


if __name__ == "__main__":
    sys.exit(main())
