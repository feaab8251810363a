"""A second register, in a table of its own with CSVW metadata: faults that no row of a standard
table can have, because the loader refuses it there: two values, wrong classes, wrong datatypes.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.nation.faults import FOCUS, Cells, Fault, Result, Row
from bench.nation.register_properties import DATES, GOV, KINDS, Kind, Property, term
from govgraph_loaders.namespaces import DEFAULT_BASE as BASE


def _fault(name: str, kind: Kind, cells: Cells, *results: Result) -> Fault:
    """A row for an entity that is good but for the cells given."""
    given = (prop for prop in kind.properties if prop.good and set("!g") & set(prop.marks))
    good = {prop.name: prop.good[0] for prop in given}
    whole = {"entity": f"{kind.path}/{{x}}", "type": term(kind.name), "unit": "-"} | good
    if kind.labelled:
        whole["label"] = "示例"
    missing = [
        Result("shape-min-count", f"{kind.name}-{prop.name}", prop.name)
        for prop in kind.properties
        if "!" in prop.marks and not prop.good
    ]
    return Fault(name, (Row("register.csv", whole | cells),), (*results, *missing))


def _faults(kind: Kind) -> Iterator[Fault]:
    """A fault for each thing that the shapes ask of each property of a class."""
    for prop in kind.properties:
        shape, name = f"{kind.name}-{prop.name}", f"{kind.name}.{prop.name}"
        if "!" in prop.marks and prop.good:
            missing = Result("shape-min-count", shape, prop.name)
            yield _fault(name + "-missing", kind, {prop.name: ""}, missing)
        if "1" in prop.marks and len(prop.good) == 2:
            twice = Result("shape-max-count", shape, prop.name)
            yield _fault(name + "-twice", kind, {prop.name: "|".join(prop.good)}, twice)
        if wrong := _wrong(prop):
            cell, value, codes = wrong
            results = [Result(code, shape, prop.name, value) for code in codes]
            yield _fault(name + "-wrong", kind, {prop.name: cell}, *results)


def _wrong(prop: Property) -> tuple[str, str, tuple[str, ...]] | None:
    """A cell that is wrong for a property, the value as reported and what is reported of it."""
    if "c" in prop.marks:
        cell = "measure/n-households" if prop.name != "measure" else "place/{c}"
        return cell, BASE + cell, ("shape-class",)
    if "i" in prop.marks and prop.name != "precision":
        return "unheard", GOV + "unheard", ("shape-in",)
    if "I" in prop.marks:
        return "unheard", "unheard", ("shape-in",)
    if "d" in prop.marks:
        # a text is not comparable with a minimum, and not of the pattern: a second fault
        more = {"m": ("shape-min-inclusive",), "p": ("shape-pattern",)}.get(prop.marks[-1], ())
        return "perhaps", "perhaps", ("shape-datatype", *more)
    if "p" in prop.marks:
        return "示例", "示例", ("shape-pattern",)
    return None


_BY_NAME = {kind.name: kind for kind in KINDS}
_PERSON, _SLOT, _PROJECT = _BY_NAME["Person"], _BY_NAME["BodySlot"], _BY_NAME["Project"]
REGISTER_FAULTS = (
    *(fault for kind in KINDS for fault in _faults(kind)),
    *(
        _fault(
            f"{name}-as-plain-text", _PROJECT, {name: "去年"},
            Result("shape-datatype", f"Date-{name}", name, "去年"),
        )
        for name in DATES
    ),
    _fault(
        "two-memberships", _PERSON, {"partyMember": "yes|no"},
        Result("shape-max-count", "Person-partyMember", "partyMember"),
        Result("shape-datatype", "Person-partyMember", "partyMember", "yes"),
        Result("shape-datatype", "Person-partyMember", "partyMember", "no"),
    ),
    _fault(
        "two-labels", _PERSON, {"label": "示例甲|示例乙"},
        Result("shape-unique-lang", "Label-prefLabel", "label"),
    ),
    _fault(
        "slot-that-is-a-body", _SLOT, {"type": f"{term('BodySlot')}|{term('Organization')}"},
        Result("shape-not", "BlueprintShape", None, BASE + "body-slot/{x}"),
    ),
    *(
        _fault(
            f"{column}-of-another-form", _BY_NAME[name], {column: "示例"},
            Result("shape-pattern", shape, column, "示例"),
        )
        for name, column, shape in (
            ("Organization", "uscc", "Uscc-uscc"),
            ("FundingFlow", "currency", "FundingFlow-currency"),
            ("Document", "sha256", "Document-sha256"),
        )
    ),
    _fault(
        "code-of-three-digits", _BY_NAME["Place"], {"statCode": "123"},
        Result("shape-pattern", "StatCode-statCode", "statCode", "123"),
        Result("shape-min-count", "StatCode-statCodeYear", severity="warning"),
    ),
    _fault(
        "upper-in-words", _BY_NAME["Observation"], {"precision": "approxBelow", "upper": "perhaps"},
        Result("shape-datatype", "Quantity-upper", "upper", "perhaps"),
        Result("shape-or", "VerbatimShape", None, FOCUS, severity="warning"),
    ),
    _fault(
        "slot-of-no-model", _BY_NAME["PostSlot"], {"ofModel": ""},
        Result("shape-min-count", "PostSlot-ofModel", "ofModel"),
        Result("shape-equals", "PostSlot-bodySlotModel", None, BASE + "model/n-gm-c"),
    ),
    _fault("empty-unit", _PERSON, {"unit": ""}, Result("shape-min-length", "Text-unit", "unit", "")),
    _fault(
        "assertion-not-given", _PERSON, {"assertion": ""},
        Result("shape-min-count", "Stated-assertion", "assertion", severity="warning"),
    ),
    _fault(
        "assertion-unheard-of", _PERSON, {"assertion": "guessed"},
        Result("shape-in", "Assertion-assertion", "assertion", GOV + "guessed"),
    ),
)  # fmt: skip
