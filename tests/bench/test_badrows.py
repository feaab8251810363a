"""Bad rows among many, counted as the bench counts them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.badrows import BadRows, find_bad_rows

import govgraph_loaders


def test_bad_rows_among_many_are_found_and_none_invented(tmp_path: Path) -> None:
    found = find_bad_rows(100, 4, tmp_path)
    assert found == BadRows(found.rows, found.planted, 26, missed=0, invented=0)
    assert found.planted > 100
    assert found.rows > 3_900
    assert found.exact


def test_what_is_missed_or_invented_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loader that takes one code for another misses what it was and invents what it was not."""
    from bench import badrows

    def wrong(*args: object) -> govgraph_loaders.Ingested:
        done = govgraph_loaders.ingest(*args)  # type: ignore[arg-type]
        done.problems[:2] = done.problems[2:3]
        return done

    monkeypatch.setattr(badrows, "ingest", wrong)
    found = find_bad_rows(50, 1, tmp_path)
    assert (found.missed, found.invented) == (2, 1)
    assert not found.exact
