"""The comparators as they were recorded: every row, its state, its source, word for word."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import ROOT

from govgraph.build import build
from govgraph.settings import Settings

STATES = {"sourced": "sourced", "unsourced_general_knowledge": "unsourced", "not_found": "unknown"}
#: The names of the dimensions where they were recorded.
DIMENSIONS = {
    "place_period": "placePeriod", "governed_unit": "governedUnit",
    "political_lead": "politicalLead", "deliberative_body": "deliberativeBody",
    "executive_body": "executiveBody", "service_body": "serviceBody", "key_posts": "keyPosts",
    "concurrent_or_incompatible_post_rules": "postRules", "selection_of_heads": "selectionOfHeads",
    "staffing": "staffing", "funding": "funding",
    "social_organisations_role": "socialOrganizations", "relation_to_higher_tier": "higherTier",
    "oversight": "oversight", "distinctive_problem_solved": "problemSolved",
}  # fmt: skip


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def shipped() -> list[dict[str, str]]:
    names = ("xiyuan", "comparators")
    return [row for name in names for row in read(ROOT / "data" / name / "model_statements.csv")]


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[dict[str, str]]:
    return read(shared / "comparators" / "comparators_long.csv")


def test_every_recorded_row_is_here_word_for_word(shipped, recorded):
    ours = [(row["model"], row["dimension"], row["value"]) for row in shipped]
    theirs = [(row["model_id"], DIMENSIONS[row["dimension"]], row["value"]) for row in recorded]
    assert ours == theirs


def test_states_are_those_recorded_and_one_denial_is_absence(shipped, recorded):
    differing = [
        (ours["id"], ours["state"], theirs["source_status"])
        for ours, theirs in zip(shipped, recorded, strict=True)
        if ours["state"] != STATES[theirs["source_status"]]
    ]
    assert differing == [("ms-1zhan-serviceBody", "absent", "sourced")]


def test_134_are_sourced_68_are_not_80_were_not_found(shipped):
    assert Counter(row["state"] for row in shipped) == {
        "sourced": 133, "absent": 1, "unsourced": 68, "unknown": 80,
    }  # fmt: skip


def test_sources_are_those_recorded(shipped, recorded):
    for ours, theirs in zip(shipped, recorded, strict=True):
        if ours["model"].startswith("cm-"):
            assert ours["source_title"] == theirs["source_title"]
            assert ours["source_address"] == theirs["source_address"]
        else:
            assert bool(ours["sentences"]) == bool(theirs["source_title"])


def test_what_has_a_value_is_said_in_both_languages(shipped):
    for row in shipped:
        said = [bool(row[name]) for name in ("value", "value_zh", "value_en")]
        assert said in ([True] * 3, [False] * 3), row["id"]
        assert said[0] == (row["state"] != "unknown"), row["id"]
        assert bool(row["source_title"]) == (row["state"] in ("sourced", "absent")), row["id"]


def test_models_are_defined_once_and_labelled_as_recorded(recorded):
    models = [
        row for name in ("xiyuan", "comparators", "example-communities")
        for row in read(ROOT / "data" / name / "governance_models.csv")
    ]  # fmt: skip
    ids = [row["id"] for row in models]
    assert len(ids) == len(set(ids))
    labels = {row["id"]: (row["label_zh"], row["label_en"]) for row in models}
    for row in recorded:
        if row["model_id"].startswith("cm-"):
            assert labels[row["model_id"]] == (row["model_zh"], row["model_en"])


def test_the_folder_can_be_built_alone(tmp_path):
    done = build([ROOT / "data" / "comparators"], Settings(home=tmp_path))
    assert done.release is not None, done.report()
    assert not done.problems
