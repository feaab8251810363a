"""Changes between two dates: what, when, how surely, in which words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from tests.governance.engines import on_oxigraph
from tests.governance.test_basis import EDTF, PLACES, dated
from tests.governance.test_tenure import BODY, held, told, world
from tests.governance.worlds import PROLOGUE
from tests.service.test_time import COARSE, days

from govgraph.errors import GovgraphError
from govgraph.governance.differences.dates import changes_between_dates
from govgraph.governance.time import moment

LABELS = """
:an skos:prefLabel "甲"@zh, "An"@en . :post skos:prefLabel "主任"@zh, "director"@en .
:flow skos:prefLabel "补贴"@zh . :body skos:prefLabel "居委会"@zh, "committee"@en .
"""


def changes(turtle: str, start: str, end: str, **asked: object) -> list[tuple[object, ...]]:
    engine = on_oxigraph(PROLOGUE + PLACES + BODY + LABELS + turtle)
    answer = changes_between_dates(engine, start=moment(start), end=moment(end), **asked)  # type: ignore[arg-type]
    return told(answer, "kind", "certain", "date", "subject", "object")


TERM = held("t1", "an", "2012-06", "2015-03-31")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2012-06", "2012-06", [("took-post", "yes", "2012-06", "an", "post")]),
        ("2012-06-02", "2013", [("took-post", "unknown", "2012-06", "an", "post")]),
        ("2012-07", "2015-03-30", []),
        ("2015-03-31", "2016", [("left-post", "yes", "2015-03-31", "an", "post")]),
    ],
)
def test_who_took_and_left_a_post(start: str, end: str, expected: list[tuple[str, ...]]) -> None:
    assert changes(TERM, start, end) == expected


def test_a_new_term_without_a_gap_is_no_change() -> None:
    turtle = TERM + held("t2", "an", "2015-04-01", "..")
    assert changes(turtle, "2015", "2016") == []
    gap = TERM + held("t2", "an", "2015-04-02", "..")
    assert [row[0] for row in changes(gap, "2015", "2016")] == ["left-post", "took-post"]


def test_a_start_is_not_after_its_end() -> None:
    """Taken in 2012, left in March: so taken by the end of March."""
    assert changes(held("t1", "an", "2012", "2012-03"), "2012-01", "2012-03") == [
        ("took-post", "yes", "2012", "an", "post"),
        ("left-post", "yes", "2012-03", "an", "post"),
    ]


def test_everything_that_dates_speak_of() -> None:
    texts = [f'"2012-0{n}"^^{EDTF}' for n in range(1, 9)]
    turtle = f"""
    :body a org:Organization ; gov:founded {texts[0]} ; gov:dissolved {texts[1]} .
    :post gov:created {texts[2]} ; gov:abolished {texts[3]} .
    :project a gov:Project ; gov:sponsor :body ; gov:start {texts[4]} ; gov:end {texts[5]} .
    :party a gov:Event ; gov:date {texts[6]} ; gov:actor :body .
    :ad gov:adopter :here ; gov:adoptedModel :model ; gov:start {texts[7]} .
    :flow a gov:FundingFlow ; gov:funder :body ; gov:fiscalYear "2012"^^xsd:gYear .
    """
    found = changes(turtle, "2012", "2012")
    assert [(kind, when, subject, other) for kind, _, when, subject, other in found] == [
        ("body-founded", "2012-01", "body", None),
        ("money", "2012", "body", None),
        ("body-dissolved", "2012-02", "body", None),
        ("post-created", "2012-03", "post", "body"),
        ("post-abolished", "2012-04", "post", "body"),
        ("project-began", "2012-05", "project", "body"),
        ("project-ended", "2012-06", "project", "body"),
        ("event", "2012-07", "party", "body"),
        ("model-adopted", "2012-08", "here", "model"),
    ]
    assert [row[0] for row in changes(turtle, "2012", "2012", kind=["money"])] == ["money"]


def test_the_words() -> None:
    money = (
        ':flow a gov:FundingFlow ; gov:funder :body ; gov:fiscalYear "2012"^^xsd:gYear ;'
        ' gov:amount 12.50 ; gov:currency "CNY" .'
        ':more a gov:FundingFlow ; gov:recipient :body ; gov:fiscalYear "2012"^^xsd:gYear .'
    )
    answer = changes_between_dates(
        world(LABELS, TERM, money), start=moment("2012"), end=moment("2012")
    )
    frame = answer.frame.sort("kind", "amount")
    assert frame["sentence_zh"].to_list() == [
        "more：未说明者付给居委会，金额未知，2012",
        "补贴：居委会付给未说明者，12.5 CNY，2012",
        "甲任主任，自2012-06起",
    ]
    assert frame["sentence_en"].to_list() == [
        "more: someone not stated to committee, amount not known, 2012",
        "补贴: committee to someone not stated, 12.5 CNY, 2012",
        "An took the post director, from 2012-06",
    ]
    assert frame["amount"].to_list() == [None, Decimal("12.5"), None]
    assert [(said.code, said.known, said.total) for said in answer.coverage] == [
        ("appointments-dated", 1, 1),
        ("amounts-known", 1, 2),
    ]


def test_what_has_no_date_is_in_no_row_but_in_the_coverage() -> None:
    engine = world(held("t1", "an", None, None), held("t2", "bo", "2012", ".."))
    answer = changes_between_dates(engine, start=moment("0001"), end=moment("9999"))
    assert told(answer, "kind", "subject") == [("took-post", "bo")]
    assert (answer.coverage[0].known, answer.coverage[0].total) == (1, 2)


def test_only_in_a_place() -> None:
    there = "".join(
        (":post2 org:postIn :body2 . :body2 gov:place :there .",
         f":t2 a gov:Appointment ; org:member :bo ; gov:onPost :post2{dated('2012', None)} ."),
    )  # fmt: skip
    found = changes(TERM + there, "2012", "2012", place="http://x.example/there")
    assert [row[3] for row in found] == ["bo"]


def test_a_window_that_ends_before_it_starts() -> None:
    with pytest.raises(GovgraphError) as caught:
        changes(TERM, "2013", "2012")
    assert caught.value.code == "window-reversed"


@given(COARSE, COARSE, COARSE)
def test_certainty_over_all_days_that_a_date_can_mean(when: str, start: str, end: str) -> None:
    assume(min(days(start)) <= max(days(end)))
    asked = {day for day in days(when) if min(days(start)) <= day <= max(days(end))}
    expected = [] if not asked else ["yes" if asked == days(when) else "unknown"]
    found = changes(held("t1", "an", when, None), start, end)
    assert [certain for _, certain, *_ in found] == expected
