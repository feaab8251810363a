"""Holdings, their overlaps, chains and vacancies, against every reading of coarse dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.governance.offices import (
    DAYS,
    OPEN,
    Dates,
    Term,
    always,
    day,
    frame,
    number,
    runs,
    sometimes,
    spans,
    terms,
    worlds,
)  # fmt: skip

from govgraph.governance import coverings
from govgraph.governance.concurrent.chains import chains
from govgraph.governance.concurrent.pairs import together
from govgraph.governance.holdings import holdings
from govgraph.governance.overlaps import counted, overlaps
from govgraph.governance.readings import intervals
from govgraph.governance.time import Moment, Window

FEW = st.lists(terms(posts="xy"), min_size=1, max_size=3)


def days_of(found: pl.DataFrame) -> set[Dates]:
    """The intervals `first` to `last` within the calendar of the tests."""
    return {(number(first, 0), number(last, DAYS - 1)) for first, last in found.iter_rows()}


def covered(several: Sequence[Term]) -> list[frozenset[int]]:
    """The days that some of the terms cover, in each choice of readings."""
    return [sometimes(world) for world in worlds(several)]


@given(st.lists(terms(posts="x"), min_size=1, max_size=3))
def test_days_that_terms_cover(several: list[Term]) -> None:
    held = frame(several)
    seen = covered(several)
    certain, possible = coverings.certain(held, ["post"]), coverings.possible(held, ["post"])
    assert days_of(certain.select("first", "last")) == runs(always(seen))
    assert days_of(possible.select("first", "last")) == runs(sometimes(seen))


@given(st.lists(terms(posts="x"), min_size=1, max_size=3), st.integers(0, 5), st.integers(6, 11))
def test_days_that_nobody_covers(several: list[Term], first: int, last: int) -> None:
    life = pl.DataFrame({"post": ["x"], "first": [day(first)], "last": [day(last)]})
    found = coverings.vacancies(frame(several), life, life, ["post"])
    seen, whole = covered(several), frozenset(range(first, last + 1))
    vacant = whole - sometimes(seen)
    expected = {"yes": vacant, "unknown": whole - always(seen) - vacant}
    for verdict, days in expected.items():
        assert days_of(found.filter(vacant=verdict).select("first", "last")) == runs(days)


@given(FEW)
def test_terms_without_a_gap_are_one_holding(several: list[Term]) -> None:
    """Joining terms changes neither certain nor possible days, and what is joined has no gap."""
    held = holdings(frame(several))
    assert sorted(held["source"].explode()) == sorted(frame(several)["appointment"])
    by = {f"a{n}": term for n, term in enumerate(several)}
    for row in held.iter_rows(named=True):
        meant = [by[name] for name in row["source"]]
        assert {(term.person, term.post) for term in meant} == {(row["person"], row["post"])}
        seen = covered(meant)
        assert all(len(days) == max(days) - min(days) + 1 for days in seen)
        one = held.filter(pl.col("source") == row["source"])
        shown = one.select(intervals()).row(0)
        certain = always(seen)
        if runs(certain):
            assert days_of(one.select("start_latest", "end_earliest")) == runs(certain)
        else:
            assert shown[:2] == (None, None)
        assert days_of(one.select("start_earliest", "end_latest")) == runs(sometimes(seen))


@given(terms(posts="x"), terms(posts="y"))
def test_pairs_of_posts(one: Term, other: Term) -> None:
    found = overlaps(holdings(frame([one, other])), "person", "post")
    seen = [first & second for first, second in worlds([one, other])]
    assert found.height == any(seen)
    if not found.height:
        return
    row = found.with_columns(counted()).with_columns(intervals()).row(0, named=True)
    assert (row["overlap"] == "yes") == all(seen)
    possible = (row["possible_from"], row["possible_to"])
    assert {(number(possible[0], 0), number(possible[1], DAYS - 1))} == runs(sometimes(seen))
    certain = always(seen)
    if row["certain_from"] is None:
        assert not runs(certain)
    else:
        assert runs(certain) == {(number(row["certain_from"], 0), number(row["certain_to"], 11))}
    if OPEN not in (one.end, other.end) and one.start and other.start and one.end and other.end:
        assert row["days_least"] == min(map(len, seen))
        assert row["days_most"] == max(map(len, seen))


@given(terms(posts="x"), terms(posts="y"), st.integers(0, 11), st.integers(0, 4))
def test_pairs_at_a_moment_and_in_a_window(one: Term, other: Term, first: int, more: int) -> None:
    """A moment is any of its days; a window is met on some of its days."""
    last = min(first + more, DAYS - 1)
    found = overlaps(holdings(frame([one, other])), "person", "post")
    seen = [first_ & second for first_, second in worlds([one, other])]
    then = frozenset(range(first, last + 1))
    at = {each in days for days in seen for each in then}
    moment = together(found, Moment(day(first), day(last), ""), None)
    assert verdicts(moment) == verdict(at)
    meets = {bool(days & then) for days in seen}
    assert verdicts(together(found, None, Window(day(first), day(last)))) == verdict(meets)


def verdict(seen: set[bool]) -> list[str]:
    return [] if seen == {False} else ["yes" if seen == {True} else "unknown"]


def verdicts(found: pl.DataFrame) -> list[str]:
    return found["overlap"].to_list()


@given(st.lists(terms(), min_size=2, max_size=5), st.integers(2, 3))
def test_chains_of_posts(several: list[Term], least: int) -> None:
    found = chains(holdings(frame(several)), least).with_columns(intervals())
    by_post: dict[str, list[Term]] = defaultdict(list)
    for term in several:
        by_post[term.post].append(term)
    alone = {post: [set(spans(term)) for term in of] for post, of in by_post.items()}
    certain = {post: sometimes(map(always, of)) for post, of in alone.items()}
    possible = {post: sometimes(map(sometimes, of)) for post, of in alone.items()}
    sure = found.filter(overlap="yes").select("posts", "certain_from", "certain_to")
    assert told(sure) == largest(certain, least)
    maybe = told(found.select("posts", "possible_from", "possible_to"))
    expected = largest(possible, least)
    assert expected <= maybe
    unknown = found.filter(overlap="unknown").select("posts", "possible_from", "possible_to")
    assert told(unknown) <= expected


Chain = tuple[tuple[str, ...], Dates]


def told(found: pl.DataFrame) -> set[Chain]:
    return {
        (tuple(posts), (number(first, 0), number(last, DAYS - 1)))
        for posts, first, last in found.iter_rows()
    }


def largest(held: dict[str, frozenset[int]], least: int) -> set[Chain]:
    """The sets of posts of some day that no other day's set includes, a post being another one
    after a gap, with the days on which all of a set are held."""
    units = {(post, run) for post, days in held.items() for run in runs(days)}
    of_day = {
        frozenset((post, run) for post, run in units if run[0] <= each <= run[1])
        for each in range(DAYS)
    }
    chosen = [found for found in of_day if not any(found < other for other in of_day)]
    return {
        (
            tuple(sorted(post for post, _ in found)),
            (max(run[0] for _, run in found), min(run[1] for _, run in found)),
        )
        for found in chosen
        if len(found) >= least
    }
