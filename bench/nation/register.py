"""A second register, in a table of its own with CSVW metadata: faults that no row of a standard
table can have, because the loader refuses it there: two values, wrong classes, wrong datatypes.
"""

from __future__ import annotations

from typing import Any

from bench.nation.faults import Cells, Fault, Result, Row
from bench.nation.tables import BASE

GOV = "https://w3id.org/govgraph/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ORG = "http://www.w3.org/ns/org#"
PERSON, POST = "http://xmlns.com/foaf/0.1/Person", ORG + "Post"


def _column(name: str, prop: str, value: str | None = None, **more: Any) -> dict[str, Any]:
    column = {"name": name, "titles": name, "propertyUrl": prop, **more}
    return column | ({"valueUrl": value} if value else {})


METADATA: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "register.csv",
    "tableSchema": {
        "aboutUrl": BASE + "{+subject}",
        "columns": [
            {"name": "subject", "titles": "subject", "required": True, "suppressOutput": True},
            _column("type", "rdf:type", "{+type}", separator="|"),
            _column("label", SKOS + "prefLabel", lang="zh", separator="|"),
            _column("party", GOV + "partyMember", separator="|"),
            _column("qualification", GOV + "qualification", GOV + "{qualification}", separator="|"),
            _column("body", ORG + "postIn", BASE + "{+body}"),
            _column("start", GOV + "start"),
            _column("code", GOV + "uscc"),
            # Here an empty cell is a text without characters; nothing is written as a dash.
            _column("unit", GOV + "unit", null="-"),
            _column("about", GOV + "about"),
            _column("assertion", GOV + "assertion", GOV + "{assertion}"),
        ],
    },
}


def _fault(kind: str, cells: Cells, *results: Result) -> Fault:
    return Fault(kind, (Row("register.csv", {"unit": "-"} | cells),), results)


_PERSON = {"subject": "person/{x}", "type": PERSON, "label": "示例"}
_POST = {"subject": "post/{x}", "type": POST, "label": "示例"}
_BODY = {"subject": "organization/{x}", "type": ORG + "Organization", "label": "示例"}
_PROJECT = {"subject": "project/{x}", "type": "http://schema.org/Project", "label": "示例"}
REGISTER_FAULTS = (
    _fault(
        "two-qualifications", _PERSON | {"qualification": "juniorSocialWorker|seniorSocialWorker"},
        Result("shape-max-count", "Person-qualification", "qualification"),
    ),
    _fault(
        "unheard-of-qualification", _PERSON | {"qualification": "master"},
        Result("shape-in", "Person-qualification", "qualification", GOV + "master"),
    ),
    _fault(
        "membership-in-words", _PERSON | {"party": "perhaps"},
        Result("shape-datatype", "Person-partyMember", "party", "perhaps"),
    ),
    _fault(
        "two-memberships", _PERSON | {"party": "yes|no"},
        Result("shape-max-count", "Person-partyMember", "party"),
        Result("shape-datatype", "Person-partyMember", "party", "yes"),
        Result("shape-datatype", "Person-partyMember", "party", "no"),
    ),
    _fault(
        "two-labels", _PERSON | {"label": "示例甲|示例乙"},
        Result("shape-unique-lang", "Label-prefLabel", "label"),
    ),
    _fault(
        "post-in-a-place", _POST | {"body": "place/{c}"},
        Result("shape-class", "Post-postIn", "body", BASE + "place/{c}"),
    ),
    _fault("post-in-nothing", _POST, Result("shape-min-count", "Post-postIn", "body")),
    _fault(
        "slot-that-is-a-body",
        {"subject": "body-slot/{x}", "type": f"{GOV}BodySlot|{ORG}Organization", "label": "示例"},
        Result("shape-not", "BlueprintShape", None, BASE + "body-slot/{x}"),
        Result("shape-min-count", "BodySlot-ofModel"),
    ),
    _fault(
        "observation-of-words", {"subject": "observation/{x}", "type": GOV + "Observation", "about": "某处"},
        Result("shape-node-kind", "Observation-about", "about", "某处"),
        Result("shape-min-count", "Observation-measure"),
        Result("shape-min-count", "Observation-precision"),
    ),
    _fault(
        "start-as-plain-text", _PROJECT | {"start": "去年"},
        Result("shape-datatype", "Date-start", "start", "去年"),
    ),
    _fault(
        "code-too-short", _BODY | {"code": "123"},
        Result("shape-pattern", "Uscc-uscc", "code", "123"),
    ),
    _fault(
        "empty-unit", _PERSON | {"unit": ""},
        Result("shape-min-length", "Text-unit", "unit", ""),
    ),
    _fault(
        "assertion-not-given", _PERSON | {"assertion": ""},
        Result("shape-min-count", "Stated-assertion", "assertion", severity="warning"),
    ),
    _fault(
        "assertion-unheard-of", _PERSON | {"assertion": "guessed"},
        Result("shape-in", "Assertion-assertion", "assertion", GOV + "guessed"),
    ),
)  # fmt: skip
