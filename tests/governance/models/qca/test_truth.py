"""Truth tables: every case is somewhere, contradictions show, numbers are the formulas'."""

from __future__ import annotations

import csv
import io
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.errors import GovgraphError
from govgraph.governance.models.qca.answers import data_csv, qca_data, truth_csv, truth_table
from govgraph.governance.models.qca.calibration import Calibrated
from govgraph.governance.models.qca.conditions import Measured, measured
from govgraph.governance.models.qca.truth import Study, configurations, split, study

BASE = "https://w3id.org/govgraph/id/model/"
grades = st.none() | st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0])
tables = st.lists(st.tuples(grades, grades, grades), max_size=12)


class Graded(Calibrated):
    """A set whose values are memberships."""

    def membership(self, value: float) -> float:
        return value


def made(found):
    sets = [Graded(name) for name in "aby"]
    values = {
        each.query: {
            f"case{n:02}": Measured(row[at], (f"row{n}",))
            for n, row in enumerate(found)
            if row[at] is not None
        }
        for at, each in enumerate(sets)
    }
    return Study(sets[:2], sets[2], [f"case{n:02}" for n in range(len(found))], values)


@given(tables)
def test_every_case_is_in_one_configuration_or_apart(found):
    one = made(found)
    placed, ambiguous, unknown = split(one)
    inside = [case for each in configurations(one) for case in each.cases]
    assert sorted(inside) == placed
    assert sorted([*placed, *ambiguous, *unknown]) == list(one.cases)
    for case in unknown:
        assert None in found[int(case[4:])]
    for case in ambiguous:
        assert 0.5 in found[int(case[4:])][:2]


@given(tables)
def test_consistency_and_pri_are_the_formulas(found):
    one = made(found)
    rows = [row for row in found if None not in row and 0.5 not in row[:2]]
    for each, signs in zip(configurations(one), product((True, False), repeat=2), strict=True):
        x = [min(a if signs[0] else 1 - a, b if signs[1] else 1 - b) for a, b, _ in rows]
        y = [outcome for _, _, outcome in rows]
        assert each.present == signs
        if sum(x):
            both = sum(map(min, x, y))
            neither = sum(min(p, q, 1 - q) for p, q in zip(x, y, strict=True))
            assert each.consistency == pytest.approx(both / sum(x))
            if sum(x) - neither > 1e-9:
                assert each.pri == pytest.approx((both - neither) / (sum(x) - neither))
        else:
            assert each.consistency is None
        cases = [
            outcome > 0.5 for (_, _, outcome), degree in zip(rows, x, strict=True) if degree > 0.5
        ]
        assert len(each.cases) == len(cases)
        assert each.contradictory == (any(cases) and not all(cases))


def test_the_shipped_example_is_contradictory_and_says_so(shipped):
    answer = truth_table(
        shipped.engine,
        conditions=["condition-elected-heads", "condition-paid-staff"],
        outcome="condition-joined-posts",
        unsourced=True,
    )
    row = answer.frame.filter(configuration="ELECTED_HEADS*PAID_STAFF").row(0, named=True)
    assert [case.removeprefix(BASE) for case in row["cases"]] == [
        "cm-chonaikai",
        "cm-parish",
        "cm-pb",
    ]
    assert [case.removeprefix(BASE) for case in row["positive"]] == ["cm-chonaikai"]
    assert (row["contradictory"], row["out"]) == (True, "0")
    assert row["consistency"] == pytest.approx(1 / 3)
    kinds = answer.frame["kind"].value_counts().rows_by_key("kind")
    assert kinds["configuration"] == [(2,)]
    assert kinds["unknown"] == [(15,)]
    assert answer.coverage[0].known == 4


def test_complete_lists_what_has_no_case(shipped):
    frame = truth_table(
        shipped.engine,
        conditions=["condition-elected-heads", "condition-paid-staff"],
        outcome="condition-joined-posts",
        complete=True,
    ).frame.filter(kind="configuration")
    assert frame.height == 4
    assert set(frame.filter(n=0)["out"]) == {"?"}


def test_without_a_source_counts_only_if_asked_for(shipped):
    without, with_ = (
        measured(shipped.engine, "condition-elected-heads", unsourced=unsourced)
        for unsourced in (False, True)
    )
    assert {case.removeprefix(BASE): found.value for case, found in without.items()} == {
        "cm-jianghan": 1, "cm-parish": 1, "cm-yantian": 0,
    }  # fmt: skip
    assert with_[BASE + "cm-yantian"].value == 1, "one of its statements says so"
    assert without.keys() < with_.keys()


def test_data_are_null_where_nothing_is_known(shipped):
    frame = qca_data(
        shipped.engine,
        conditions=["condition-sourced-share=0.2/0.5/0.8"],
        outcome="condition-separate-service-body",
    ).frame
    assert frame.height == 19 * 2
    assert frame["value"].is_null().to_list() == frame["membership"].is_null().to_list()
    nanjing = frame.filter(case=BASE + "cm-nanjing", role="outcome")
    assert nanjing["value"].to_list() == [None], "what is known of it has no source"


def test_the_files_for_r_agree_with_each_other(shipped):
    one = study(
        shipped.engine,
        ["condition-elected-heads", "condition-sourced-share=0.2/0.5/0.8"],
        "condition-joined-posts",
        "models",
        unsourced=True,
    )
    data = list(csv.DictReader(io.StringIO(data_csv(one, BASE))))
    assert list(data[0]) == ["case", "ELECTED_HEADS", "SOURCED_SHARE", "JOINED_POSTS"]
    assert len({row["case"] for row in data}) == len(data) == 19
    assert {value for row in data for value in row.values()} & {"", "NA"} == {"NA"}
    truth = list(csv.DictReader(io.StringIO(truth_csv(one, BASE, 0.8))))
    assert list(truth[0])[2:] == ["OUT", "n", "incl", "PRI", "cases", "contradictory"]
    whole = [row for row in data if "NA" not in row.values()]
    assert sum(int(row["n"]) for row in truth) == len(whole)
    for row in truth:
        signs = [row["ELECTED_HEADS"] == "1", row["SOURCED_SHARE"] == "1"]
        inside = [
            each["case"] for each in whole
            if [float(each["ELECTED_HEADS"]) > 0.5, float(each["SOURCED_SHARE"]) > 0.5] == signs
        ]  # fmt: skip
        assert row["cases"] == ",".join(inside)


def test_places_are_cases_too(shipped):
    answer = truth_table(
        shipped.engine,
        conditions=["condition-place-joined-posts>=2"],
        outcome="condition-place-known-amounts>=0.5",
        cases="places",
    )
    placed = answer.frame.filter(kind="configuration")
    cases = [case for row in placed["cases"] for case in row]
    assert sorted(case.rpartition("/")[2] for case in cases) == ["ex-c01", "ex-c05", "ex-c08"]
    assert answer.coverage[0].total == 13, "twelve communities and Xiyuan have adopted a model"


@pytest.mark.parametrize(
    "conditions", [[], ["nope"], ["models-list"], ["condition-paid-staff"] * 2, ["../qca-data"]]
)
def test_what_is_no_condition_is_refused(shipped, conditions):
    with pytest.raises(GovgraphError) as caught:
        study(shipped.engine, conditions, "condition-joined-posts", "models")
    assert caught.value.code == "invalid-parameter"
    assert caught.value.message_zh
