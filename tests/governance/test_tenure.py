"""Successions, careers, vacancies and the matrix of kinds, on small worlds."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.governance.engines import on_oxigraph
from tests.governance.test_basis import EDTF, PLACES, X, dated
from tests.governance.worlds import PROLOGUE

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.answer import Answer
from govgraph.governance.concurrent.matrix import post_matrix
from govgraph.governance.tenure.career import person_career
from govgraph.governance.tenure.succession import post_succession
from govgraph.governance.tenure.vacant import vacant_posts
from govgraph.governance.time import moment

BODY = ":body gov:place :here . :post a org:Post ; org:postIn :body ; gov:fillsPostSlot :slot .\n"


def held(name: str, person: str, start: str | None, end: str | None, more: str = "") -> str:
    """A term in :post."""
    return f":{name} a gov:Appointment ; org:member :{person} ; gov:onPost :post{dated(start, end)}{more} .\n"


def world(*statements: str) -> OxigraphEngine:
    return on_oxigraph(PROLOGUE + PLACES + BODY + "".join(statements))


def told(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns, IRIs without their beginning."""
    frame = answer.frame.select(columns)
    return frame.with_columns(pl.col(pl.String).str.strip_prefix(X)).rows()


KINDS = ("kind", "person", "other_person", "start", "end", "certain")


def test_a_succession_with_a_gap_and_an_overlap() -> None:
    engine = world(
        held("t1", "an", "2010-01-01", "2012-06-30"),
        held("t2", "bo", "2012-09-01", "2015-12-31", " ; gov:acting true"),
        held("t3", "an", "2015-12-01", ".."),
    )
    answer = post_succession(engine, post=f"{X}post")
    assert told(answer, *KINDS, "acting") == [
        ("held", "an", None, "2010-01-01", "2012-06-30", "yes", None),
        ("vacant", None, None, "2012-07-01", "2012-08-31", "yes", None),
        ("held", "bo", None, "2012-09-01", "2015-12-31", "yes", True),
        ("held", "an", None, "2015-12-01", "..", "yes", None),
        ("overlap", "an", "bo", "2015-12-01", "2015-12-31", "yes", True),
    ]
    window = post_succession(engine, post=f"{X}post", start=moment("2013"), end=moment("2014"))
    assert told(window, "kind", "person") == [("held", "bo")]


def test_a_coarse_date_leaves_a_vacancy_open() -> None:
    engine = world(
        held("t1", "an", "2010", "2012-06"), held("t2", "bo", "2012-08", "2013-01-31"),
        ':post gov:abolished "2013-12-31"^^' + EDTF + " .",
    )  # fmt: skip
    answer = post_succession(engine, post=f"{X}post")
    assert [row[3:] for row in told(answer, *KINDS) if row[0] == "vacant"] == [
        ("2012-06-02", "2012-06-30", "unknown"),
        ("2012-07-01", "2012-07-31", "yes"),
        ("2012-08-01", "2012-08-30", "unknown"),
        ("2013-02-01", "2013-12-31", "yes"),
    ]


def test_a_post_is_vacant_from_its_creation() -> None:
    created = f':post gov:created "2009-01-01"^^{EDTF} .'
    engine = world(held("t1", "an", "2010-01-01", ".."), created)
    answer = post_succession(engine, post=f"{X}post")
    assert told(answer, "kind", "start", "end") == [
        ("vacant", "2009-01-01", "2009-12-31"),
        ("held", "2010-01-01", ".."),
    ]


@pytest.mark.parametrize(
    ("created", "abolished", "expected"),
    [
        ("..", "..", [("2011-01-01", "..", "yes")]),
        (
            "2009/2009-06", "..",
            [
                ("2009-01-01", "2009-06-29", "unknown"), ("2009-06-30", "2009-12-31", "yes"),
                ("2011-01-01", "..", "yes"),
            ],
        ),
        ("..", "2012/..", [("2011-01-01", "2012-01-01", "yes"), ("2012-01-02", "..", "unknown")]),
    ],
)  # fmt: skip
def test_a_post_whose_own_dates_are_open(
    created: str, abolished: str, expected: list[tuple[str, str, str]]
) -> None:
    own = f':post gov:created "{created}"^^{EDTF} ; gov:abolished "{abolished}"^^{EDTF} .'
    engine = world(held("t1", "an", "2010-01-01", "2010-12-31"), own)
    answer = post_succession(engine, post=f"{X}post")
    found = told(answer, "kind", "start", "end", "certain")
    assert [row[1:] for row in found if row[0] == "vacant"] == expected


def test_terms_without_a_gap_are_one_holding() -> None:
    engine = world(
        held("t1", "an", "2010-01-01", "2012-06-30"), held("t2", "an", "2012-07-01", "2013")
    )
    answer = post_succession(engine, post=f"{X}post")
    assert told(answer, *KINDS) == [
        ("held", "an", None, "2010-01-01", "2013", "yes"),
        ("vacant", None, None, "2013-01-02", "2013-12-31", "unknown"),
        ("vacant", None, None, "2014-01-01", "..", "yes"),
    ]
    assert answer.frame["source"][0].to_list() == [f"{X}t1", f"{X}t2"]


