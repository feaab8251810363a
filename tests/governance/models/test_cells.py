"""Every cell has exactly one state, says something, and does not hide what is weaker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.models.cells import STATES, Value, cell
from govgraph.governance.models.nodes import Words

words = st.builds(Words, st.none() | st.just("有"), st.none() | st.just("has"))
values = st.builds(
    Value,
    st.sampled_from(STATES),
    words,
    st.sampled_from(["stated", "inferred", "synthetic"]),
    codes=st.frozensets(st.sampled_from(["a", "b"])),
    sources=st.tuples(st.sampled_from(["x", "y", "z"])),
)


@given(st.lists(values))
def test_a_cell_has_the_state_of_its_strongest_value_and_is_never_blank(said):
    made = cell(said)
    held = {value.state for value in said} or {"unknown"}
    assert made.state == min(held, key=STATES.index)
    assert made.text("zh")
    assert made.text("en")
    assert (made.basis is None) == (made.state == "unknown")


@given(st.lists(values))
def test_codes_and_basis_come_from_what_decides(said):
    made = cell(said)
    deciding = [value for value in said if value.state == made.state]
    assert made.codes == frozenset().union(*(value.codes for value in deciding))
    if made.state != "unknown":
        assert made.basis in {value.basis for value in deciding}


@given(st.lists(values))
def test_the_order_in_which_things_are_said_does_not_matter(said):
    forth, back = cell(said), cell(said[::-1])
    assert (forth.state, forth.codes, forth.basis) == (back.state, back.codes, back.basis)
    assert set(forth.sources) == set(back.sources)


def test_a_source_outweighs_its_denial_and_the_contradiction_shows():
    made = cell([Value("absent", Words("没有", "none")), Value("sourced", Words("有", "some"))])
    assert (made.state, made.disputed) == ("sourced", True)
    assert made.text("zh") == "有；没有"
    assert not cell([Value("absent"), Value("unsourced")]).disputed


def test_what_has_no_source_is_marked_beside_what_has_one():
    made = cell([Value("unsourced", Words(None, "fees")), Value("sourced", Words(None, "taxes"))])
    assert made.state == "sourced"
    assert made.text("en") == "taxes; fees (unsourced)"
    assert cell([Value("unsourced", Words(None, "fees"))]).text("en") == "fees"


def test_why_something_is_not_known_is_told_only_where_nothing_is():
    why = Value("unknown", Words("没有说", "not said"), sources=("note",))
    assert cell([why]).text("en") == "not said"
    known = cell([why, Value("sourced", Words("有", "some"), sources=("row",))])
    assert known.text("en") == "some"
    assert known.sources == ["row"]


def test_a_denial_with_a_source_outweighs_what_has_none():
    made = cell([Value("unsourced", Words("有", "some")), Value("absent", Words("没有", "none"))])
    assert made.state == "absent"
    assert made.text("en") == "none; some (unsourced)"
    assert cell([Value("notApplicable"), Value("unsourced")]).state == "unsourced"
    assert cell([Value("unknown"), Value("notApplicable")]).state == "notApplicable"
