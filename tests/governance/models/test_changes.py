"""What a model changed of the one before it."""

from __future__ import annotations

import pytest

from govgraph.errors import GovgraphError
from govgraph.governance.models.changes import model_changes
from govgraph.vocabulary import GOV

from .conftest import SMALL, X


def changes(engine, **models):
    found = model_changes(engine, **{name: X + model for name, model in models.items()})
    return {
        (row["after"] or row["before"] or row["dimension"]).removeprefix(X).removeprefix(GOV): (
            row["change"],
            row["basis"],
        )
        for row in found.frame.iter_rows(named=True)
    }


def test_added_kept_changed_and_what_cannot_be_told(small):
    found = changes(small, model="new")
    assert found["new-station"] == ("added", "inferred")
    assert found["new-head"] == found["rule"] == found["staff"] == ("added", "inferred")
    assert found["new-committee"] == ("changed", "inferred"), "its position has other words"
    assert found["new-chair"] == ("unknown", "stated")
    assert found["old-office"] == ("unknown", "stated"), "silence does not remove it"
    assert found["fundingDimension"][0] == "unknown"
    assert "oversightDimension" not in found, "nothing is known on either side"


def test_the_other_way_round_it_is_removed(small):
    found = changes(small, model="old", before="new")
    assert found["new-station"] == ("removed", "inferred")
    assert found["new-head"] == ("removed", "inferred")


def test_a_slot_with_the_same_traits_is_kept(made):
    engine = made(SMALL.replace("民主自治", "自治"))
    assert changes(engine, model="new")["new-committee"] == ("kept", "inferred")


def test_the_shipped_revision_adds_one_station_and_what_belongs_to_it(shipped):
    model = "https://w3id.org/govgraph/id/model/gm-2zhan"
    frame = model_changes(shipped.engine, model=model).frame.filter(kind="body")
    assert dict(zip(frame["item_zh"], frame["change"], strict=True)) == {
        "社区党委": "kept", "社居委": "kept", "社区工作站": "kept", "社区社会工作服务站": "added",
    }  # fmt: skip
    assert set(frame["basis"]) == {"inferred"}


def test_a_model_that_revises_none_or_several_needs_to_be_told(small, made):
    with pytest.raises(GovgraphError, match="revises none"):
        changes(small, model="far")
    with pytest.raises(GovgraphError, match="revises several"):
        changes(made(SMALL + ":far gov:replacedBy :new ."), model="new")
