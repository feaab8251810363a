"""Posts that go together, and posts that must not: judged per rule, place and person."""

from __future__ import annotations

import polars as pl

from govgraph.governance.rules import cases
from govgraph.governance.rules.cases import Judged, may, sure
from govgraph.governance.rules.demands import ANYWHERE, SAME
from govgraph.governance.rules.practice import LAYER, Practice
from govgraph.governance.rules.seats import around
from govgraph.governance.rules.steps import runs, steps


def judge_together(asked: pl.DataFrame, practice: Practice) -> Judged:
    """Broken where the first post is surely held under the model and the second cannot be."""
    subjects, layers = _layers(asked, practice)
    # one appointment that fills both slots covers itself, whatever its dates
    covered = sure("second") | (pl.col("first_may") <= pl.col("both_may"))
    found = runs(
        steps(layers),
        cases.status(
            sure("adoption") & sure("first") & ~may("second"),
            may("adoption") & may("first"),
            covered,
        ),
        *cases.doubts(adoption=~sure("adoption"), first=~sure("first"), second=may("second")),
    )
    return Judged(subjects, found, _evidence(layers))


def judge_apart(asked: pl.DataFrame, practice: Practice) -> Judged:
    """Broken where two appointments, one to each slot, are surely held under the model."""
    subjects, layers = _layers(asked, practice)
    found = runs(
        steps(layers),
        cases.status(
            sure("adoption") & _pair("sure"), may("adoption") & may("first"), ~_pair("may")
        ),
        *cases.doubts(adoption=~sure("adoption"), first=~sure("first"), second=~sure("second")),
    )
    return Judged(subjects, found, _evidence(layers))


def _layers(
    asked: pl.DataFrame, practice: Practice
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """The subjects, and the layers of adoptions, of appointments to the first and to the second
    slot, and of those that are both."""
    subjects, first, second = _sides(asked, practice)
    both = first.join(second, on=["subject", "fact"], how="semi")
    adopted = practice.adopted(subjects)
    return subjects, {"adoption": adopted, "first": first, "second": second, "both": both}


def _evidence(layers: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return cases.evidence(layers["adoption"], layers["first"], layers["second"])


def _sides(
    asked: pl.DataFrame, practice: Practice
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The subjects, and the layers of appointments to the first and to the second slot."""
    due = practice.due(asked)
    subjects = cases.numbered(due, "place", "person")
    first = due.join(subjects, on=["demand", "place", "person"]).select(LAYER)
    wanted = subjects.join(asked.select("demand", "tier", slot="second"), on="demand")
    parts = wanted.partition_by("tier", as_dict=True).items()
    seconds = [_second(part, str(tier), practice) for (tier,), part in parts]
    return subjects, first, pl.concat([first.clear(), *seconds]).unique()


def _second(wanted: pl.DataFrame, tier: str, practice: Practice) -> pl.DataFrame:
    """The appointments of each subject's person to the second slot, in places of the tier."""
    if tier == SAME:
        return wanted.join(practice.held, on=["person", "place", "slot"]).select(LAYER)
    held = practice.held.rename({"place": "other"})
    if tier == ANYWHERE:
        return wanted.join(held, on=["person", "slot"]).select(LAYER)
    pairs = around(practice.facts, wanted["place"], tier)
    return wanted.join(pairs, on="place").join(held, on=["person", "other", "slot"]).select(LAYER)


def _pair(reading: str) -> pl.Expr:
    """Whether two different appointments are held, one to each slot."""
    one, other, same = (pl.col(f"{layer}_{reading}") for layer in ("first", "second", "both"))
    return one * other - same > 0
