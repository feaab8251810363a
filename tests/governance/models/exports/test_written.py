"""Exports say what the cells say, in every format, and no text becomes a formula or markup."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from tests.governance.models.conftest import SMALL, X, world

from govgraph.governance.models.compare import compare_models
from govgraph.governance.models.side_by_side import MEDIA, compare, written

MODELS = [X + name for name in ("old", "new", "far")]
HOSTILE = (
    SMALL
    + """
:s5 a gov:ModelStatement ; gov:about :far ; gov:dimension gov:staffingDimension ;
  gov:cellState gov:sourcedCell ; gov:statementText "=HYPERLINK(1)|<b>x</b>\\n[y](z)" ;
  gov:sourceTitle "@SUM(1)" .
"""
)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def shown():
    return compare(world(HOSTILE), models=MODELS, release="r-1")


def rows(shown):
    text = written(shown, "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheets(shown):
    """Each sheet as rows of texts, from the XML itself: formulas would stand in <f>."""
    with zipfile.ZipFile(io.BytesIO(written(shown, "xlsx"))) as packed:
        names = [
            sheet.get("name")
            for sheet in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter(
                f"{SHEET}sheet"
            )
        ]
        shared = [
            "".join(text.text or "" for text in item.iter(f"{SHEET}t"))
            for item in ElementTree.fromstring(packed.read("xl/sharedStrings.xml"))
        ]
        found = {}
        for number, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(sheet.iter(f"{SHEET}f"))
            found[name] = [
                [_value(cell, shared) for cell in row.iter(f"{SHEET}c")]
                for row in sheet.iter(f"{SHEET}row")
            ]
        return found


def _value(cell, shared):
    value = cell.find(f"{SHEET}v").text
    return shared[int(value)] if cell.get("t") == "s" else value


def test_csv_has_a_row_for_each_cell(shown):
    frame = compare_models(world(HOSTILE), models=MODELS).frame
    found = rows(shown)
    assert len(found) == frame.height
    for row, cell in zip(found, frame.iter_rows(named=True), strict=True):
        assert (row["subject"], row["state"]) == (cell["subject"], cell["state"])
        assert row["value_zh"].lstrip("'") == cell["value_zh"]
        assert len(row["citations"].split()) == len(cell["source"])


def test_csv_quotes_what_a_spreadsheet_would_run(shown):
    (row,) = [row for row in rows(shown) if "HYPERLINK" in row["verbatim"]]
    assert row["verbatim"].startswith("'=HYPERLINK(1)|")
    assert row["value_en"].startswith("'=")


def test_json_has_the_same_cells_and_numbered_citations(shown):
    document = json.loads(written(shown, "json"))
    states = [cell["state"] for row in document["rows"] for cell in row["cells"]]
    assert states == [row["state"] for row in rows(shown)]
    numbers = [citation["number"] for citation in document["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {n for row in document["rows"] for cell in row["cells"] for n in cell["citations"]}
    assert cited == set(numbers)
    handbook = next(c for c in document["citations"] if c["entity"] == X + "s2")
    assert handbook["title"] == {"zh": "Handbook", "en": "Handbook"}
    assert handbook["address"] == "example.org"
    assert document["release"] == "r-1"
    assert list(document["states"]) == [
        "sourced",
        "absent",
        "unsourced",
        "notApplicable",
        "unknown",
    ]


def test_xlsx_has_tidy_sheets_and_no_formula(shown):
    found = sheets(shown)
    assert list(found) == ["comparison", "cells", "codebook", "citations"]
    assert len(found["cells"]) == 1 + len(rows(shown))
    assert len(found["comparison"]) == 1 + len(rows(shown)) // 3
    assert len(found["comparison"][0]) == 4 + 3 * 3
    texts = [text for row in found["cells"] for text in row]
    assert any(text.startswith("=HYPERLINK") for text in texts), "written as text, unchanged"
    kinds = {row[0] for row in found["codebook"][1:]}
    assert kinds == {
        "column of cells", "column of citations", "state", "dimension", "code", "coverage",
        "release",
    }  # fmt: skip
    explained = {row[1] for row in found["codebook"]}
    assert set(found["cells"][0]) <= explained
    assert set(found["citations"][0]) <= explained


def test_markdown_keeps_texts_in_their_field(shown):
    lines = written(shown, "md", "en").decode().splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + len(rows(shown)) // 3
    bare = [line.replace("\\|", "") for line in table]
    assert {line.count("|") for line in bare} == {2 + 3 + 1}
    hostile = next(line for line in table if "HYPERLINK" in line)
    assert "\\<b\\>x\\</b\\> \\[y\\](z)" in hostile
    assert "● sourced" in "\n".join(lines)


@pytest.mark.parametrize("kind", sorted(set(MEDIA) - {"xlsx"}))  # which holds its time
def test_every_format_is_the_same_each_time(shown, kind):
    again = compare(world(HOSTILE), models=MODELS, release="r-1")
    assert written(shown, kind) == written(again, kind)


def test_differences_only_is_for_exports_too():
    engine = world(SMALL)
    keys = ("dimension", "item", "subject", "state", "value_zh")
    every, fewer = (
        {
            tuple(row[key] for key in keys)
            for row in rows(compare(engine, models=MODELS[:2], **more))
        }
        for more in ({}, {"differences_only": True})
    )
    assert fewer < every
    assert {state for _, _, _, state, _ in every - fewer} == {"sourced", "unknown"}
