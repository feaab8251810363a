"""The `csvw` package as oracle: the same verdict on each cell, and the same values."""

from __future__ import annotations

import csv
import json
import logging
import warnings
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import csvw
import pytest

EX = "http://example.org/"
CASES = Path(__file__).parent / "cases"

#: datatype description -> texts, good and bad
CELLS: list[tuple[Any, list[str]]] = [
    ("integer", ["1", "-1", "+1", "007", "1.5", "a", "1,000", "1e3", "99999999999999999999"]),
    ("decimal", ["1", "1.50", "-.5", "5.", "1,5", "1e3", "x"]),
    ("double", ["1", "1.5e3", "-1E-2", "INF", "-INF", "1e", "x"]),
    ("byte", ["127", "-128", "128", "-129"]),
    ("unsignedLong", ["0", "18446744073709551615", "18446744073709551616", "-1"]),
    ("positiveInteger", ["1", "0", "-1"]),
    ("nonPositiveInteger", ["0", "-1", "1"]),
    ("boolean", ["true", "false", "1", "0", "TRUE", "yes"]),
    ({"base": "boolean", "format": "Y|N"}, ["Y", "N", "y", "true", "1"]),
    ({"base": "boolean", "format": "是|否"}, ["是", "否", "对"]),
    ("date", ["2012-06-01", "2012-02-29", "2013-02-29", "2012-6-1", "1.6.2012"]),
    ({"base": "date", "format": "d.M.yyyy"}, ["1.6.2012", "01.06.2012", "31.6.2012", "2012-06-01"]),
    ({"base": "date", "format": "dd.MM.yyyy"}, ["01.06.2012", "1.6.2012"]),
    ({"base": "date", "format": "M/d/yyyy"}, ["6/1/2012", "13/1/2012"]),
    ({"base": "date", "format": "yyyyMMdd"}, ["20120601", "20120631", "2012061"]),
    ({"base": "time", "format": "HHmm"}, ["0930", "2460", "930"]),
    ("dateTime", ["2012-06-01T09:30:00", "2012-06-01T25:00:00", "1.6.2012 09:30"]),
    ({"base": "dateTime", "format": "d-M-yyyy HH:mm"}, ["1-6-2012 09:30", "1-13-2012 09:30"]),
    ({"base": "decimal", "format": "#,##0.00"}, ["1,234.50", "0.50", "1234.50", "1,234.5", "12,34.50"]),
    ({"base": "decimal", "format": "#0.0#"}, ["1.5", "12.34", "1", "1.234"]),
    ({"base": "decimal", "format": {"groupChar": ".", "decimalChar": ","}}, ["1.234,5", "1,5", "1..2"]),
    ({"base": "integer", "format": "#,##,##0"}, ["12,34,567", "1", "1,234,567"]),
    ({"base": "decimal", "format": {"groupChar": ","}}, ["12.5%", "125‰", "1,000", "1,,000"]),
    ({"base": "string", "format": "[a-z]+|甲"}, ["abc", "甲", "aB", "甲乙"]),
    ({"base": "string", "length": 2}, ["西园", "ab", "a", "abc"]),
    ({"base": "string", "minLength": 2, "maxLength": 3}, ["ab", "abc", "a", "abcd"]),
    ({"base": "hexBinary", "length": 2}, ["0aff", "00", "zz00"]),
    ({"base": "integer", "minimum": 1, "maximum": 10}, ["1", "10", "0", "11"]),
    ({"base": "decimal", "minExclusive": "0", "maxExclusive": "1"}, ["0.1", "0", "1"]),
    ({"base": "date", "minimum": "2012-01-01"}, ["2012-01-01", "2011-12-31"]),
    ("duration", ["P1Y2M", "PT36H", "x"]),
]  # fmt: skip


def oracle_rows(metadata: Path) -> dict[str, dict[str, Any]]:
    """The rows that `csvw` accepts, by id."""
    log = logging.getLogger("oracle")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = csvw.Table.from_file(metadata)
        return {row["id"]: row for row in table.iterdicts(log=log)}


def our_values(loaded: Any) -> dict[str, dict[str, list[Any]]]:
    """Values by the id in the subject and the name in the predicate."""
    rows: dict[str, dict[str, list[Any]]] = {}
    for quad in loaded.quads:
        subject = quad.subject.value
        if subject.startswith(EX) and quad.predicate.value.startswith(EX):
            values = rows.setdefault(subject.removeprefix(EX), {})
            values.setdefault(quad.predicate.value.removeprefix(EX), []).append(plain(quad.object))
    return rows


def plain(term: Any) -> Any:
    """A literal as the Python value that the oracle gives."""
    kind = getattr(getattr(term, "datatype", None), "value", "").rpartition("#")[2]
    if kind in ("double", "float"):
        return float(term.value)
    if kind in ("decimal",) or kind.lower().endswith(("integer", "long", "byte")):
        return Decimal(term.value)
    if kind == "boolean":
        return term.value == "true"
    return term.value


def theirs(value: Any, described: Any) -> Any:
    """The oracle's value in the same form."""
    base = described["base"] if isinstance(described, dict) else described
    if isinstance(value, datetime):
        part = {"date": value.date(), "time": value.time()}.get(base, value)
        return part.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


@pytest.mark.parametrize("described,texts", CELLS, ids=[str(case[0]) for case in CELLS])
def test_cells_agree_with_the_oracle(
    described: Any, texts: list[str], tmp_path: Path, load: Callable[..., Any]
) -> None:
    folder = tmp_path / "ds"
    folder.mkdir()
    with (folder / "t.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([["id", "v"], *enumerate(texts)])
    columns = [
        {"name": "id", "suppressOutput": True},
        {"name": "v", "propertyUrl": EX + "v", "datatype": described},
    ]
    metadata = {"url": "t.csv", "tableSchema": {"aboutUrl": EX + "{id}", "columns": columns}}
    metadata["@context"] = "http://www.w3.org/ns/csvw"
    (folder / "csv-metadata.json").write_text(json.dumps(metadata))
    accepted = oracle_rows(folder / "csv-metadata.json")
    ours = our_values(load(folder))
    for number, text in enumerate(texts):
        assert (str(number) in ours) == (str(number) in accepted), text
        if (
            str(number) in ours
            and described not in ("duration",)
            and "hexBinary" not in str(described)
        ):
            assert ours[str(number)]["v"] == [theirs(accepted[str(number)]["v"], described)], text


@pytest.mark.parametrize(
    "name", ["required", "booleans", "enumeration", "lists", "dialect", "quoted-newlines",
             "encoding-declared", "escapes"],
)  # fmt: skip
def test_cases_agree_with_the_oracle(name: str, load: Callable[..., Any]) -> None:
    accepted = oracle_rows(CASES / name / "csv-metadata.json")
    loaded = load(CASES / name)
    ours = our_values(loaded)
    assert loaded.ingested.tables[0].rows_loaded == len(accepted)
    for key, row in accepted.items():
        for column, value in row.items():
            if column in ("id", "refs", "level", "order"):  # these become IRIs and rdf:Lists
                continue
            wanted = [value] if not isinstance(value, list) else value
            assert ours[key].get(column, []) == [v for v in wanted if v is not None]
