"""Truth tables: configurations of conditions, their cases, and how consistently the outcome follows.

Definitions are those of Ragin 2008, Redesigning Social Inquiry, ch. 3 and 7, as R's package QCA
computes them (Dusa 2019, QCA with R, ch. 4 and 7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from govgraph.engine.base import Engine
from govgraph.governance.models.qca.calibration import Calibrated, calibrated, refused
from govgraph.governance.models.qca.conditions import Measured, measured
from govgraph.vocabulary import PROLOGUE

_CASES = {
    "models": "SELECT DISTINCT ?case WHERE { ?case a gov:GovernanceModel }",
    "places": "SELECT DISTINCT ?case WHERE { ?adoption gov:adopter ?case }",
}


@dataclass(frozen=True)
class Study:
    """The sets of a study and what is known of each case in each."""

    conditions: Sequence[Calibrated]
    outcome: Calibrated
    cases: Sequence[str]
    values: Mapping[str, Mapping[str, Measured]]

    @property
    def sets(self) -> Sequence[Calibrated]:
        return (*self.conditions, self.outcome)

    def missing(self, case: str) -> list[str]:
        """The sets in which nothing is known of a case."""
        return [each.column for each in self.sets if case not in self.values[each.query]]

    def membership(self, case: str, each: Calibrated) -> float:
        """The membership of a case in a set; the case must be known there."""
        return each.membership(self.values[each.query][case].value)

    def sources(self, case: str) -> list[str]:
        """What proves the values of a case."""
        found = (self.values[each.query].get(case) for each in self.sets)
        return [source for value in found if value for source in value.sources]


@dataclass(frozen=True)
class Configuration:
    """One combination of conditions, present or absent, with the cases that are in it.

    `consistency` and `pri` are null where no case has any membership in it.
    """

    present: tuple[bool, ...]
    cases: tuple[str, ...]
    positive: tuple[str, ...]
    consistency: float | None
    pri: float | None

    @property
    def contradictory(self) -> bool:
        """Whether some of its cases show the outcome and some do not."""
        return 0 < len(self.positive) < len(self.cases)


def study(
    engine: Engine, conditions: Sequence[str], outcome: str, cases: str, *, unsourced: bool = False
) -> Study:
    """Measure every case in every condition and in the outcome.

    `cases` is `models`, or `places` (which adopt a model). GovgraphError(invalid-parameter) for
    no condition, two of one name, or a query that is no condition.
    """
    sets = [calibrated(text) for text in conditions]
    last = calibrated(outcome)
    columns = [each.column for each in (*sets, last)]
    if not sets or len(columns) != len(set(columns)):
        raise refused(
            ", ".join(columns),
            "name one or more different conditions",
            "应给出一个或多个不同的条件",
        )
    names = {each.query for each in (*sets, last)}
    values = {name: measured(engine, name, unsourced=unsourced) for name in sorted(names)}
    found = sorted(row["case"].value for row in engine.select(PROLOGUE + _CASES[cases]))
    return Study(sets, last, found, values)


def split(found: Study) -> tuple[list[str], list[str], list[str]]:
    """The cases that can be placed; those that are ambiguous, with a membership of exactly 0.5 in
    a condition; those of which something is not known."""
    unknown = [case for case in found.cases if found.missing(case)]
    known = [case for case in found.cases if case not in set(unknown)]
    ambiguous = [
        case for case in known if any(found.membership(case, c) == 0.5 for c in found.conditions)
    ]
    return [case for case in known if case not in set(ambiguous)], ambiguous, unknown


def configurations(found: Study) -> list[Configuration]:
    """All 2^k configurations, from all conditions present to none; most have no case.

    Ambiguous and unknown cases take no part, as R's package takes none of them.
    GovgraphError(invalid-parameter) for more than ten conditions.
    """
    if len(found.conditions) > 10:
        raise refused("conditions", "ten are the most", "最多十个")
    placed, _, _ = split(found)
    members = {
        case: tuple(found.membership(case, each) for each in found.conditions) for case in placed
    }
    outcome = {case: found.membership(case, found.outcome) for case in placed}
    return [
        _configuration(present, members, outcome)
        for present in product((True, False), repeat=len(found.conditions))
    ]


def _configuration(
    present: tuple[bool, ...],
    members: Mapping[str, Sequence[float]],
    outcome: Mapping[str, float],
) -> Configuration:
    degree = {
        case: min(m if p else 1 - m for m, p in zip(held, present, strict=True))
        for case, held in members.items()
    }
    inside = tuple(case for case in members if degree[case] > 0.5)
    positive = tuple(case for case in inside if outcome[case] > 0.5)
    pairs = [(degree[case], outcome[case]) for case in members]
    return Configuration(present, inside, positive, consistency(pairs), pri(pairs))


def consistency(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Raw consistency of x as sufficient for y: Σ min(x, y) / Σ x; null where Σ x is 0."""
    total = sum(x for x, _ in pairs)
    return sum(min(x, y) for x, y in pairs) / total if total else None


def pri(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Proportional reduction in inconsistency, which does not count what is as consistent with
    the absence of y: (Σ min(x, y) − Σ min(x, y, 1−y)) / (Σ x − Σ min(x, y, 1−y))."""
    both = sum(min(x, y, 1 - y) for x, y in pairs)
    total = sum(x for x, _ in pairs) - both
    return (sum(min(x, y) for x, y in pairs) - both) / total if total > 1e-12 else None
