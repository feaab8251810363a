"""What the check of keys found, and the problems that come of it once the texts are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

import polars as pl

from govgraph_loaders.conversion import Converted
from govgraph_loaders.keyvalues import SEPARATOR
from govgraph_loaders.problems import Problem, near_hint, problem
from govgraph_loaders.tablekeys import Finding, TableKeys, What


class _Text(NamedTuple):
    line: int
    text: str
    shown: str


_Texts = dict[tuple[int, What, int], _Text]


def as_problems(found: Sequence[Finding]) -> list[Problem]:
    """The findings with the lines and values that their rows have in the file."""
    rows: dict[int, list[int]] = {}
    tables = {id(finding.table): finding.table for finding in found}
    for finding in found:
        rows.setdefault(id(finding.table), []).append(finding.row)
    texts = {place: _texts(table, rows[place]) for place, table in tables.items()}
    return [_problem(finding, texts[id(finding.table)]) for finding in found]


def _texts(table: TableKeys, rows: Sequence[int]) -> _Texts:
    """Lines and texts of some rows' keys, by (row, what, key)."""
    texts: _Texts = {}
    for part in table.again(pl.Series(rows, dtype=pl.UInt32)):
        for what, frame in _compared(part):
            for row, key, *text in frame.select("row", "key", *_Text._fields).iter_rows():
                texts[row, what, key] = _Text(*text)
    return texts


def _compared(part: Converted) -> Iterator[tuple[What, pl.DataFrame]]:
    """The frames of a batch's keys, and that of its references by column."""
    yield from part.keys.items()
    for (column,), frame in part.references.group_by("column"):
        assert isinstance(column, int)
        yield column, frame


def _problem(finding: Finding, texts: _Texts) -> Problem:
    source, what = finding.table.source, finding.what
    text = texts[finding.row, what, finding.key]
    column = source.table.columns[what].name if isinstance(what, int) else ", ".join(what)
    hint = _hint(text.text, finding.candidates()) if finding.candidates else {}
    return problem(
        finding.code, dataset=source.dataset, table=source.path.name, row=finding.row,
        line=text.line, column=column, value=text.shown, **finding.details, **hint,
    )  # fmt: skip


def _hint(text: str, candidates: Sequence[str]) -> dict[str, Any]:
    near = difflib.get_close_matches(text, candidates, n=1, cutoff=0.8)
    return near_hint([unquote(key.replace(SEPARATOR, ", ")) for key in near])
