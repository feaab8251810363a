"""Rows that the loader must refuse, each for one reason, at its row, line and column."""

from __future__ import annotations

from bench.nation.faults import Cells, Fault, Result, Row, fault

_LABEL = {"label_zh": "示例"}
_BODY = _LABEL | {"type": "CommunityGroup"}
_GRID = _LABEL | {"type": "GridArea"}
_TERM = {"person": "{c}-p11", "post": "{c}-cy"}
_FLOW = {"precision": "exact"}
_NUMBER = {"measure": "n-households", "precision": "unknown"}
_SENTENCE = {"number": "S1", "document": "{area}-doc", "end": "3"}
_ADOPTION = {"place": "{c}", "model": "n-gm-c"}


def _bad(kind: str, table: str, cells: Cells, column: str, code: str) -> Fault:
    """One bad cell, reported with its text."""
    return fault(kind, table, cells, Result(code, None, column, cells.get(column, "")))


def _raw(kind: str, table: str, text: str, result: Result) -> Fault:
    """A line as it stands, its newline added."""
    return Fault(kind, (Row(table, text=text + "\n"),), (result,))


#: Bytes of GB18030 in a file of UTF-8, as the lone surrogates that stand for them.
_GB18030 = "示例".encode("gb18030").decode("utf-8", "surrogateescape")
#: As a report shows them: U+FFFD for each byte that is not UTF-8; two of the four happen to be.
_SHOWN = "".join("\ufffd" if "\ud800" <= ch <= "\udfff" else ch for ch in _GB18030)

#: kind, table, cells, column, code
_BAD_CELLS: tuple[tuple[str, str, Cells, str, str], ...] = (
    ("bad-integer", "organization_groups.csv", _LABEL | {"count_lower": "12a"}, "count_lower", "invalid-number"),
    ("bad-decimal", "funding_flows.csv", _FLOW | {"amount": "1,2,3"}, "amount", "invalid-number"),
    ("negative-index", "sentences.csv", _SENTENCE | {"begin": "-1"}, "begin", "out-of-range"),
    ("bad-month", "appointments.csv", _TERM | {"start": "2012-13"}, "start", "invalid-edtf"),
    ("bad-day", "projects.csv", _LABEL | {"end": "2013-02-29"}, "end", "invalid-edtf"),
    ("interval-backwards", "model_adoptions.csv", _ADOPTION | {"start": "2013/2012"}, "start", "invalid-edtf"),
    ("bad-year", "places.csv", _GRID | {"stat_code_year": "20x3"}, "stat_code_year", "invalid-value"),
    ("bad-boolean", "persons.csv", _LABEL | {"party_member": "maybe"}, "party_member", "invalid-boolean"),
    ("bad-enumeration", "places.csv", _LABEL | {"type": "Kingdom"}, "type", "not-allowed-value"),
    ("bad-division-code", "places.csv", _GRID | {"stat_code": "12345"}, "stat_code", "format-mismatch"),
    ("bad-credit-code", "organizations.csv", _BODY | {"uscc": "91350100M000100Y4X"}, "uscc", "invalid-check-digit"),
    ("bad-identifier", "persons.csv", _LABEL | {"id": "{x}|b"}, "id", "format-mismatch"),
    ("bad-reference", "observations.csv", _NUMBER | {"subject": "{c}"}, "subject", "format-mismatch"),
    ("required-empty", "posts.csv", _LABEL, "body", "required-cell-empty"),
    ("unknown-key", "posts.csv", _LABEL | {"body": "{x}-nowhere"}, "body", "unresolved-reference"),
    ("unknown-subject", "observations.csv", _NUMBER | {"subject": "place/{x}"}, "subject", "unresolved-reference"),
    ("duplicate-key", "persons.csv", _LABEL | {"id": "{c}-p1"}, "id", "duplicate-key"),
)  # fmt: skip
BAD_ROWS = (
    *(_bad(*bad) for bad in _BAD_CELLS),
    Fault(
        "unknown-key-in-list",
        (Row("projects.csv", _LABEL | {"id": "{x}", "carried_by": "{c}-sgz|{x}-nobody"}),),
        (Result("unresolved-reference", None, "carried_by", "{x}-nobody"),),
    ),
    Fault(
        "row-of-a-refused-body",
        (
            Row("organizations.csv", _BODY | {"id": "{x}", "founded": "long ago"}),
            Row("posts.csv", _LABEL | {"id": "{x}", "body": "{x}"}),
        ),
        (
            Result("invalid-edtf", None, "founded", "long ago"),
            Result("reference-to-rejected-row", None, "body", "{x}", row=1),
        ),
    ),
    # After a cell of several lines, rows and lines are counted differently.
    Fault(
        "after-a-line-break",
        (
            Row("projects.csv", _LABEL | {"id": "{x}", "note_zh": "一\n二\r\n三"}),
            Row("projects.csv", _LABEL | {"id": "{x}-a", "start": "someday"}),
        ),
        (Result("invalid-edtf", None, "start", "someday", row=1),),
    ),
    _raw("too-few-cells", "persons.csv", "{x},示例,true", Result("ragged-row")),
    _raw("too-many-cells", "persons.csv", "{x},示例,true,,synthetic,,,", Result("ragged-row")),
    _raw("quote-in-a-quote", "persons.csv", '{x},"示"例,true,,synthetic,', Result("malformed-quoting")),
    _raw("nul-byte", "persons.csv", "{x},示\0例,true,,synthetic,", Result("nul-byte", None, "label_zh", "示\ufffd例")),
    _raw(
        "wrong-encoding", "persons.csv", "{x}," + _GB18030 + ",true,,synthetic,",
        Result("invalid-encoding", None, "label_zh", _SHOWN),
    ),
)  # fmt: skip
#: Planted once, however many of each kind are asked for: the loader takes the second row without
#: an identifier for a repetition of the first as well.
BAD_ROWS_ONCE = (
    _bad("identifier-empty", "persons.csv", _LABEL | {"id": ""}, "id", "required-cell-empty"),
)
