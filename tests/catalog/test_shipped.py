"""Every entry of the catalogue is documented, has an example and gives its expected rows."""

from __future__ import annotations

import csv
import inspect
import io

import pytest
from tests.catalog.expected import answered, as_csv

from govgraph.catalog.binding import misused, variables
from govgraph.catalog.entry import Entry
from govgraph.catalog.files import written
from govgraph.catalog.index import entries
from govgraph.catalog.run import function
from govgraph.catalog.values import as_texts
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.visibility import mentioned
from govgraph.http.state import Opened
from govgraph.vocabulary import PREFIXES

ENTRIES = list(entries().values())
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


@every_entry
def test_the_rows_are_those_expected(shipped: Opened, entry: Entry) -> None:
    expected = entry.path.with_suffix(".csv").read_text("utf-8")
    found = as_csv(answered(shipped, entry), shipped.context.base)
    assert found.splitlines() == expected.splitlines()


@every_entry
def test_it_is_a_file_with_every_column_once(shipped: Opened, entry: Entry) -> None:
    file = written(shipped.context, answered(shipped, entry), "csv", "r").decode("utf-8-sig")
    names = next(csv.reader(io.StringIO(file)))
    entities = [column.name for column in entry.shown if column.type == "entity"]
    labelled = {f"{name}_{language}" for name in entities for language in ("zh", "en")}
    assert len(set(names)) == len(names)
    assert set(names) == {column.name for column in entry.shown} | labelled


@every_entry
def test_it_is_answered_with_what_is_required_only(shipped: Opened, entry: Entry) -> None:
    needed = {p.name: as_texts(p.example) for p in entry.parameters if p.required}
    result = shipped.answer(entry, needed)
    assert result.frame.height >= answered(shipped, entry).frame.height or entry.name in NARROWED


#: Queries whose default makes fewer groups, or looks for what the shipped data has not.
NARROWED = {"funding-totals", "post-matrix", "acting-holders"}


def test_some_rows_are_expected_of_most_entries() -> None:
    empty = [e.name for e in ENTRIES if len(e.path.with_suffix(".csv").read_text().split("\n")) < 3]
    assert len(empty) * 10 <= len(ENTRIES), empty


@every_entry
def test_the_header_tells_people_what_it_is(entry: Entry) -> None:
    for text in (entry.title_zh, entry.title_en, entry.description_zh, entry.description_en):
        assert text
    assert not entry.title_en.endswith(".")
    assert any("\u4e00" <= character <= "\u9fff" for character in entry.title_zh)
    assert any("\u4e00" <= character <= "\u9fff" for character in entry.description_zh)
    for named in (*entry.parameters, *entry.columns):
        assert named.zh, named.name
        assert named.en, named.name
    for parameter in entry.parameters:
        if parameter.required:
            assert parameter.example is not None, parameter.name


@every_entry
def test_what_charts_and_coverage_name_are_columns(entry: Entry) -> None:
    columns = {column.name for column in entry.columns}
    named = [text for key, text in entry.chart.items() if key != "type" and isinstance(text, str)]
    assert set(named) <= columns
    if entry.coverage:
        assert {entry.coverage.known, entry.coverage.of} <= columns


@every_entry
def test_a_query_parses_and_is_given_its_parameters_from_outside(entry: Entry) -> None:
    if entry.query is None:
        return
    parsed = parse(entry.query, prefixes=PREFIXES)
    assert parsed.form == "select"
    assert {var.name for var in parsed.vars} == {column.name for column in entry.columns}
    assert misused(entry.query, variables(entry)) is None
    for parameter in entry.parameters:
        ours = {parameter.name, f"{parameter.name}_earliest", f"{parameter.name}_latest"}
        assert ours & mentioned(parsed.pattern), parameter.name


@every_entry
def test_a_function_takes_the_parameters_that_are_declared(entry: Entry) -> None:
    if entry.function is None:
        return
    _, *parameters = inspect.signature(function(entry)).parameters
    assert set(parameters) == {parameter.name for parameter in entry.parameters}


def test_nothing_else_lies_beside_the_entries() -> None:
    folder = ENTRIES[0].path.parents[1]
    files = {path for path in folder.rglob("*") if path.is_file()}
    ours = {e.path for e in ENTRIES} | {e.path.with_suffix(".csv") for e in ENTRIES}
    assert files == ours
