"""Places side by side on the shipped data: what is recorded, and what is not."""

from __future__ import annotations

import pytest

from govgraph.errors import GovgraphError
from govgraph.governance.models.compare import compare_places
from govgraph.governance.time import moment
from govgraph.vocabulary import GOV

from .conftest import SMALL, X

BASE = "https://w3id.org/govgraph/id/"


def cells(engine, base, *places, at=None):
    found = compare_places(
        engine, places=[base + place for place in places], at=at and moment(at)
    ).frame
    return {
        (
            (row["item"] or row["dimension"]).removeprefix(base).removeprefix(GOV),
            row["subject"].removeprefix(base),
        ): (row["state"], row["value_en"])
        for row in found.iter_rows(named=True)
    }


@pytest.fixture(scope="module")
def communities(shipped):
    return cells(
        shipped.engine, BASE, "place/ex-c07", "place/ex-c09", "place/ex-c12", at="2021-04-15"
    )


def test_who_holds_a_post_is_counted_at_the_date(communities):
    """In ex-c07 the first term of one deputy ended on 31 March and the next begins on 15 May."""
    item = "post-slot/po-dw-fsj"
    said = "Deputy secretary of the community Party committee: 1 post, 1 holder"
    assert communities[item, "place/ex-c07"] == ("sourced", said)
    assert communities[item, "place/ex-c12"][0] == "unknown"


def test_a_model_that_was_given_up_is_not_adopted_any_more(communities):
    assert communities["placePeriodDimension", "place/ex-c09"][0] == "unknown"
    assert communities["postRulesDimension", "place/ex-c09"][0] == "unknown"
    assert communities["placePeriodDimension", "place/ex-c07"] == (
        "sourced", "Two committees, two stations [2018-07-01/..]",
    )  # fmt: skip
    assert communities["post-rule/pr-1", "place/ex-c07"][0] == "sourced"


def test_bodies_align_by_function(communities):
    council = communities["body-slot/ex-mb-yshh", "place/ex-c12"][1]
    committee = communities["body-slot/ex-mb-yshh", "place/ex-c07"][1]
    assert council.startswith("Example Community 12: Deliberative Council")
    assert committee.startswith("Example Community 7: Residents' Committee")
    assert "for 1 it cannot be told" in committee, "its founding is not dated"


def test_flows_are_counted_with_their_unknown_amounts(shipped):
    found = cells(shipped.engine, BASE, "place/ex-c01", "place/ex-c08")
    assert found["fundingDimension", "place/ex-c01"][1] == "7 flows, 6 with a known amount"
    assert found["fundingDimension", "place/ex-c08"][1] == "1 flows, 0 with a known amount"


def test_a_place_counts_what_is_below_it(shipped):
    found = cells(shipped.engine, BASE, "place/ex-subdistrict", "place/ex-c11", at="2021-04")
    post = "post-slot/po-jwh-cy"
    assert found[post, "place/ex-c11"][1].endswith("1 post, 1 holder")
    assert found[post, "place/ex-subdistrict"][1].endswith("11 posts, 21 holders")
    staffing = "staffing-rule/st-2"
    assert found[staffing, "place/ex-subdistrict"][1] == "residents' committee members: 21 holders"


def test_a_place_lacks_what_every_model_it_surely_has_lacks(made):
    place = """
:here a gov:Community ; skos:prefLabel "here"@en . :there a gov:Community .
:a gov:adopter :here ; gov:adoptedModel :old ; gov:start "2010" ;
  gov:startEarliest "2010-01-01"^^xsd:date ; gov:startLatest "2010-12-31"^^xsd:date .
:b gov:adopter :there ; gov:adoptedModel :old .
:c gov:adopter :there ; gov:adoptedModel :new .
"""
    found = cells(made(SMALL + place), X, "here", "there", at="2012")
    assert found["new-station", "here"][0] == "absent"
    assert found["new-head", "here"][0] == "notApplicable"
    assert found["new-station", "there"][0] == "unknown", "undated: it may have either"


def test_a_recorded_body_is_not_absent_whatever_the_model_says(made):
    place = """
:here a gov:Community . :there a gov:Community .
:a gov:adopter :here ; gov:adoptedModel :old .
:body a org:Organization ; gov:place :here ; gov:fillsSlot :new-station ; skos:prefLabel "S"@en .
"""
    found = cells(made(SMALL + place), X, "here", "there")
    assert found["new-station", "here"] == ("sourced", "S")
    assert found["new-head", "here"][0] == "unknown"


def test_both_engines_say_the_same(shipped):
    places = [BASE + "place/ex-subdistrict", BASE + "place/pl-xiyuan"]
    oxigraph, columns = (
        compare_places(engine, places=places, at=moment("2021")).frame
        for engine in (shipped.engine.oxigraph, shipped.engine.columns)
    )
    assert oxigraph.equals(columns)


def test_a_holder_who_is_sure_by_one_appointment_is_counted_once(made):
    place = """
:here a gov:Community . :there a gov:Community .
:body a org:Organization ; gov:place :here ; gov:fillsSlot :new-station .
:post a org:Post ; org:postIn :body ; gov:fillsPostSlot :new-head .
:a1 gov:onPost :post ; org:member :p .
:a2 gov:onPost :post ; org:member :p ; gov:start "2010" ;
  gov:startEarliest "2010-01-01"^^xsd:date ; gov:startLatest "2010-12-31"^^xsd:date .
:a3 gov:onPost :post ; org:member :q .
"""
    found = cells(made(SMALL + place), X, "here", "there", at="2012")
    assert found["new-head", "here"][1] == "服务站站长: 1 post, 1 holder, 1 more cannot be told"


def test_two_places_are_needed(shipped):
    with pytest.raises(GovgraphError, match="two or more"):
        compare_places(shipped.engine, places=[BASE + "place/ex-c01"])