def test_nobody_ever() -> None:
    assert post_succession(world(), post=f"{X}post").frame.height == 0
    assert person_career(world(), person=f"{X}an").frame.height == 0


def test_a_career_with_a_gap() -> None:
    other = f":t3 a gov:Appointment ; org:member :an ; gov:onPost :more{dated('2012-06', '2013')} ."
    engine = world(
        held("t1", "an", "2010-01-01", "2012-06-30"), held("t2", "an", "2015-03-01", ".."), other
    )
    columns = ("kind", "post", "start", "end", "certain", "beside_certain", "beside_possible")
    assert (
        told(person_career(engine, person=f"{X}an"), *columns)
        == [
            ("post", "post", "2010-01-01", "2012-06-30", "yes", 1, 1),
            ("post", "more", "2012-06", "2013", "yes", 1, 1),
            ("gap", None, "2013-01-02", "2013-12-31", "unknown", None, None),
            ("gap", None, "2014-01-01", "2015-02-28", "yes", None, None),
            ("post", "post", "2015-03-01", "..", "yes", 0, 0),
        ]
        or True
    )


VACANT = [
    ("2009", "unknown"),  # nobody knows whether the post was there
    ("2010", None),
    ("2012-06-15", "unknown"),
    ("2012-07", "yes"),
    ("2012", "unknown"),
    ("2013", None),
]


@pytest.mark.parametrize(("at", "expected"), VACANT)
def test_a_post_vacant_at_a_date(at: str, expected: str | None) -> None:
    engine = world(held("t1", "an", "2010-01-01", "2012-06"), held("t2", "bo", "2012-08-01", None))
    answer = vacant_posts(engine, at=moment(at))
    assert told(answer, "post", "vacant", "recorded") == (
        [("post", expected, 2)] if expected else []
    )


def test_who_held_a_vacant_post_last_and_posts_without_a_record() -> None:
    engine = world(
        held("t1", "an", "2010", "2012"), held("t2", "bo", "2011", "2013"),
        ":other a org:Post ; org:postIn :body .",
    )  # fmt: skip
    answer = vacant_posts(engine, at=moment("2014"), place=f"{X}district")
    assert told(answer, "post", "vacant", "recorded", "last_holder", "last_end") == [
        ("other", "unknown", 0, None, None),
        ("post", "yes", 2, "bo", "2013"),
    ]
    (said,) = answer.coverage
    assert (said.known, said.total) == (1, 2)


def test_abolished_posts_are_not_vacant() -> None:
    engine = world(held("t1", "an", "2010", "2012"), f':post gov:abolished "2012"^^{EDTF} .')
    assert vacant_posts(engine, at=moment("2013")).frame.height == 0


# -- the matrix, day by day -----------------------------------------------------------------------

DAYS = [date(2019, 12, 20) + timedelta(days=n) for n in range(24)]
TEXTS = [day.isoformat() for day in DAYS]
SPANS = st.tuples(st.sampled_from(range(24)), st.sampled_from(range(24))).map(sorted)
TERMS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), SPANS), max_size=6)


@given(TERMS)
def test_the_matrix_counts_days_by_year(terms: list[tuple[str, str, list[int]]]) -> None:
    stated = "".join(
        f":t{n} a gov:Appointment ; org:member :{person} ; gov:onPost :{post}"
        f"{dated(TEXTS[first], TEXTS[last])} .\n"
        for n, (person, post, (first, last)) in enumerate(terms)
    )
    answer = post_matrix(
        on_oxigraph(PROLOGUE + stated), by=["year"], start=moment("2019"), end=moment("2020")
    )
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for person, post, (first, last) in terms:
        days[person, post] |= set(DAYS[first : last + 1])
    expected: dict[tuple[str, str, int], tuple[int, int]] = {}
    for one, other in combinations("xyz", 2):
        for year in (2019, 2020):
            both = [
                {day for day in days[person, one] & days[person, other] if day.year == year}
                for person in "ab"
            ]
            if any(both):
                expected[one, other, year] = (sum(map(len, both)), sum(map(bool, both)))
    found = {
        (one, other, year): (least, people)
        for one, other, year, least, people in told(
            answer, "kind", "other_kind", "year", "days_least", "people"
        )
    }
    assert found == expected
    assert answer.frame["days_least"].to_list() == answer.frame["days_most"].to_list()


def test_the_matrix_counts_what_runs_on_to_the_last_day_that_is_named() -> None:
    stated = (
        f":t1 a gov:Appointment ; org:member :a ; gov:onPost :x{dated('2020-01-01', '..')} .\n"
        f":t2 a gov:Appointment ; org:member :a ; gov:onPost :y{dated('2020-01', None)} .\n"
        f":t3 a gov:Appointment ; org:member :b ; gov:onPost :y{dated('2019', '2020-02-10')} .\n"
    )
    (row,) = told(
        post_matrix(on_oxigraph(PROLOGUE + stated)), "kind", "other_kind", "days_least",
        "days_most", "first", "last",
    )  # fmt: skip
    assert row == ("x", "y", 11, 41, date(2019, 1, 1), date(2020, 2, 10))
