"""Lists over all models of the shipped data."""

from __future__ import annotations

from govgraph.governance.models.listing import functions_of_models, model_cells, models_list

BASE = "https://w3id.org/govgraph/id/model/"


def test_the_three_models_without_any_source_are_marked(shipped):
    frame = models_list(shipped.engine).frame
    marked = frame.filter("all_unsourced")["model"].str.strip_prefix(BASE).to_list()
    assert marked == ["cm-hangzhou", "cm-nanjing", "cm-shunde"]
    states = ("sourced", "absent", "unsourced", "notApplicable", "unknown")
    assert frame.select(total=sum(frame[s] for s in states))["total"].unique().to_list() == [16]


def test_a_state_selects_its_cells(shipped):
    absent = model_cells(shipped.engine, state="absent").frame
    assert absent["subject"].to_list() == [BASE + "gm-1zhan"]
    assert absent["verbatim"].to_list() == ["none separate (the added station is the difference)"]
    every = model_cells(shipped.engine).frame
    unknown = model_cells(shipped.engine, state="unknown").frame
    assert every.height == 19 * 16
    assert unknown.height == (every["state"] == "unknown").sum()


def test_every_function_of_every_model_has_a_state(shipped):
    frame = functions_of_models(shipped.engine).frame
    assert frame.height == 19 * 7
    assert not frame["state"].null_count()
