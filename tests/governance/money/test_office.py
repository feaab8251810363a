"""People on both sides of a flow, against a count of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.money.office import both_sides, payer_and_project
from govgraph.governance.time import Moment, Span

from .graphs import X, engine, flow, rows

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(-3, 12)]


@dataclass(frozen=True)
class Dates:
    """A start and an end, each a day, one of some days, open (`..`), or not given."""

    start: tuple[int, int] | None
    end: tuple[int, int] | str | None

    def turtle(self) -> str:
        said = []
        for name, bound in (("start", self.start), ("end", self.end)):
            if isinstance(bound, str):
                said.append(f'gov:{name} ".."^^edtf:EDTF')
            elif bound is not None:
                first, last = (FIRST + timedelta(days=n) for n in bound)
                said.append(f'gov:{name} "{edtf(bound)}"^^edtf:EDTF')
                said.append(
                    f'gov:{name}Earliest "{first}"^^xsd:date ; gov:{name}Latest "{last}"^^xsd:date'
                )
        return "".join(f" ; {each}" for each in said)


def holding(name: str, post: str, dates: Dates) -> str:
    return f":{name} a gov:Appointment ; org:member :an ; gov:onPost :{post}{dates.turtle()} .\n"


BODIES = ":pay org:postIn :funder . :get org:postIn :recipient .\n"
bounds = st.tuples(st.integers(0, 8), st.integers(0, 2)).map(lambda b: (b[0], b[0] + b[1]))
dates = st.builds(
    Dates,
    st.none() | bounds,
    st.none() | st.just("..") | bounds.map(lambda b: (b[0] + 2, b[1] + 2)),
).filter(lambda d: not (d.start and isinstance(d.end, tuple) and d.end[1] < d.start[0]))


def judged(mine: Dates, theirs: Dates, when: tuple[int, int] | None) -> str:
    """Over every possible day of the flow: was each post surely held, possibly held, or not?"""
    days = (
        DAYS if when is None else [FIRST + timedelta(days=n) for n in range(when[0], when[1] + 1)]
    )
    verdicts = []
    for day in days:
        both = {verdict(each, day) for each in (mine, theirs)}
        verdicts.append("no" if "no" in both else "unknown" if "unknown" in both else "yes")
    if set(verdicts) == {"no"}:
        return "no"
    # a flow without a date can be of any day, before every start too
    return "yes" if set(verdicts) == {"yes"} and when is not None else "unknown"


def verdict(held: Dates, day: date) -> str:
    """Whether a post was held on a day: over all first and last days that agree with its dates."""
    found = {
        start <= day <= end
        for start in possible(held.start, DAYS[0])
        for end in ends(held)
        if start <= end
    }
    return "yes" if found == {True} else "no" if found == {False} else "unknown"


def possible(bound: tuple[int, int] | None, otherwise: date) -> list[date]:
    if bound is None:
        return [otherwise, *DAYS, DAYS[-1] + timedelta(days=1)]
    return [FIRST + timedelta(days=n) for n in range(bound[0], bound[1] + 1)]


def ends(held: Dates) -> list[date]:
    if isinstance(held.end, tuple):
        return possible(held.end, DAYS[0])
    later = DAYS[-1] + timedelta(days=9)
    return [later] if held.start or held.end == ".." else [*DAYS, later]


@given(dates, dates, st.none() | bounds)
def test_the_verdict_is_that_of_all_days(
    mine: Dates, theirs: Dates, when: tuple[int, int] | None
) -> None:
    said = {}
    if when:
        first, last = (FIRST + timedelta(days=n) for n in when)
        said["date"] = (
            f'"{edtf(when)}"^^edtf:EDTF ; gov:dateEarliest "{first}"^^xsd:date ;'
            f' gov:dateLatest "{last}"^^xsd:date'
        )
    world = (
        BODIES
        + holding("a", "pay", mine)
        + holding("b", "get", theirs)
        + flow("f", amount=1, funder=":funder", recipient=":recipient", **said)
    )
    found = rows(both_sides(engine(world)).frame, "person", "both")
    expected = judged(mine, theirs, when)
    assert found == ([] if expected == "no" else [("an", expected)])


def edtf(bound: tuple[int, int] | str | None) -> str | None:
    """A start or end as an EDTF text: a day, or an interval for one of its days."""
    if isinstance(bound, tuple):
        first, last = (FIRST + timedelta(days=n) for n in bound)
        return str(first) if first == last else f"{first}/{last}"
    return bound


@given(dates, st.integers(-3, 11))
def test_the_oracle_agrees_with_the_time_that_lookups_use(held: Dates, number: int) -> None:
    day = FIRST + timedelta(days=number)
    span = Span(edtf(held.start), edtf(held.end))
    assert span.holds(Moment(day, day, str(day))) == verdict(held, day)


YEAR = Dates((0, 0), (366, 366))


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (YEAR, YEAR, [("an", "yes")]),
        (YEAR, Dates((100, 100), ".."), [("an", "unknown")]),
        (Dates((0, 0), (99, 99)), Dates((100, 100), ".."), []),
        (YEAR, Dates((400, 400), ".."), []),
        (YEAR, Dates(None, None), [("an", "unknown")]),
    ],
)
def test_a_fiscal_year_is_any_of_its_days(
    mine: Dates, theirs: Dates, expected: list[tuple[str, str]]
) -> None:
    world = (
        BODIES
        + holding("a", "pay", mine)
        + holding("b", "get", theirs)
        + flow("f", year=2020, funder=":funder", recipient=":recipient")
    )
    assert rows(both_sides(engine(world)).frame, "person", "both") == expected


def held_in(*posts: str) -> str:
    return "".join(
        f":{post} org:postIn :{body} . " + holding(f"h-{post}", post, YEAR)
        for post, _, body in (each.partition("@") for each in posts)
    )


def test_bodies_that_are_part_of_a_side_count_if_wanted() -> None:
    world = (
        held_in("p@station", "q@recipient")
        + ":station org:subOrganizationOf :mid . :mid org:subOrganizationOf :funder , :station . "
    )
    world += flow("f", year=2020, funder=":funder", recipient=":recipient")
    graph = engine(world)
    assert rows(both_sides(graph).frame, "payer_body", "other_body", "both") == [
        ("station", "recipient", "yes")
    ]
    assert both_sides(graph, parts=False).frame.is_empty()


def test_a_recipient_that_is_part_of_the_funder_is_a_side_of_its_own() -> None:
    world = ":recipient org:subOrganizationOf :funder . " + flow(
        "f", year=2020, funder=":funder", recipient=":recipient"
    )
    one_side = engine(world + held_in("p@recipient", "q@recipient"))
    assert both_sides(one_side).frame.is_empty()
    both = engine(world + held_in("p@recipient", "q@funder"))
    assert rows(both_sides(both).frame, "payer_post", "other_post") == [("q", "p")]


def test_what_an_organization_pays_itself_has_no_two_sides() -> None:
    world = held_in("p@o", "q@part") + ":part org:subOrganizationOf :o . "
    world += flow("f", year=2020, funder=":o", recipient=":o")
    assert both_sides(engine(world)).frame.is_empty()


def test_payers_with_a_post_in_the_project() -> None:
    world = held_in("p@funder", "q@carrier", "r@judge") + flow(
        "f", year=2020, funder=":funder", forProject=":prj"
    )
    world += ":prj gov:carriedBy :carrier . :role gov:inProject :prj ; gov:actor :judge . "
    answer = payer_and_project(engine(world), project=X + "prj")
    assert rows(answer.frame, "role", "other", "other_post", "both", "source") == [
        ("carrier", "carrier", "q", "yes", ["f", "h-p", "h-q"]),
        ("project-role", "judge", "r", "yes", ["f", "h-p", "h-r"]),
    ]


def test_a_role_of_a_slot_is_that_of_the_bodies_that_fill_it_there() -> None:
    world = held_in("p@funder", "q@here", "r@there")
    world += flow("f", year=2020, funder=":funder", forProject=":prj")
    world += ":prj gov:place :a . :role gov:inProject :prj ; gov:actor :slot . "
    world += (
        ":here gov:fillsSlot :slot ; gov:place :a . :there gov:fillsSlot :slot ; gov:place :b . "
    )
    found = payer_and_project(engine(world)).frame
    assert rows(found, "role", "other", "both") == [("project-role", "here", "yes")]
