"""Faults that the loader lets pass and the shapes must find: every shape that a row of a standard
table can break. What no such row can break, because the loader refuses it first, is in `register`.
"""

from __future__ import annotations

from bench.nation.faults import FOCUS, Cells, Fault, Result, Row, fault

MODEL = {"model": "n-gm-c"}
LABEL = {"label_zh": "示例"}
FLOW = {"recipient": "{c}-sgz", "currency": "CNY"}
LEAST, ORDER = "shape-min-inclusive", "shape-less-than-or-equals"

#: table -> what a row of it needs beside its label
LABELLED: dict[str, Cells] = {
    "awards.csv": {},
    "body_slots.csv": MODEL,
    "events.csv": {"type": "foundation"},
    "governance_models.csv": {"status": "planned"},
    "measures.csv": {},
    "organization_groups.csv": {},
    "organizations.csv": {"type": "CommunityGroup", "place": "{c}"},
    "persons.csv": {},
    "places.csv": {"type": "GridArea", "parent": "{c}"},
    "post_slots.csv": MODEL | {"body_slot": "n-c-dw"},
    "posts.csv": {"body": "{c}-jwh"},
    "project_roles.csv": {"actor_label_zh": "志愿者"},
    "projects.csv": {"place": "{c}"},
    "staffing_standards.csv": {},
    "target_groups.csv": {"project": "{c}-j0"},
}


def below(table: str, cells: Cells, column: str, shape: str, value: str = "-1") -> Fault:
    """A number below the least that is allowed."""
    result = Result(LEAST, shape, column, value)
    return fault(f"{column}-too-small", table, cells | {column: value}, result)


def order(
    kind: str, table: str, cells: Cells, shape: str, columns: tuple[str, str], values: tuple[str, str],
    value: str | None = None,
) -> Fault:  # fmt: skip
    """Two values in the wrong order, found at the first."""
    given = cells | dict(zip(columns, values, strict=True))
    return fault(kind, table, given, Result(ORDER, shape, columns[0], value or values[0]))


def _number(kind: str, table: str, cells: Cells, shape: str = "PrecisionShape") -> Fault:
    """Numbers that do not fit the precision said of them."""
    severity = "warning" if shape == "VerbatimShape" else "error"
    return fault(kind, table, cells, Result("shape-or", shape, None, FOCUS, severity=severity))


_LABELS = [
    fault(
        f"{table.removesuffix('.csv')}-without-label", table, cells,
        Result("shape-min-count", "Labelled-prefLabel", "label_zh"),
    )
    for table, cells in LABELLED.items()
] + [
    fault(
        "space-before-label", "persons.csv", {"label_zh": " 王示例"},
        Result("shape-not", "Label-prefLabel", "label_zh", " 王示例"),
    ),
    fault(
        "space-after-alternative-label", "organizations.csv",
        LABEL | {"type": "CommunityGroup", "alt_labels": "示例甲|示例乙 "},
        Result("shape-not", "Label-altLabel", "alt_labels", "示例乙 "),
    ),
    fault(
        "document-without-title", "documents.csv", {"language": "zh"},
        Result("shape-min-count", "Document-title", "title_zh"),
    ),
    fault(
        "note-without-text", "data_notes.csv", {"kind": "gap", "about": "place/{c}"},
        Result("shape-min-count", "DataNote-note", "note_zh"),
    ),
    fault(
        "concept-without-label", "concepts.csv", {"kind": "示例"},
        Result("shape-or", "ConceptShape", None, FOCUS),
    ),
]  # fmt: skip

_TEXTS = [
    below("documents.csv", {"title_zh": "示例"}, "char_count", "Document-characterCount"),
    Fault(
        "sentence-backwards",
        (
            Row("documents.csv", {"id": "{x}", "title_zh": "示例"}),
            Row(
                "sentences.csv",
                {"id": "{x}", "number": "S1", "document": "{x}", "begin": "9", "end": "3"},
            ),
        ),
        (Result("shape-less-than", "Sentence-beginIndex", "begin", "9", row=1),),
    ),
    Fault(
        "sentence-of-nothing",
        (
            Row("documents.csv", {"id": "{x}", "title_zh": "示例"}),
            Row(
                "sentences.csv",
                {"id": "{x}", "number": "S1", "document": "{x}", "begin": "0", "end": "0"},
            ),
        ),
        (
            Result("shape-less-than", "Sentence-beginIndex", "begin", "0", row=1),
            Result(LEAST, "Sentence-endIndex", "end", "0", row=1),
        ),
    ),
    below("awards.csv", LABEL, "recipients_total", "Award-recipientsTotal", "0"),
]

