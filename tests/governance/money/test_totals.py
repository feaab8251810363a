"""Totals: what is counted, in which group, currency and period, and what is said of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.money.drill import drill
from govgraph.governance.money.listing import listing, parts, unknown_amounts
from govgraph.governance.money.projects import project_money
from govgraph.governance.money.totals import by_year, totals
from govgraph.governance.time import Moment, moment

from .graphs import X, engine, flow, rows
from .ledgers import CAP, Flow, extremes, forests

MARCH = (
    '"2021-03-05"^^edtf:EDTF ; gov:dateEarliest "2021-03-05"^^xsd:date ;'
    ' gov:dateLatest "2021-03-05"^^xsd:date'
)
TREE = (
    flow("total", amount=200, year=2021, funder=":office", instrument="gov:total")
    + flow("known", amount=120, year=2021, funder=":office", recipient=":a", partOfFlow=":total",
           instrument="gov:subsidy")
    + flow("unknown", year=2021, funder=":office", recipient=":b", partOfFlow=":total",
           instrument="gov:purchaseOfService")
    + flow("nearly", amount=50, precision="approxBelow", year=2022, funder=":office",
           recipient=":a", instrument="gov:subsidy")
)  # fmt: skip
SUMS = ("flows", "unknown", "value", "lower", "upper")


def test_a_total_and_its_parts_are_counted_once() -> None:
    answer = totals(engine(TREE))
    assert rows(answer.frame, "currency", *SUMS) == [("CNY", 2, 0, 250, 200, 250)]
    assert rows(answer.frame, "parts", "parts_known", "parts_value", "parts_lower", "parts_upper") == [
        (2, 1, 120, 120, 200)
    ]  # fmt: skip
    assert {said.code: said.en for said in answer.coverage} == {
        "amounts-known": "2 of 2 flows have an amount, 0 have none",
        "counted-once": "2 of the 4 flows selected are parts of others and not counted again",
    }


def test_parts_stand_beside_the_groups_that_they_name() -> None:
    answer = totals(engine(TREE), by="recipient")
    columns = ("group", "named", *SUMS, "parts", "parts_value", "parts_lower", "parts_upper")
    assert rows(answer.frame, *columns) == [
        ("a", "one", 1, 0, 50, None, 50, 1, 120, 120, 120),
        ("b", "one", 0, 0, None, None, None, 1, None, None, 80),
        (None, "none", 1, 0, 200, 200, 200, 0, None, None, None),
    ]


def test_what_a_bound_rests_on_is_among_the_evidence() -> None:
    graph = engine(TREE)
    (row,) = rows(totals(graph, recipient=X + "b").frame, "upper", "source")
    assert row == (80, ["known", "total", "unknown"])
    found = dict(rows(listing(graph).frame, "flow", "source"))
    assert found == {
        "nearly": ["nearly"], "known": ["known"], "total": ["total"],
        "unknown": ["unknown", "known", "total"],
    }  # fmt: skip


def test_parts_selected_without_their_total_count_themselves() -> None:
    answer = totals(engine(TREE), recipient=X + "b")
    assert rows(answer.frame, *SUMS) == [(1, 1, None, None, 80)]


def test_an_unknown_total_is_at_least_its_parts() -> None:
    world = flow("total", funder=":office") + flow("part", amount=70, partOfFlow=":total")
    assert rows(totals(engine(world)).frame, *SUMS) == [(1, 1, 70, 70, None)]


def test_flows_without_a_year_stand_under_none() -> None:
    world = flow("a", amount=1, year=2020) + flow("b", amount=2) + flow("c", amount=4, date=MARCH)
    answer = by_year(engine(world))
    assert rows(answer.frame, "year", "value") == [(2020, 1), (2021, 4), (None, 2)]
    (said,) = (said for said in answer.coverage if said.code == "years-known")
    assert (said.known, said.total) == (2, 3)


def test_unknown_amounts_are_counted_and_not_zero() -> None:
    answer = totals(engine(flow("a", funder=":f") + flow("b", funder=":f")))
    assert rows(answer.frame, *SUMS) == [(2, 2, None, None, None)]
    assert answer.coverage[0].en == "0 of 2 flows have an amount, 2 have none"


PLACES = """:street gov:parentPlace :district . :a gov:place :street . :f gov:place :district .
:p gov:place :elsewhere . """


def test_the_place_is_that_of_the_project_then_of_the_recipient_then_of_the_funder() -> None:
    world = (
        PLACES
        + flow("one", amount=1, funder=":f", recipient=":a", forProject=":p")
        + flow("two", amount=2, funder=":f", recipient=":a")
        + flow("three", amount=4, funder=":f")
        + flow("four", amount=8, funder=":g")
    )
    assert rows(totals(engine(world), by="place").frame, "group", "value") == [
        ("district", 4), ("elsewhere", 1), ("street", 2), (None, 8),
    ]  # fmt: skip
    assert rows(totals(engine(world), place=X + "district").frame, "value") == [(6,)]


def test_a_flow_for_several_projects_is_of_none_of_them() -> None:
    answer = totals(engine(flow("a", amount=5, forProject=":p , :q")), by="project")
    assert rows(answer.frame, "group", "named", "value") == [(None, "several", 5)]


# -- currencies ------------------------------------------------------------------------------------

RATES = """
:y a gov:ExchangeRate ; gov:fromCurrency "USD" ; gov:toCurrency "CNY" ; gov:rate 6.5 ; gov:date "2021"^^edtf:EDTF ;
   gov:dateEarliest "2021-01-01"^^xsd:date ; gov:dateLatest "2021-12-31"^^xsd:date .
