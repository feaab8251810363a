"""All demands judged, each form by its own module, once for each engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.rules import cases, facts
from govgraph.governance.rules.cases import Judged
from govgraph.governance.rules.counts import judge_counts
from govgraph.governance.rules.demands import demands
from govgraph.governance.rules.links import judge_apart, judge_together
from govgraph.governance.rules.practice import Practice
from govgraph.governance.rules.terms import judge_terms
from govgraph.governance.stars import Facts

FORMS: Mapping[str, Callable[[pl.DataFrame, Practice], Judged]] = {
    "together": judge_together,
    "apart": judge_apart,
    "term": judge_terms,
    "count": judge_counts,
}


@dataclass(frozen=True, eq=False)
class Verdict:
    """What became of a graph's `demands` (demands.demands, with `demand`, a number of each), and
    the facts that answers still ask for: `adoptions` (seats.bound) and `places` (links up)."""

    demands: pl.DataFrame
    judged: Judged
    adoptions: pl.DataFrame
    places: pl.DataFrame


def judge(found: Facts) -> Verdict:
    """Every demand of the facts (facts.read) against them."""
    asked = demands(found).with_row_index("demand")
    practice = Practice(found, asked)
    stated = asked["form"].drop_nulls().unique().to_list() or list(FORMS)
    parts = [FORMS[form](asked.filter(form=form), practice) for form in FORMS if form in stated]
    return Verdict(asked, cases.gathered(parts), practice.bound, found["place"])


@dataclass
class _Kept:
    """An engine's verdict, once it is reached; who asks meanwhile waits for it."""

    reaching: Lock = field(default_factory=Lock)
    verdict: Verdict | None = None


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_looking = Lock()


def verdict(engine: Engine) -> Verdict:
    """The verdict on an engine's graph. A release never changes, so it is judged once and the
    verdict kept as long as the engine."""
    kept = _place(engine)
    with kept.reaching:
        if kept.verdict is None:
            kept.verdict = judge(facts.read(engine))
        return kept.verdict


def keep(engine: Engine, reached: Verdict) -> None:
    """Keep a verdict on an engine's graph that was reached apart."""
    _place(engine).verdict = reached


def _place(engine: Engine) -> _Kept:
    with _looking:
        return _kept.setdefault(engine, _Kept())