_RATES = [
    fault(
        "rate-of-nothing",
        "exchange_rates.csv",
        {"from_currency": "CNY", "to_currency": "USD", "rate": "0"},
        Result("shape-min-exclusive", "ExchangeRate-rate", "rate", "0"),
    ),
    fault(
        "rate-into-itself",
        "exchange_rates.csv",
        {"from_currency": "CNY", "to_currency": "CNY", "rate": "1"},
        Result("shape-disjoint", "ExchangeRate-fromCurrency", "from_currency", "CNY"),
    ),
]

_FLOWS = [
    fault(
        "flow-without-party", "funding_flows.csv", {"precision": "unknown"},
        Result("shape-min-count", "FundingFlow-party", severity="warning"),
    ),
    below("funding_flows.csv", FLOW | {"precision": "exact"}, "amount", "FundingFlow-amount"),
    below(
        "funding_flows.csv", FLOW | {"precision": "approx", "verbatim": "示例"},
        "amount_lower", "FundingFlow-lower",
    ),
    below(
        "funding_flows.csv", FLOW | {"precision": "approx", "verbatim": "示例"},
        "amount_upper", "FundingFlow-upper",
    ),
    order(
        "amount-above-upper", "funding_flows.csv", FLOW | {"precision": "approx", "verbatim": "示例"},
        "Quantity-amount", ("amount", "amount_upper"), ("10", "5"),
    ),
    order(
        "lower-above-amount", "funding_flows.csv", FLOW | {"precision": "approx", "verbatim": "示例"},
        "Quantity-lower", ("amount_lower", "amount"), ("10", "5"),
    ),
    fault(
        "flow-part-of-itself", "funding_flows.csv", FLOW | {"precision": "unknown", "part_of": "{x}"},
        Result("shape-sparql", "FundingFlow-loop", "part_of", FOCUS),
    ),
    fault(
        "amount-without-currency", "funding_flows.csv",
        {"recipient": "{c}-sgz", "precision": "exact", "amount": "100"},
        Result("shape-or", "FlowCurrencyShape", None, FOCUS),
    ),
    Fault(
        "part-in-other-currency",
        (
            Row("funding_flows.csv", FLOW | {"id": "{x}", "precision": "unknown"}),
            Row(
                "funding_flows.csv",
                FLOW | {"id": "{x}-a", "precision": "unknown", "part_of": "{x}", "currency": "USD"},
            ),
        ),
        (Result("shape-or", "PartCurrencyShape", None, FOCUS, row=1),),
    ),
    Fault(
        "parts-over-total",
        (
            Row("funding_flows.csv", FLOW | {"id": "{x}", "precision": "exact", "amount": "100"}),
            *(
                Row(
                    "funding_flows.csv",
                    FLOW | {"id": "{x}-" + k, "precision": "exact", "amount": "60", "part_of": "{x}"},
                )
                for k in "ab"
            ),
        ),
        (Result("shape-sparql", "FlowPartsShape", None, "120"),),
    ),
    _number("exact-without-amount", "funding_flows.csv", FLOW | {"precision": "exact"}),
    _number("unknown-with-amount", "funding_flows.csv", FLOW | {"precision": "unknown", "amount": "5"}),
    _number(
        "approx-without-number", "funding_flows.csv", FLOW | {"precision": "approx", "verbatim": "示例"}
    ),
    _number(
        "approx-without-words", "funding_flows.csv", FLOW | {"precision": "approx", "amount": "5"},
        "VerbatimShape",
    ),
]  # fmt: skip

_ABOUT = {"subject": "place/{c}", "measure": "n-households", "verbatim": "示例"}
_COMPUTATION = {
    "subject": "place/{c}", "formula": "a + b", "value": "3", "inputs": "{c}-o0",
}  # fmt: skip
_NUMBERS = [
    order(
        "value-above-upper", "observations.csv", _ABOUT | {"precision": "approx"},
        "Quantity-value", ("value", "upper"), ("10", "5"),
    ),
    order(
        "lower-above-value", "observations.csv", _ABOUT | {"precision": "approx"},
        "Quantity-lower", ("lower", "value"), ("10", "5"),
    ),
    _number("exact-with-bounds", "observations.csv", _ABOUT | {"precision": "exact", "value": "5", "upper": "9"}),
    _number("nearly-without-upper", "observations.csv", _ABOUT | {"precision": "approxBelow", "value": "5"}),
    _number("more-without-lower", "observations.csv", _ABOUT | {"precision": "atLeastApprox", "value": "5"}),
    *(
        fault(
            f"computation-without-{column}", "computations.csv",
            {name: text for name, text in _COMPUTATION.items() if name != column},
            Result("shape-min-count", shape, column, severity=severity),
        )
        for column, shape, severity in (
            ("formula", "Computation-formula", "error"),
            ("value", "Computation-value", "error"),
            ("inputs", "Computation-inputs", "warning"),
        )
    ),
]  # fmt: skip

SHAPE_FAULTS = (*_LABELS, *_TEXTS, *_RATES, *_FLOWS, *_NUMBERS)
