"""The W3C's tests of CSV on the Web, one by one; see docs/conformance.md."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import csvw_suite

FOLDER = Path(__file__).resolve().parents[3] / "shared/conformance/suites/csvw-tests/tests"
SKIPPED = csvw_suite.skipped()
CASES = [*csvw_suite.cases(FOLDER)] if FOLDER.is_dir() else []
IN_SCOPE = [case for case in CASES if not {case.name, case.kind} & set(SKIPPED)]


@pytest.fixture(scope="module")
def suite(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> csvw_suite.Suite:
    folder = shared / "conformance" / "suites" / "csvw-tests" / "tests"
    return csvw_suite.Suite(folder, tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize("case", IN_SCOPE, ids=lambda case: case.name)
def test_conforms(case: csvw_suite.Case, suite: csvw_suite.Suite) -> None:
    assert suite.verdict(case) is None


def test_what_is_out_of_scope_is_there_and_no_more(shared: Path) -> None:
    assert shared.is_dir()
    assert set(SKIPPED) <= {name for case in CASES for name in (case.name, case.kind)}
    counted = [case for case in IN_SCOPE if case.name.startswith(("rdf-", "validation-"))]
    assert len(counted) == 270 + 282
