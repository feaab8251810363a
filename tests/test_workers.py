"""What the parallel run of the tests relies on."""

from __future__ import annotations

from pathlib import Path

import pytest

workers = pytest.importorskip("tests.workers", reason="needs pytest-xdist")
ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/service/test_why.py::test_a[x::y-tests/abuse/]", "tests/service/test_why.py"),
        ("tests/abuse/test_files.py::test_a[x]", "tests/abuse/"),
        ("tests/spark/test_cluster.py::test_a", "tests/spark/"),
        ("tests/remote/test_build.py::test_a[virtuoso-after the switch]", "tests/remote/virtuoso"),
        ("tests/remote/test_catalog.py::test_a[oxigraph-CQ1]", "tests/remote/oxigraph"),
        ("tests/remote/test_text.py::test_a[CQ1]", "tests/remote/local"),
    ],
)
def test_what_shares_a_set_up_stays_together(nodeid: str, unit: str) -> None:
    assert workers.unit(nodeid) == unit


def test_what_begins_first_is_there() -> None:
    for unit in workers.SECONDS:
        remote = unit.startswith(workers.REMOTE)
        assert (ROOT / (workers.REMOTE if remote else unit)).exists(), unit
