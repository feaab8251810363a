"""Calibration is what the caller says, and reads nothing into anything else."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.errors import GovgraphError
from govgraph.governance.models.qca.calibration import calibrated

numbers = st.floats(-1e6, 1e6, allow_nan=False)
anchors = st.lists(numbers, min_size=3, max_size=3, unique=True).map(sorted).filter(
    lambda found: all(b - a > 1e-3 for a, b in itertools.pairwise(found))
)  # fmt: skip


def fuzzy(low, middle, high):
    return calibrated(f"c={low!r}/{middle!r}/{high!r}")


@given(anchors)
def test_the_three_values_have_the_memberships_that_name_them(found):
    for ends in (found, found[::-1]):
        made = fuzzy(*ends)
        got = [made.membership(value) for value in ends]
        assert got == pytest.approx([0.05, 0.5, 0.95])


@given(anchors, numbers, numbers)
def test_membership_rises_with_the_value_or_falls_if_the_anchors_do(found, a, b):
    low, high = sorted((a, b))
    rising, falling = fuzzy(*found), fuzzy(*found[::-1])
    assert 0 <= rising.membership(low) <= rising.membership(high) <= 1
    assert falling.membership(low) >= falling.membership(high)


def test_the_curve_is_logistic():
    made = calibrated("c=0/10/20")
    assert made.membership(15) == pytest.approx(1 / (1 + math.exp(-math.log(19) / 2)))
    assert made.said == "logistic 0/10/20"


@given(numbers, numbers)
def test_a_threshold_is_reached_or_not(threshold, value):
    assert calibrated(f"c>={threshold!r}").membership(value) == float(value >= threshold)


def test_without_a_calibration_values_are_0_and_1():
    made = calibrated("condition-paid-staff")
    assert (made.membership(0), made.membership(1)) == (0, 1)
    assert (made.column, made.said) == ("PAID_STAFF", "0/1")
    with pytest.raises(GovgraphError, match="needs a calibration"):
        made.membership(0.5)


@pytest.mark.parametrize(
    "text", ["", "C", "c=", "c=1", "c=1/2", "c=1/1/2", "c=1/3/2", "c=a/b/c", "c>=", "c>=x", "c>=nan",
             "c=1/2/inf", "c;d", "c=1/2/3/4", "../c"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(GovgraphError) as caught:
        calibrated(text)
    assert caught.value.code == "invalid-parameter"
