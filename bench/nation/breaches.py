"""Breaches of post rules: what a community's holdings become, and what must be found there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.nation import dates
from bench.nation.holdings import Holdings


@dataclass(frozen=True)
class Breach:
    """One way of breaking a rule.

    `duty`: the person and post that bring the duty, whose first term the finding names.
    `change`: the holdings that differ, given the first day of that term; no terms: not held.
    `since`, `until`: the days of the breach, counted from the first; `until` None: it goes on.
    `party`: whether the director (person 2) is a Party member, where that matters.
    """

    kind: str
    rule: str
    duty: tuple[int, str]
    change: Callable[[str], Holdings]
    since: int = 0
    until: int | None = None
    party: str | None = None

    @property
    def model(self) -> str:
        return "n-gm-" + self.rule.split("-")[1]

    def apply(self, held: Holdings, first: str) -> Holdings:
        """The holdings with the breach in them; it begins in relation to the day `first`."""
        changed = held | self.change(first)
        return {key: terms for key, terms in changed.items() if terms}

    def days(self, first: str) -> tuple[str, str]:
        """The first and last day of the breach; an open end is empty."""
        last = "" if self.until is None else dates.after(first, self.until)
        return dates.after(first, self.since), last


def first_day(random: Random) -> str:
    """A day after every adoption."""
    return dates.day(random, 2020)


BREACHES = (
    Breach(
        "deputy-missing", "n-a-r1", (1, "gz"),
        lambda first: {(1, "gz"): [(first, "..")], (1, "fsj"): []},
    ),
    Breach(
        "deputy-late", "n-a-r1", (1, "gz"),
        lambda first: {(1, "gz"): [(first, "")], (1, "fsj"): [(dates.after(first, 45), "")]},
        until=44,
    ),
    Breach(
        "deputy-lapsed", "n-a-r1", (1, "gz"),
        lambda first: {(1, "gz"): [(first, "")], (1, "fsj"): [(first, dates.after(first, 200))]},
        since=201,
    ),
    Breach(
        "deputy-gap", "n-a-r1", (1, "gz"),
        lambda first: {
            (1, "gz"): [(first, "")],
            (1, "fsj"): [(first, dates.after(first, 100)), (dates.after(first, 130), "")],
        },
        since=101, until=129,
    ),
    Breach(
        "party-director-no-deputy", "n-a-r2", (2, "zr"),
        lambda first: {(2, "zr"): [(first, "")], (2, "sg"): [(first, "")], (2, "fsj"): []},
        party="true",
    ),
    Breach(
        "station-head-no-director", "n-a-r3", (2, "sg"),
        lambda first: {
            (2, "sg"): [(first, "")], (2, "zr"): [], (2, "fsj"): [], (8, "zr"): [(first, "")],
        },
    ),
    Breach(
        "incompatible-posts", "n-b-r1", (1, "gz"),
        lambda first: {(1, "gz"): [(first, "")], (1, "fsj"): [(dates.after(first, 30), "")]},
        since=30,
    ),
    Breach(
        "lay-director-no-station", "n-b-r2", (2, "zr"),
        lambda first: {(2, "zr"): [(first, "")], (2, "sg"): [], (8, "sg"): [(first, "")]},
        party="false",
    ),
    Breach(
        "worker-on-committee", "n-b-r3", (3, "sgy"),
        lambda first: {(3, "sgy"): [(first, "")], (3, "cy"): [(first, dates.after(first, 90))]},
        until=90,
    ),
)  # fmt: skip
