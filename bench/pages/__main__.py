"""`python -m bench.pages`: every page of the site, in zh and en, in process and over HTTP; searches.

Without --home a release of the shipped data is built, and the pages are those of the tests. With
one, such as a nation's, they are the same pages of its entities.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from bench.catalogue import SHIPPED, write_results
from bench.machine import machine, versions
from bench.pages.addresses import Asked, of_release, shipped
from bench.pages.bars import NATION, SHIPPED_BARS, Bars
from bench.pages.report import page_table, search_table, summary
from bench.pages.searches import searches
from bench.pages.site import InProcess, OverHttp, served
from bench.pages.timing import Taken
from govgraph.build import build
from govgraph.lookup.search import how_many, nearest, search
from govgraph.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh", "en")
#: The tests' site is built from these (tests/conftest.py).
SHIPPED_PAGES = [
    path for path in SHIPPED if path.name in ("xiyuan", "example-communities", "comparators")
]
progress = Console(stderr=True, highlight=False, markup=False)


@dataclass
class Measured:
    """A page in one language: asked for the first time, of a release just opened, with questions
    answered anew, asked again, over HTTP; bytes, and those sent."""

    page: Asked
    language: str
    first: Taken = field(default_factory=Taken)
    opened: Taken = field(default_factory=Taken)
    anew: Taken = field(default_factory=Taken)
    again: Taken = field(default_factory=Taken)
    http: Taken = field(default_factory=Taken)
    size: int = 0
    sent: int = 0
    wrong: str = ""


@dataclass
class Searched:
    """Searches of one sort: what each took, and how many found nothing."""

    sort: str
    texts: Sequence[str]
    taken: Taken = field(default_factory=Taken)
    worst: dict[str, float] = field(default_factory=dict)
    nothing: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 0; 1 if a page is not what was asked for, or a bar is missed."""
    options = _parser().parse_args(arguments)
    before = machine()
    bars = NATION if options.home else SHIPPED_BARS
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or _built(Path(folder))
        pages, found = _in_process(home, options)
        if not options.no_http:
            with served(home, Path(folder) / "serve.log") as site:
                _over_http(site, pages, options.runs)
    _print(pages, found, bars)
    misses = summary(pages, found, bars)
    write_results(
        f"pages-{options.name or ('home' if options.home else 'shipped')}",
        {
            "machine": before,
            "versions": versions(ROOT / ".work" / "bench" / "peers"),
            "pages": [_as_dict(page) for page in pages],
            "searches": [vars(one) | {"taken": one.taken.as_dict()} for one in found],
            "missed": misses,
        },
    )
    return 1 if misses else 0


def _built(folder: Path) -> Path:
    home = folder / "home"
    if build(SHIPPED_PAGES, Settings(home=home)).release is None:
        raise SystemExit("the data was refused")
    return home


def _in_process(home: Path, options: argparse.Namespace) -> tuple[list[Measured], list[Searched]]:
    site = InProcess(home)
    opened = site.opened()
    asked = of_release(opened.context, opened.labels, options.each) if options.home else shipped()
    chosen = [page for page in asked if not options.only or page.name.startswith(options.only)]
    pages = [Measured(page, language) for page in chosen for language in LANGUAGES]
    for page in pages:
        _measure(site, page, options.runs)
        progress.print(f"  {page.page.name:24} {page.language} {page.opened.processor:8.1f} ms")
    found = [] if options.no_search else _searched(opened.labels, options.runs)
    site.close()
    return pages, found


def _measure(site: InProcess, page: Measured, runs: int) -> None:
    """Once, then of the release opened anew, then runs that answer all questions anew, then some
    that need not."""
    address = page.page.in_language(page.language)
    came = page.first.add(lambda: site.ask(address))
    page.size = came.size
    if came.status != page.page.status:
        page.wrong = f"status {came.status}"
    for _ in range(runs):
        site.reopen()
        page.opened.add(lambda: site.ask(address))
    for _ in range(runs):
        site.forget()
        page.anew.add(lambda: site.ask(address))
    for _ in range(runs):
        page.again.add(lambda: site.ask(address))


def _over_http(site: OverHttp, pages: Sequence[Measured], runs: int) -> None:
    """The same pages of a server; a warm-up first, as in process."""
    for page in pages:
        address = page.page.in_language(page.language)
        page.sent = site.ask(address).sent
        for _ in range(runs):
            page.http.add(lambda address=address: site.ask(address))


def _searched(labels: Path, runs: int) -> list[Searched]:
    """What a search page asks of the index: hits, their numbers, and names that are near where
    there are none."""
    found = []
    for sort, texts in searches(labels).items():
        one = Searched(sort, texts)
        for text in texts:
            _search(labels, text)
            each = Taken()
            for _ in range(runs):
                hits = each.add(lambda text=text: _search(labels, text))
            one.nothing += not hits
            one.worst[text] = each.processor
            one.taken.wall += each.wall
            one.taken.cpu += each.cpu
        found.append(one)
        progress.print(f"  {sort:40} {one.taken.processor:8.1f} ms")
    return found


def _search(labels: Path, text: str) -> int:
    hits = search(labels, text, limit=51)
    if len(hits) > 50:
        how_many(labels, text, 500)
    elif not hits:
        nearest(labels, text, limit=10)
    return len(hits)


def _print(pages: Sequence[Measured], found: Sequence[Searched], bars: Bars) -> None:
    console = Console(width=200, highlight=False)
    console.print(page_table(pages, bars))
    if found:
        console.print(search_table(found, bars))
    for miss in summary(pages, found, bars):
        console.print(f"MISSED {miss}", style="bold red", markup=False)


def _as_dict(page: Measured) -> dict[str, object]:
    taken = {name: getattr(page, name) for name in ("first", "opened", "anew", "again", "http")}
    return {
        "page": page.page.name, "address": page.page.address, "language": page.language,
        "bytes": page.size, "sent": page.sent, "wrong": page.wrong,
        **{name: found.as_dict() for name, found in taken.items() if found.wall},
    }  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--home", type=Path, help="a home with a release, as of a nation")
    parser.add_argument("--name", help="of the results' file: pages-NAME-latest.json")
    parser.add_argument("--only", help="pages whose names begin so")
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each")
    parser.add_argument("--each", type=int, default=4, help="entities of each kind of a --home")
    parser.add_argument("--no-http", action="store_true", help="in process only")
    parser.add_argument("--no-search", action="store_true", help="pages only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
