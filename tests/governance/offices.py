"""Terms of office whose dates can mean several days, and all their readings, counted by hand.

A day is a number; the calendar of the tests has DAYS days. Number DAYS stands for all days after
them, which what runs on reaches, and -1 for all days before: what is not known can be any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import polars as pl
from hypothesis import strategies as st

from govgraph.governance import appointments, readings

DAYS = 12
FIRST = date(2020, 2, 24)
Dates = tuple[int, int]


@dataclass(frozen=True)
class Term:
    """A person's term in a post: the days that it can start and end on; None is not stated, and
    an `end` of OPEN runs on."""

    person: str
    post: str
    start: Dates | None
    end: Dates | None


OPEN = (DAYS, DAYS)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def number(when: date | None, unlimited: int) -> int:
    """A day of an answer as a number within the calendar."""
    return unlimited if when is None else min(max((when - FIRST).days, 0), DAYS - 1)


def spans(term: Term) -> Iterator[frozenset[int]]:
    """The days of a term in each of its readings."""
    starts = range(-1, DAYS + 1) if term.start is None else range(term.start[0], term.start[1] + 1)
    known = term.end if term.end or term.start is None else OPEN
    ends = range(-1, DAYS + 1) if known is None else range(known[0], known[1] + 1)
    for first, last in product(starts, ends):
        if first <= last:
            yield frozenset(range(first, last + 1))


def worlds(terms: Sequence[Term]) -> Iterator[tuple[frozenset[int], ...]]:
    """Each choice of a reading for each of some terms."""
    return product(*(set(spans(term)) for term in terms))


def always(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset.intersection(*sets)


def sometimes(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def runs(days: Iterable[int]) -> set[Dates]:
    """The days of the calendar among some, as the fewest intervals."""
    found: list[list[int]] = []
    for each in sorted(each for each in days if 0 <= each < DAYS):
        if found and found[-1][-1] == each - 1:
            found[-1].append(each)
        else:
            found.append([each])
    return {(run[0], run[-1]) for run in found}


# -- as the code reads them ----------------------------------------------------------------------


def frame(terms: Sequence[Term]) -> pl.DataFrame:
    """Terms as `appointments.read` gives them."""
    rows = [
        {"appointment": f"a{n}", "person": term.person, "post": term.post, "kind": term.post}
        | {"start": _edtf(term.start), "end": _edtf(term.end)}
        for n, term in enumerate(terms)
    ]
    names = ("appointment", "person", "post", "body", "place", "slot", "kind", "start", "end")
    schema = dict.fromkeys(names, pl.String) | dict.fromkeys(appointments.FLAGS, pl.Boolean)
    return readings.bounded(pl.DataFrame(rows, schema=schema))


def _edtf(dates: Dates | None) -> str | None:
    if dates in (None, OPEN):
        return None if dates is None else ".."
    first, last = (day(each).isoformat() for each in dates)  # type: ignore[union-attr]
    return first if first == last else f"{first}/{last}"


# -- strategies ----------------------------------------------------------------------------------


@st.composite
def _dates(draw: st.DrawFn) -> Dates:
    first = draw(st.integers(0, DAYS - 1))
    return first, min(DAYS - 1, first + draw(st.sampled_from((0, 0, 1, 3))))


@st.composite
def terms(draw: st.DrawFn, people: str = "p", posts: str = "xyz") -> Term:
    """A term that has some reading."""
    start, end = draw(st.none() | _dates()), draw(st.none() | st.just(OPEN) | _dates())
    if start and end and start[0] > end[1]:
        start, end = (end, start) if end != OPEN else (start, end)
    return Term(draw(st.sampled_from(people)), draw(st.sampled_from(posts)), start, end)