:m a gov:ExchangeRate ; gov:fromCurrency "USD" ; gov:toCurrency "CNY" ; gov:rate 6.0 ; gov:date "2021-03"^^edtf:EDTF ;
   gov:dateEarliest "2021-03-01"^^xsd:date ; gov:dateLatest "2021-03-31"^^xsd:date .
"""


def test_currencies_are_converted_by_the_narrowest_rate_or_not_at_all() -> None:
    world = (
        RATES
        + flow("yuan", amount=100, year=2021)
        + flow("year", amount=10, year=2021, currency="USD")
        + flow("march", amount=10, date=MARCH, currency="USD")
        + flow("later", amount=10, year=2022, currency="USD")
        + flow("euro", amount=10, year=2021, currency="EUR")
    )
    answer = totals(engine(world), currency="CNY")
    assert rows(answer.frame, "currency", "converted", "flows", "value", "upper") == [
        ("CNY", True, 3, 225, 225), ("EUR", False, 1, 10, 10), ("USD", False, 1, 10, 10),
    ]  # fmt: skip
    assert set(rows(answer.frame, "source")[0][0]) == {"march", "m", "year", "y", "yuan"}
    (said,) = (said for said in answer.coverage if said.code == "converted")
    assert (said.known, said.total) == (3, 5)


@given(st.lists(st.tuples(st.sampled_from(["CNY", "USD", "TWD"]), st.integers(0, 99)), max_size=6))
def test_currencies_are_never_added_together(amounts: list[tuple[str, int]]) -> None:
    world = "".join(
        flow(f"f{n}", amount=amount, currency=currency)
        for n, (currency, amount) in enumerate(amounts)
    )
    expected: dict[str, int] = {}
    for currency, amount in amounts:
        expected[currency] = expected.get(currency, 0) + amount
    found = totals(engine(world + RATES)).frame
    assert dict(rows(found, "currency", "value")) == expected


# -- periods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2021", [("dated", "yes"), ("fiscal", "yes"), ("undated", "unknown")]),
        ("2021-03", [("dated", "yes"), ("fiscal", "unknown"), ("undated", "unknown")]),
        ("2021-05", [("fiscal", "unknown"), ("undated", "unknown")]),
        ("2020", [("undated", "unknown")]),
    ],
)
def test_a_flow_is_of_a_period_if_all_its_days_are(
    at: str, expected: list[tuple[str, str]]
) -> None:
    world = (
        flow("dated", amount=1, date=MARCH)
        + flow("fiscal", amount=2, year=2021)
        + flow("undated", amount=4)
    )
    found = listing(engine(world), at=moment(at)).frame
    assert sorted(rows(found, "flow", "in_period")) == expected


def test_what_is_perhaps_outside_adds_to_the_upper_bound_only() -> None:
    world = flow("march", amount=1, date=MARCH) + flow("fiscal", amount=2, year=2021)
    days = (
        Moment(date(2021, 1, 1), date(2021, 1, 1), ""),
        Moment(date(2021, 6, 30), date(2021, 6, 30), ""),
    )
    answer = totals(engine(world), start=days[0], end=days[1])
    assert rows(answer.frame, "flows", "uncertain", "value", "lower", "upper") == [(2, 1, 1, 1, 3)]


# -- identifiers, drill-down, lists ----------------------------------------------------------------


def numbered(name: str, number: str, amount: int | None) -> str:
    return flow(name, amount=amount, funder=":f") + f':{name} dcterms:identifier "{number}" .\n'


def test_shared_identifiers_are_counted_both_ways() -> None:
    world = numbered("a", "7", 10) + numbered("b", "7", 30) + numbered("c", "8", 5)
    answer = totals(engine(world))
    assert rows(answer.frame, "value", "repeated", "once_least", "once_most") == [(45, 2, 15, 35)]
    (said,) = (said for said in answer.coverage if said.code == "identifiers-unshared")
    assert (said.known, said.total) == (1, 3)


def test_from_a_sum_to_its_flows() -> None:
    graph = engine(TREE)
    (row,) = totals(graph, by="recipient", recipient=X + "a").frame.iter_rows(named=True)
    found = drill(graph, by="recipient", group=row["group"]).frame
    assert rows(found, "flow", "counted", "within") == [
        ("known", False, "total"), ("nearly", True, None),
    ]  # fmt: skip
    assert set(row["source"]) == {X + "nearly", X + "known"}


def test_parts_with_depth() -> None:
    world = TREE + flow("deeper", amount=20, partOfFlow=":known")
    assert rows(parts(engine(world), flow=X + "total").frame, "depth", "flow", "at_most") == [
        (0, "total", 200), (1, "known", 120), (1, "unknown", 80), (2, "deeper", 20),
    ]  # fmt: skip


def test_flows_without_an_amount_and_what_bounds_them() -> None:
    answer = unknown_amounts(engine(TREE))
    assert rows(answer.frame, "flow", "at_least", "at_most", "bound_by", "source") == [
        ("unknown", None, 80, "total", ["unknown", "known", "total"])
    ]
    assert answer.coverage[0].en == "3 of 4 flows have an amount, 1 have none"


def test_projects_without_a_flow_are_not_left_out() -> None:
    world = (
        ":p a schema:Project . :q a schema:Project . :r a schema:Project . "
        + flow("a", amount=5, forProject=":p")
        + flow("b", forProject=":p")
        + flow("c", forProject=":q")
    )
    answer = project_money(engine(world))
    assert rows(answer.frame, "project", "funding", "flows", "value") == [
        ("p", "partly", 2, 5), ("q", "unknown", 1, None), ("r", "none", 0, None),
    ]  # fmt: skip
    assert (answer.coverage[0].known, answer.coverage[0].total) == (1, 3)


def test_a_graph_without_flows() -> None:
    graph = engine("")
    assert totals(graph, by="funder", currency="CNY").frame.is_empty()
    assert listing(graph).frame.is_empty()
    assert parts(graph).frame.is_empty()
    assert drill(graph).frame.is_empty()


def test_flows_without_a_year_are_said_to_be_left_out() -> None:
    world = flow("a", amount=1, year=2020) + flow("b", amount=2) + flow("c", amount=4, year=2021)
    answer = totals(engine(world), year=2020)
    assert rows(answer.frame, "value") == [(1,)]
    (said,) = (said for said in answer.coverage if said.code == "years-known")
    assert (said.known, said.total) == (1, 2)


def test_purposes_are_told_in_both_languages() -> None:
    world = flow("a", amount=1, purpose='"助餐"@zh , "meals"@en') + flow(
        "b", amount=2, purpose='"助餐"@zh'
    )
    answer = totals(engine(world), by="purpose")
    assert rows(answer.frame, "group_text", "group_text_en", "value") == [("助餐", "meals", 3)]


def test_money_passed_on_is_said_to_be_counted_at_each_step() -> None:
    world = flow("a", amount=1, funder=":x", recipient=":y") + flow(
        "b", amount=1, funder=":y", recipient=":z"
    )
    (said,) = (s for s in totals(engine(world)).coverage if s.code == "not-passed-on")
    assert (said.known, said.total) == (1, 2)


def test_flows_are_grouped_by_who_proposed_them() -> None:
    world = (
        flow("a", amount=1, proposer=":an")
        + flow("b", amount=2, proposer=":an , :bo")
        + flow("c", amount=4)
    )
    found = totals(engine(world), by="proposer").frame
    assert rows(found, "group", "named", "value") == [
        ("an", "one", 1), (None, "none", 4), (None, "several", 2),
    ]  # fmt: skip


def stated(flows: list[Flow]) -> str:
    """Random flows as triples; some name a recipient."""
    made = ""
    for number, each in enumerate(flows):
        bounds = {"lower": each.lower, "upper": each.upper}
        said = {name: f"{bound}.0" for name, bound in bounds.items() if bound is not None}
        said |= {} if each.whole is None else {"partOfFlow": f":f{each.whole}"}
        said |= {"recipient": f":r{number % 3}"} if number % 4 else {}
        made += flow(f"f{number}", amount=each.value, precision="approx", **said)
    return made


@given(forests(size=4))
def test_totals_are_those_of_all_admissible_amounts_and_groups_add_up(flows: list[Flow]) -> None:
    graph = engine(stated(flows))
    roots = [number for number, each in enumerate(flows) if each.whole is None]
    expected = extremes(flows, {"all": roots}, CAP)
    (whole,) = rows(totals(graph).frame, "flows", "lower", "upper")
    assert whole[0] == len(roots)
    if expected:
        bounded = all(flows[root].upper is not None for root in roots)
        low, high = expected["all"]
        assert (whole[1] or 0, whole[2]) == (low, high if bounded else None)
    groups = rows(totals(graph, by="recipient").frame, "flows", "lower", "parts")
    assert sum(each[0] for each in groups) == whole[0]
    assert sum(each[1] or 0 for each in groups) == (whole[1] or 0)
    assert all(each[0] or each[2] for each in groups)
