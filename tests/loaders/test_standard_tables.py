"""The declarations of the standard tables: each is sound, and says nothing in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgraph_loaders import read_metadata

DECLARED = sorted((Path(__file__).parents[2] / "loaders" / "tables").glob("*-metadata.json"))


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: path.name)
def test_a_standard_table_is_sound(path: Path) -> None:
    (table,) = read_metadata(path)
    assert path.name == f"{table.url}-metadata.json"
    assert table.ignored == ()
    assert table.primary_key == ("id",)
    assert table.about is not None
    for key in table.foreign_keys:
        (target,) = read_metadata(path.parent / f"{key.resource}-metadata.json")
        assert key.referenced == target.primary_key
