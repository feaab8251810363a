"""Terms and numbers: how long, how often, how many."""

from __future__ import annotations

from datetime import date

import pytest
from tests.governance.rules.small import adoption, dated, engine, held, post, rule, runs

from govgraph.governance.rules.findings import check


def length(text: str) -> str:
    return f'"{text}"^^xsd:duration'


@pytest.mark.parametrize(
    ("start", "longest", "first"),
    [
        ("2015-03-01", "P3Y", date(2018, 3, 1)),
        ("2015-03-01", "P18M", date(2016, 9, 1)),
        ("2015-03-01", "P1Y6M1D", date(2016, 9, 2)),
        ("2020-02-29", "P1Y", date(2021, 2, 28)),  # a month without the day ends with its last
        ("2015-01-31", "P1M", date(2015, 2, 28)),
    ],
)
def test_a_term_is_broken_from_the_day_after_its_length(
    start: str, longest: str, first: date
) -> None:
    graph = engine(
        adoption(),
        rule("termLength", ifHolds=":a", maxTerm=length(longest)),
        held("t", "an", "a", start),
    )
    assert ("broken", first, None) in runs(graph)


def test_a_coarse_start_leaves_a_year_open() -> None:
    graph = engine(
        adoption(),
        rule("termLength", ifHolds=":a", maxTerm=length("P3Y")),
        held("t", "an", "a", "2015", "2019-06-30"),
    )
    assert runs(graph) == [
        ("kept", date(2015, 1, 1), date(2017, 12, 31)),
        ("cannot be told", date(2018, 1, 1), date(2018, 12, 30)),
        ("broken", date(2018, 12, 31), date(2019, 6, 30)),
    ]


def test_a_term_of_which_nothing_is_known_is_never_broken() -> None:
    graph = engine(
        adoption(), rule("termLength", ifHolds=":a", maxTerm=length("P3Y")), held("t", "an", "a")
    )
    assert runs(graph) == [("cannot be told", date(2010, 1, 1), None)]


TERMS = (
    held("t1", "an", "a", "2011-01-01", "2014-12-31"),
    held("t2", "an", "a", "2015-01-01", "2018-12-31"),
    held("t3", "an", "a", "2019-01-01", "2022-12-31"),
)


def test_terms_back_to_back_are_one_tenure() -> None:
    limited = rule("termLength", ifHolds=":a", maxTenure=length("P9Y"))
    assert ("broken", date(2020, 1, 1), date(2022, 12, 31)) in runs(
        engine(adoption(), limited, *TERMS)
    )


def test_a_gap_begins_a_new_tenure() -> None:
    limited = rule("termLength", ifHolds=":a", maxTenure=length("P9Y"))
    later = held("t2", "an", "a", "2015-01-02", "2018-12-31")
    found = runs(engine(adoption(), limited, TERMS[0], later, TERMS[2]))
    assert {status for status, _, _ in found} == {"kept"}


def test_the_third_term_in_a_row_is_one_too_many() -> None:
    limited = rule("termLength", ifHolds=":a", maxTerms="2")
    assert runs(engine(adoption(), limited, *TERMS)) == [
        ("kept", date(2011, 1, 1), date(2018, 12, 31)),
        ("broken", date(2019, 1, 1), date(2022, 12, 31)),
    ]


def test_a_term_is_counted_from_its_own_start_but_broken_only_under_the_model() -> None:
    graph = engine(
        adoption(start="2016-01-01", end="2016-12-31"),
        rule("termLength", ifHolds=":a", maxTerm=length("P3Y")),
        held("t", "an", "a", "2011-01-01"),
    )
    assert runs(graph) == [("broken", date(2016, 1, 1), date(2016, 12, 31))]


# -- how many ------------------------------------------------------------------------------------

STAFFING = """:rule a gov:StaffingRule ; gov:ofModel :m ; gov:forBodySlot :x ;
  gov:countsPostSlot :a ; gov:minCount 1 ."""
STATION = ":station gov:place :here ; gov:fillsSlot :x ."
TWO = rule("holderCount", ifHolds=":a", minHolders="2")


def test_what_a_slot_itself_states_is_a_rule() -> None:
    graph = engine(
        adoption(),
        ":a gov:maxHolders 1 .",
        held("p", "an", "a", "2012"),
        held("q", "bo", "a", "2013-05-01"),
    )
    found = check(graph, status=["broken"]).frame
    assert found.select("rule", "slot", "from", "fewest", "greatest").rows() == [
        ("http://x.example/a", "http://x.example/a", date(2013, 5, 1), 2, 2)
    ]


def test_a_post_that_nobody_is_known_to_hold_has_no_holder() -> None:
    graph = engine(adoption(), TWO, post("a"))
    assert runs(graph) == [("broken", date(2010, 1, 1), None)]


def test_where_no_such_post_is_recorded_it_cannot_be_told() -> None:
    graph = engine(adoption(), STAFFING, STATION)
    assert runs(graph) == [("cannot be told", date(2010, 1, 1), None)]
    assert check(graph).frame["repair_en"].to_list() == ["Find out whether there is such a post."]


def test_a_place_without_body_and_post_owes_nothing() -> None:
    assert runs(engine(adoption(), TWO)) == []


def test_a_body_owes_holders_from_its_founding_to_its_end() -> None:
    founded = dated(":station", "2012-03-01", "2014-06-30").replace("gov:start", "gov:founded")
    graph = engine(
        adoption(), STAFFING, STATION, founded.replace("gov:end", "gov:dissolved"), post("a")
    )
    assert runs(graph) == [("broken", date(2012, 3, 1), date(2014, 6, 30))]


def test_two_terms_of_one_person_are_one_holder() -> None:
    graph = engine(
        adoption(), TWO, held("p", "an", "a", "2009-01-01"), held("q", "an", "a", "2012-01-01")
    )
    assert runs(graph) == [("broken", date(2010, 1, 1), None)]


def test_holders_of_any_post_in_a_body() -> None:
    council = rule("holderCount", ifInBody=":x", maxHolders="1")
    graph = engine(
        adoption(), council, held("p", "an", "a", "2009-01-01"), held("q", "bo", "a", "2012-01-01")
    )
    assert runs(graph) == [
        ("kept", date(2010, 1, 1), date(2011, 12, 31)),
        ("broken", date(2012, 1, 1), None),
    ]


def test_the_model_of_a_district_binds_its_communities() -> None:
    graph = engine(adoption("district"), TWO, post("a"))
    assert check(graph).frame["place"].to_list() == ["http://x.example/here"]
