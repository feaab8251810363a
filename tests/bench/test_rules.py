"""The bench of rules counts what the checker finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import rules


def test_the_shipped_data(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules.main([str(home)]) == 0
    head, _, row = capsys.readouterr().out.strip().splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")][:4] == [
        "release", "appointments", "cases", "findings",
    ]  # fmt: skip
    assert [cell.strip() for cell in row.strip("|").split("|")][1:4] == ["91", "56", "7"]
