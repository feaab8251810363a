"""Faults of models, rules, places, bodies and terms that the loader lets pass and the shapes must
find."""

from __future__ import annotations

from bench.nation.faults import FOCUS, Fault, Result, Row, fault
from bench.nation.shape_faults import LABEL, MODEL, below, order

_SLOT = LABEL | MODEL | {"body_slot": "n-c-dw"}
_RULE = LABEL | MODEL | {"modality": "must"}
_STAFF = LABEL | MODEL
_INCOMPLETE = Result("shape-or", "CompletePostRuleShape", None, FOCUS)

_MODELS = [
    fault(
        "slot-in-body-of-other-model", "post_slots.csv", _SLOT | {"body_slot": "n-a-dw"},
        # once for the model that is missing at the end of the path, once for the one too many
        Result("shape-equals", "PostSlot-bodySlotModel", None, "https://w3id.org/govgraph/id/model/n-gm-a"),
        Result("shape-equals", "PostSlot-bodySlotModel", None, "https://w3id.org/govgraph/id/model/n-gm-c"),
    ),
    below("post_slots.csv", _SLOT, "min_holders", "PostSlot-minHolders"),
    below("post_slots.csv", _SLOT, "max_holders", "PostSlot-maxHolders", "0"),
    order(
        "more-holders-than-most", "post_slots.csv", _SLOT, "PostSlot-minHolders",
        ("min_holders", "max_holders"), ("3", "2"),
    ),
    fault(
        "concurrent-rule-without-post", "post_rules.csv",
        _RULE | {"type": "concurrentPosts", "if_holds": "n-c-gz"}, _INCOMPLETE,
    ),
    fault(
        "conditional-rule-without-condition", "post_rules.csv",
        _RULE | {"type": "conditionalAppointment", "if_holds": "n-c-gz", "then_holds": "n-c-fsj"},
        _INCOMPLETE,
    ),
    fault(
        "incompatible-rule-that-must", "post_rules.csv",
        _RULE | {"type": "incompatiblePosts", "if_holds": "n-c-gz", "then_holds": "n-c-fsj"},
        _INCOMPLETE,
    ),
    fault(
        "rule-for-slot-of-other-model", "post_rules.csv",
        _RULE | {"type": "termLength", "target_post": "n-a-gz"},
        Result("shape-or", "PostRuleModelShape", None, FOCUS),
    ),
    below("staffing_rules.csv", _STAFF, "min", "StaffingRule-minCount"),
    below("staffing_rules.csv", _STAFF, "max", "StaffingRule-maxCount"),
    order("more-staff-than-most", "staffing_rules.csv", _STAFF, "StaffingRule-minCount", ("min", "max"), ("3", "2")),
    below("staffing_standards.csv", LABEL, "unit_count", "StaffingStandard-unitCount"),
    below("staffing_standards.csv", LABEL, "min_per_unit", "StaffingStandard-minPerUnit"),
]  # fmt: skip

_GRID = LABEL | {"type": "GridArea", "parent": "{c}"}
_GROUP = LABEL | {"type": "CommunityGroup", "place": "{c}"}
_UNITS = [
    fault(
        "place-above-itself", "places.csv", _GRID | {"parent": "{x}"},
        Result("shape-sparql", "Place-loop", "parent", FOCUS),
    ),
    fault(
        "code-of-elsewhere", "places.csv", _GRID | {"stat_code": "999999999999", "stat_code_year": "2023"},
        Result("shape-sparql", "StatCode-prefix", "stat_code", "999999999999"),
    ),
    fault(
        "code-without-year", "places.csv", _GRID | {"stat_code": "{code}"},
        Result("shape-min-count", "StatCode-statCodeYear", "stat_code_year", severity="warning"),
    ),
    Fault(
        "organizations-in-a-loop",
        (
            Row("organizations.csv", _GROUP | {"id": "{x}", "part_of": "{x}-a"}),
            Row("organizations.csv", _GROUP | {"id": "{x}-a", "part_of": "{x}"}),
        ),
        tuple(
            Result(
                "shape-sparql", "Organization-loop", "part_of",
                "https://w3id.org/govgraph/id/organization/{x}" + other, row=row,
            )
            for row, other in enumerate(("-a", ""))
        ),
    ),
    below("organization_groups.csv", LABEL, "count_lower", "OrganizationGroup-countLower"),
    below("organization_groups.csv", LABEL, "count_upper", "OrganizationGroup-countUpper"),
    order(
        "group-count-backwards", "organization_groups.csv", LABEL, "OrganizationGroup-countLower",
        ("count_lower", "count_upper"), ("5", "3"),
    ),
    fault(
        "exact-count-with-bounds", "organization_groups.csv",
        LABEL | {"count_lower": "3", "count_upper": "5", "exact": "true"},
        Result("shape-or", "OrganizationGroupShape", None, FOCUS),
    ),
    fault(
        "role-without-actor", "project_roles.csv", LABEL | {"projects": "{c}-j0"},
        Result("shape-min-count", "ProjectRole-actor"),
    ),
    fault(
        "media-role-without-actor", "media_roles.csv", {"medium": "{c}-sgz", "role": "content"},
        Result("shape-min-count", "MediaRole-actor"),
    ),
]  # fmt: skip

_TERMS = [
    order(kind, table, cells, shape, columns, ("2021-05", "2019"), value="2021-05-01")
    for kind, table, cells, shape, columns in (
        (
            "appointment-backwards", "appointments.csv", {"person": "{c}-p11", "post": "{c}-cy"},
            "Interval-start", ("start", "end"),
        ),
        (
            "adoption-backwards", "model_adoptions.csv", {"place": "{c}", "model": "n-gm-c"},
            "Interval-start", ("start", "end"),
        ),
        ("project-backwards", "projects.csv", LABEL | {"place": "{c}"}, "Interval-start", ("start", "end")),
        ("model-backwards", "governance_models.csv", LABEL, "Interval-start", ("start", "end")),
        ("body-backwards", "organizations.csv", _GROUP, "Interval-founded", ("founded", "dissolved")),
        ("post-backwards", "posts.csv", LABEL | {"body": "{c}-jwh"}, "Interval-created", ("created", "abolished")),
    )
]  # fmt: skip

UNIT_FAULTS = (*_MODELS, *_UNITS, *_TERMS)
