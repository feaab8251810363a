"""Small models side by side: what each cell says and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.governance.engines import on_columns

from govgraph.errors import GovgraphError
from govgraph.governance.models.compare import compare_models
from govgraph.vocabulary import GOV

from .conftest import PROLOGUE, ROOT, SMALL, X


def cells(engine, *models, **more):
    """(dimension or slot, model) -> (state, basis, zh, sources)."""
    found = compare_models(engine, models=[X + model for model in models], **more)
    return {
        (
            (row["item"] or row["dimension"]).removeprefix(X).removeprefix(GOV),
            row["subject"].removeprefix(X),
        ): (
            row["state"],
            row["basis"],
            row["value_zh"],
            [source.removeprefix(X) for source in row["source"]],
        )
        for row in found.frame.iter_rows(named=True)
    }


def test_what_a_later_model_added_is_absent_before(small):
    found = cells(small, "old", "new")
    absent = "没有；为后来的模式所增设"
    assert found["new-station", "old"] == ("absent", "inferred", absent, ["new-station"])
    assert found["new-station", "new"] == ("sourced", "stated", "服务站", ["new-station"])


def test_what_needs_an_absent_body_does_not_apply(small):
    found = cells(small, "old", "new")
    for item in ("new-head", "rule", "staff"):
        assert found[item, "old"][:2] == ("notApplicable", "inferred"), item
        assert found[item, "old"][3] == ["new-station"], item
    assert found["new-chair", "old"] == ("unknown", None, "所查资料没有说", [])


def test_silence_is_unknown_with_the_reason_where_one_is_given(small):
    found = cells(small, "old", "new")
    assert found["fundingDimension", "old"] == ("unknown", None, "没有说金额", ["gap"])
    assert found["oversightDimension", "new"][0] == "unknown"
    assert found["serviceBodyDimension", "old"][0] == "unknown", "no source denies the service"


def test_a_denial_with_a_source_is_absence_of_the_bodies_too(small):
    found = cells(small, "far", "new")
    assert found["serviceBodyDimension", "far"] == ("absent", "stated", "no services", ["s2"])
    assert found["new-station", "far"] == ("absent", "inferred", "no services", ["s2"])
    assert found["new-head", "far"][0] == "notApplicable"


def test_functions_align_what_names_do_not(small):
    found = cells(small, "far", "new", "old")
    assert found["far-council", "new"][2:] == ("居委会", ["new-committee"])
    assert found["far-council", "old"][:2] == ("sourced", "inferred")
    assert found["deliberativeBodyDimension", "far"][2:] == ("council", ["far-council"])


def test_general_knowledge_is_unsourced(small):
    found = cells(small, "far", "new")
    assert found["fundingDimension", "far"] == (
        "unsourced", "generalKnowledge", "fees", ["s1"],
    )  # fmt: skip


def test_every_model_has_every_cell(small):
    found = compare_models(small, models=[X + name for name in ("old", "new", "far")])
    rows = found.frame.group_by("dimension", "kind", "item").len()
    assert rows["len"].unique().to_list() == [3]
    assert not found.frame["state"].null_count()
    assert not found.frame["value_zh"].null_count()
    assert found.coverage[0].total == found.frame.height
    assert found.coverage[0].known == found.frame["state"].is_in(["sourced", "absent"]).sum()


def test_the_order_of_models_is_the_callers_and_changes_nothing_else(small):
    forth = compare_models(small, models=[X + "old", X + "new"]).frame
    back = compare_models(small, models=[X + "new", X + "old"]).frame
    assert forth["subject"][:2].to_list() == [X + "old", X + "new"]
    assert back["subject"][:2].to_list() == [X + "new", X + "old"]
    by = ["dimension", "kind", "item", "subject"]
    assert forth.sort(by).equals(back.sort(by))


def test_differences_only_leaves_out_what_is_the_same(small):
    found = cells(small, "old", "new", differences_only=True)
    names = {name for name, _ in found}
    assert "new-station" in names
    assert "old-committee" not in names
    assert "new-committee" not in names
    assert "oversightDimension" not in names
    assert len(found) == 2 * len(names)


def test_dimensions_may_be_chosen_and_must_exist(small):
    found = cells(small, "old", "new", dimensions=[GOV + "fundingDimension"])
    assert {name for name, _ in found} == {"fundingDimension"}
    with pytest.raises(GovgraphError, match="dimensions is not valid"):
        cells(small, "old", "new", dimensions=[X + "colour"])
    with pytest.raises(GovgraphError, match="two or more"):
        cells(small, "old", "old")


def test_a_contradiction_between_sources_is_shown(made):
    engine = made(SMALL + """
