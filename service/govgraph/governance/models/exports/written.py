"""A comparison as a file: CSV of cells, XLSX of tidy sheets, Markdown with numbered citations."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter

from govgraph.governance.models.cells import Cell
from govgraph.governance.models.exports.document import Comparison
from govgraph.governance.models.exports.tables import Table, cells, cited, codebook, wide
from govgraph.governance.models.nodes import Language, Words

#: What a spreadsheet would take for a formula at the beginning of a field.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
#: The mark of each state in Markdown.
MARKS = {"sourced": "●", "unsourced": "○", "unknown": "?", "absent": "✕", "notApplicable": "–"}


def as_csv(shown: Comparison) -> bytes:
    """The long table in UTF-8 with the mark that spreadsheets need; a text that would be a
    formula is quoted by an apostrophe."""
    return csv_of(cells(shown))


def csv_of(table: Table) -> bytes:
    """A table as CSV: RFC 4180, UTF-8 with a byte-order mark, safe to open in a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([_field(value) for value in row] for row in table)
    return stream.getvalue().encode("utf-8-sig")


def _field(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_xlsx(shown: Comparison) -> bytes:
    """Four sheets: comparison (wide), cells (long), codebook, citations. Texts are written as
    texts, so none can be a formula or a link."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    sheets = {
        "comparison": wide(shown), "cells": cells(shown), "codebook": codebook(shown),
        "citations": cited(shown),
    }  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _fill(sheet, table, bold)
    return buffer.getvalue()


def _fill(sheet: Any, table: Table, bold: Any) -> None:
    for number, row in enumerate(table):
        style = bold if number == 0 else None
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, place, value, style)
            elif isinstance(value, int):
                sheet.write_number(number, place, value, style)
            elif value is not None:
                sheet.write_string(number, place, value[:_LONGEST], style)


_TEXTS: dict[Language, tuple[str, str, str, str, str]] = {
    "zh": ("维度", "项", "图例", "引文", "发布版本"),
    "en": ("Dimension", "Item", "Legend", "Citations", "Release"),
}


def as_markdown(shown: Comparison, language: Language = "zh") -> str:
    """A table with a mark for each state and numbers of citations, the legend, the citations."""
    dimension, item, legend, sources, release = _TEXTS[language]
    names = [_text(shown.named[subject], language) for subject in shown.found.subjects]
    lines = [_line([dimension, item, *names]), "|" + " --- |" * (len(names) + 2)]
    for row in shown.rows:
        name = "" if row.kind == "dimension" else _text(row.names.filled(), language)
        told = [_cell(shown, shown.found.cell(s, row), language) for s in shown.found.subjects]
        lines.append(_line([_text(row.dimension.names, language), name, *told]))
    lines += ["", f"**{legend}**", ""]
    for state, (label, definition) in shown.states.items():
        said = f"{_text(label, language)}: {_text(definition, language)}"
        lines.append(f"- {MARKS[state]} {said}")
    lines += ["", f"**{sources}**", ""]
    lines += [f"{each.number}. {_reference(each, language)}" for each in shown.citations]
    said = shown.coverage.zh if language == "zh" else shown.coverage.en
    return "\n".join([*lines, "", said, "", f"{release}: {shown.release}", ""])


def _cell(shown: Comparison, cell: Cell, language: Language) -> str:
    numbers = "".join(f"[{number}]" for number in shown.cited(cell))
    return f"{MARKS[cell.state]} {_safe(cell.text(language))} {numbers}".strip()


def _reference(each: Any, language: Language) -> str:
    title = _text(each.title, language)
    parts = [title, _safe(each.address or ""), *each.rows, *each.sentences]
    return " · ".join(part for part in parts if part)


def _text(words: Words, language: Language) -> str:
    filled = words.filled()
    return _safe((filled.zh if language == "zh" else filled.en) or "")


def _line(texts: list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _safe(text: str) -> str:
    """A text that stays in its field and is neither markup nor HTML."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
