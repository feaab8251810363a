"""Similarity against a count by hand over random cells, and its reasons."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.models.cells import Value, cell
from govgraph.governance.models.dimensions import Dimension
from govgraph.governance.models.grid import Grid
from govgraph.governance.models.nodes import Words
from govgraph.governance.models.rows import Row
from govgraph.governance.models.similarity import compared, model_similarity, similarity
from govgraph.vocabulary import GOV

from .conftest import X

KNOWN = frozenset({"sourced", "absent"})
cells = st.builds(
    lambda state, codes: cell([Value(state, codes=codes)]),
    st.sampled_from(["sourced", "absent", "unsourced", "unknown", "notApplicable"]),
    st.frozensets(st.sampled_from("xyz")),
)
#: A row: its dimension (0 to 2), whether it is about a function, whether it is a slot, two cells.
drawn = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans(), cells, cells))


def grid(found):
    rows, made = [], {}
    for number, (dimension, function, slot, a, b) in enumerate(found):
        functions = frozenset({"lead"} if function else ())
        where = Dimension(f"d{dimension}", dimension, Words(), Words(), functions, frozenset())
        kind = "body" if slot else "dimension"
        row = Row(where, kind, str(number), Words("行", "row"), functions)
        rows.append(row)
        made |= {("a", kind, row.key): a, ("b", kind, row.key): b}
    return Grid(rows, ["a", "b"], made, None, None)


def counted(found):
    """By hand: the mean over dimensions of the mean over their rows that can be compared."""
    agreements = {}
    for dimension, function, slot, a, b in found:
        if a.state not in KNOWN or b.state not in KNOWN:
            continue
        if "absent" in (a.state, b.state):
            agrees = 1.0 if a.state == b.state else 0.0
        elif a.codes and b.codes:
            agrees = len(a.codes & b.codes) / len(a.codes | b.codes)
        elif slot or function:
            agrees = 1.0
        else:
            continue
        agreements.setdefault(dimension, []).append(agrees)
    means = [sum(each) / len(each) for each in agreements.values()]
    return sum(means) / len(means) if means else None


@given(drawn)
def test_it_is_the_count_by_hand_and_symmetric(found):
    made = grid(found)
    forth = similarity(compared(made, "a", "b", KNOWN))
    assert forth == pytest.approx(counted(found))
    assert similarity(compared(made, "b", "a", KNOWN)) == pytest.approx(forth)
    assert forth is None or 0 <= forth <= 1


@given(drawn)
def test_what_is_equal_to_itself_is_wholly_alike(found):
    made = grid([(d, f, s, a, a) for d, f, s, a, _ in found])
    assert similarity(compared(made, "a", "b", KNOWN)) in (None, 1.0)


def test_reasons_are_named(small):
    frame = model_similarity(small, models=[X + "old", X + "new"]).frame
    row = frame.row(0, named=True)
    assert row["model"] == X + "new"
    assert row["agree_zh"] == ["居委会", "议事组织"]
    assert row["differ_zh"] == ["服务站"]
    assert (row["dimensions"], row["cells"]) == (2, 3)
    assert row["similarity"] == pytest.approx((1 / 2 + 1) / 2)


def test_what_has_no_source_counts_only_if_asked_for(small):
    models = [X + "far", X + "new"]
    row = model_similarity(small, models=models).frame.row(0, named=True)
    assert "经费" not in row["differ_zh"]
    row = model_similarity(small, models=models, unsourced=True).frame.row(0, named=True)
    assert "经费" in row["differ_zh"]


def test_all_pairs_each_once_the_most_alike_first(shipped):
    found = model_similarity(shipped.engine)
    pairs = list(zip(found.frame["model"], found.frame["other"], strict=True))
    assert len(pairs) == len(set(pairs)) == 19 * 18 // 2
    assert all(a < b for a, b in pairs)
    known = found.frame["similarity"].drop_nulls().to_list()
    assert all(a >= b for a, b in pairwise(known))
    assert found.coverage[0].known == len(known)
    hangzhou = found.frame.filter(
        (found.frame["model"] + found.frame["other"]).str.contains("hangzhou")
    )
    assert hangzhou["similarity"].null_count() == 18, "nothing of it has a source"
    assert not set(found.frame["cells"].filter(found.frame["similarity"].is_null())) - {0}


def test_dimension_and_function_of_the_shipped_scheme_belong_together(shipped):
    from govgraph.governance.models.dimensions import dimensions

    every = dimensions(shipped.engine)
    functions = [function for each in every for function in each.functions]
    assert len(every) == 16
    assert sorted(functions) == sorted(set(functions)), "a function is compared in one dimension"
    assert GOV + "serveFunction" in functions