:s4 a gov:ModelStatement ; gov:about :far ; gov:dimension gov:serviceBodyDimension ;
  gov:cellState gov:sourcedCell ; gov:statementText "a helpdesk" ; gov:sourceTitle "Minutes" .
""")  # fmt: skip
    frame = compare_models(engine, models=[X + "far", X + "new"]).frame
    row = frame.filter(dimension=GOV + "serviceBodyDimension", subject=X + "far").row(0, named=True)
    assert (row["state"], row["disputed"]) == ("sourced", True)
    assert row["value_en"] == "a helpdesk; no services"


def test_relations_stand_in_the_dimension_that_names_them(made):
    engine = made(SMALL + """
:donor a org:Organization ; skos:prefLabel "甲"@zh .
:r a gov:Relation ; gov:subject :donor ; gov:predicateName "funds" ; gov:object :new .
:event gov:object :new-station .
""")  # fmt: skip
    found = cells(engine, "old", "new")
    assert found["fundingDimension", "new"][2] == "taxes；甲 出资 新"
    assert found["fundingDimension", "new"][3] == ["s3", "r"]


def test_the_columns_give_the_same_cells(small, tmp_path: Path):
    ontology = "\n".join(
        line
        for module in sorted((ROOT / "ontology").glob("*.ttl"))
        for line in module.read_text("utf-8").splitlines()
    )
    engine = on_columns(PROLOGUE + ontology + SMALL, tmp_path)
    models = [X + name for name in ("old", "new", "far")]
    ours = compare_models(small, models=models).frame
    assert compare_models(engine, models=models).frame.equals(ours)


def test_flows_where_a_model_is_adopted_are_practice_and_not_the_model(made):
    engine = made(SMALL + """
:here a gov:Community . :a gov:adopter :here ; gov:adoptedModel :old .
:body a org:Organization ; gov:place :here .
:f1 a gov:FundingFlow ; gov:funder :body ; gov:recipient :body ; gov:amount 5 .
:f2 a gov:FundingFlow ; gov:recipient :body .
""")  # fmt: skip
    frame = compare_models(engine, models=[X + "old", X + "new"]).frame
    practice = frame.filter(kind="practice")
    assert practice["value_en"].to_list() == [
        "2 flows, 1 with a known amount", "the sources at hand do not say",
    ]  # fmt: skip
    assert practice["item"].null_count() == 2
    funding = frame.filter(kind="dimension", dimension=GOV + "fundingDimension")
    assert funding["state"].to_list() == ["unknown", "sourced"]


def test_what_the_later_model_does_not_call_new_may_have_been_there(made):
    engine = made(SMALL.replace("gov:newInModel true", "gov:newInModel false"))
    found = cells(engine, "old", "new")
    assert found["new-station", "old"][0] == "unknown"
    assert found["new-head", "old"][0] == "unknown"


def test_only_what_the_compared_models_have_gets_a_row(small):
    found = cells(small, "old", "far")
    assert {"new-station", "new-chair", "rule", "staff"}.isdisjoint(name for name, _ in found)


def test_a_slot_that_a_statement_speaks_of_is_not_said_twice(made):
    engine = made(SMALL + """
:s6 a gov:ModelStatement ; gov:about :new ; gov:dimension gov:serviceBodyDimension ;
  gov:cellState gov:sourcedCell ; gov:statementText "the station serves" ;
  gov:sourceTitle "Minutes" ; gov:onSlot :new-station .
""")  # fmt: skip
    found = cells(engine, "old", "new")
    assert found["serviceBodyDimension", "new"][2:] == (
        "the station serves", ["s6", "new-station"],
    )  # fmt: skip
    assert found["new-station", "new"][2] == "服务站"
