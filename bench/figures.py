"""From seconds to ratios, geometric means and bars. Nothing here measures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bench.answers import difference
from bench.data import ANALYTICAL, LOOKUP
from bench.engine import Load
from bench.measure import Timing

HTTP, PROCESS, COLUMNS, ALONE = (
    f"govgraph-{name}" for name in ("http", "process", "columns", "oxigraph")
)
SERVE, VIRTUOSO, RDFLIB = "oxigraph-serve", "virtuoso", "rdflib"
PEERS = (SERVE, VIRTUOSO, RDFLIB)

#: The size of the data, in communities, that the bars are set for.
BARS_AT = 20_000
MOST_SECONDS = 2.0
OVER_VIRTUOSO = 1.3
OVER_OXIGRAPH = 1.2
MEAN_BARS = {SERVE: 30.0, VIRTUOSO: 4.0}
MOST_SHARE = 0.20
MOST_BYTES = 20.0

#: engine -> query -> timing
Timings = Mapping[str, Mapping[str, Timing]]


@dataclass(frozen=True)
class Bar:
    """A bar and whether it is met; None where what it needs was not measured."""

    text: str
    found: str
    met: bool | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def seconds(timings: Timings, engine: str, query: str) -> float | None:
    timing = timings.get(engine, {}).get(query)
    return timing.seconds if timing else None


def ratio(timings: Timings, slower: str, faster: str, query: str) -> float | None:
    """How many times as long one engine takes as another; None where one has no figure."""
    above, below = seconds(timings, slower, query), seconds(timings, faster, query)
    return None if above is None or below is None else above / below


def geometric_mean(ratios: Iterable[float]) -> float:
    """The nth root of the product. ValueError if there are none."""
    logarithms = [math.log(value) for value in ratios]
    if not logarithms:
        raise ValueError("no ratios")
    return math.exp(sum(logarithms) / len(logarithms))


def mean_over(timings: Timings, peer: str, ours: str = HTTP) -> tuple[float, int] | None:
    """The geometric mean of peer / ours over the analytical queries, and over how many of them."""
    found = [ratio(timings, peer, ours, query) for query in ANALYTICAL]
    present = [value for value in found if value is not None]
    return (geometric_mean(present), len(present)) if present else None


def query_bar(timings: Timings, query: str) -> Bar:
    """What one query has to keep: seconds, and not to lose to Virtuoso; a lookup, to Oxigraph."""
    checks = [("s", seconds(timings, HTTP, query), MOST_SECONDS)]
    if VIRTUOSO in timings:
        over = ratio(timings, HTTP, VIRTUOSO, query)
        checks.append(("× Virtuoso", over, OVER_VIRTUOSO))
    if query == LOOKUP:
        over = ratio(timings, PROCESS, ALONE, query)
        checks.append(("× Oxigraph", over, OVER_OXIGRAPH))
    text = ", ".join(f"≤ {most:g} {unit}" for unit, _, most in checks)
    found = ", ".join("–" if v is None else f"{v:.3g} {unit}" for unit, v, _ in checks)
    return Bar(text, found, _verdict([(value, most) for _, value, most in checks]))


def _verdict(checks: list[tuple[float | None, float]]) -> bool | None:
    """No for one that is broken; otherwise unknown for one without a figure."""
    if any(value is not None and value > most for value, most in checks):
        return False
    return None if any(value is None for value, _ in checks) else True


def bars(timings: Timings, load: Load | None, triples: int) -> list[Bar]:
    """The bars over all queries and over the load."""
    found = [_slowest(timings)]
    found += [_mean(timings, peer, least) for peer, least in MEAN_BARS.items()]
    found += [_worst(timings), _lookup(timings)]
    return found + (_load_bars(load, triples) if load else [])


def _slowest(timings: Timings) -> Bar:
    ours = {query: timing.seconds for query, timing in timings.get(HTTP, {}).items()}
    text = f"every query < {MOST_SECONDS:g} s warm over HTTP"
    known = {query: value for query, value in ours.items() if value is not None}
    if not known:
        return Bar(text, "–", None)
    query = max(known, key=known.__getitem__)
    whole = len(known) == len(ours)
    return Bar(text, f"{query} {known[query]:.3f} s", whole and known[query] < MOST_SECONDS)


def _mean(timings: Timings, peer: str, least: float) -> Bar:
    text = f"geometric mean over {len(ANALYTICAL)} analytical queries ≥ {least:g} × {peer}"
    mean = mean_over(timings, peer)
    if mean is None:
        return Bar(text, "–", None)
    value, count = mean
    whole = count == len(ANALYTICAL)
    note = "" if whole else f" over {count}"
    return Bar(text, f"{value:.1f} ×{note}", value >= least if whole else None)


def _worst(timings: Timings) -> Bar:
    text = f"no query slower than {OVER_VIRTUOSO:g} × Virtuoso"
    found = {query: ratio(timings, HTTP, VIRTUOSO, query) for query in timings.get(HTTP, {})}
    known = {query: value for query, value in found.items() if value is not None}
    if not known:
        return Bar(text, "–", None)
    over = [query for query, value in known.items() if value > OVER_VIRTUOSO]
    query = max(known, key=known.__getitem__)
    others = f"; over it: {', '.join(over)}" if over else ""
    return Bar(text, f"{query} {known[query]:.2f} ×{others}", not over)


def _lookup(timings: Timings) -> Bar:
    text = f"{LOOKUP} ≤ {OVER_OXIGRAPH:g} × Oxigraph alone, both in process"
    value = ratio(timings, PROCESS, ALONE, LOOKUP)
    if value is None:
        return Bar(text, "–", None)
    return Bar(text, f"{value:.2f} ×", value <= OVER_OXIGRAPH)


def _load_bars(load: Load, triples: int) -> list[Bar]:
    steps = {step.name: step for step in load.steps}
    wall = steps["columns"].wall / (steps["load"].wall + steps["optimize"].wall)
    cpu = steps["columns"].cpu / (steps["load"].cpu + steps["optimize"].cpu)
    size = load.disk["columns"] / triples
    return [
        Bar(
            f"columns add ≤ {MOST_SHARE:.0%} to the load step",
            f"{wall:.0%} of the wall time, {cpu:.0%} of the CPU time",
            wall <= MOST_SHARE,
        ),
        Bar(f"columns ≤ {MOST_BYTES:g} bytes a triple", f"{size:.1f}", size <= MOST_BYTES),
    ]


def mismatches(timings: Timings) -> list[str]:
    """Where engines failed, or gave other answers than the first one that answered."""
    found = []
    for query in dict.fromkeys(q for by_query in timings.values() for q in by_query):
        given = {name: by_query[query] for name, by_query in timings.items() if query in by_query}
        found += [f"{query}: {name} failed: {t.error}" for name, t in given.items() if t.error]
        answers = [(name, t.answer) for name, t in given.items() if t.answer]
        for name, answer in answers[1:]:
            why = difference(answer, answers[0][1])
            if why:
                found.append(f"{query}: {name} differs from {answers[0][0]}: {why}")
    return found
