"""Labels that a spreadsheet or a page would take for its own, in every kind of answer."""

from __future__ import annotations

import csv
import io
import zipfile
from html import escape

from tests.abuse.conftest import HOSTILE_LABELS
from tests.abuse.server import Server

PEOPLE = "SELECT ?label WHERE { ?p a foaf:Person ; skos:prefLabel ?label }"
#: A named query whose answer has the same labels, of bodies.
NAMED = "/api/v1/queries/organization-parts"
OFFICE = {"organization": "t-office"}
FORMULAS = [text for text in HOSTILE_LABELS if text[0] in "=+-@"]


def _cells(text: str) -> set[str]:
    return {cell for row in csv.reader(io.StringIO(text)) for cell in row}


def test_csv_of_sparql_is_raw(server: Server) -> None:
    """It is for programs: the standard has values as they are."""
    assert set(HOSTILE_LABELS) <= _cells(server.ask(PEOPLE, format="csv").text)
    tsv = server.ask(PEOPLE, format="tsv").text
    assert '"=1+1"@zh' in tsv


def test_csv_for_people_has_no_formula(server: Server) -> None:
    cells = _cells(
        server.send("GET", NAMED, params=OFFICE | {"format": "csv"}).content.decode("utf-8-sig")
    )
    assert {f"'{text}" for text in FORMULAS} <= cells
    assert not [cell for cell in cells if cell[:1] in ("=", "@", "+", "-", "\t", "\r")]


def test_a_workbook_has_no_formula(server: Server) -> None:
    content = server.client.get(NAMED, params=OFFICE | {"format": "xlsx"}).content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = book.read("xl/sharedStrings.xml").decode()
        assert sheets
        assert not [name for name in sheets if b"<f>" in book.read(name)]
        assert not [name for name in book.namelist() if "externalLink" in name]
    for text in HOSTILE_LABELS:
        assert escape(text, quote=False) in texts


def test_a_page_has_no_element_of_a_label(server: Server) -> None:
    number = HOSTILE_LABELS.index("<script>alert(1)</script>")
    answer = server.send("GET", f"/id/person/t-h{number}", headers={"accept": "text/html"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
