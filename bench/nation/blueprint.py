"""The nation's governance models: bodies, posts and rules as blueprints, before any fact."""

from __future__ import annotations

from bench.nation.tables import line

#: model -> its mark in ids, name and status
MODELS = {
    "n-gm-a": ("a", "示例两委两站模式", "current"),
    "n-gm-b": ("b", "示例议行分离模式", "current"),
    "n-gm-c": ("c", "示例筹备中的模式", "planned"),
}
BODIES = {"dw": "社区党委", "jwh": "社区居委会", "gzz": "社区工作站", "sgz": "社区社会工作服务站"}
#: post -> its body and name
POSTS = {
    "fsj": ("dw", "社区党委副书记"),
    "zr": ("jwh", "社区居委会主任"),
    "gz": ("gzz", "社区工作站站长"),
    "sg": ("sgz", "社区社会工作服务站站长"),
    "sgy": ("sgz", "社会工作者"),
    "cy": ("jwh", "社区居委会成员"),
}
#: rule -> type, post if held, post then held, modality, condition
RULES = {
    "n-a-r1": ("concurrentPosts", "gz", "fsj", "must", ""),
    "n-a-r2": ("conditionalAppointment", "zr", "fsj", "must", "isPartyMember"),
    "n-a-r3": ("concurrentPosts", "sg", "zr", "must", ""),
    "n-a-r4": ("concurrentPosts", "fsj", "gz", "may", ""),
    "n-b-r1": ("incompatiblePosts", "gz", "fsj", "mustNot", ""),
    "n-b-r2": ("conditionalAppointment", "zr", "sg", "must", "isNotPartyMember"),
    "n-b-r3": ("incompatiblePosts", "sgy", "cy", "mustNot", ""),
}
MEASURES = {
    "n-beneficiaries": ("服务对象人数", "people served"),
    "n-households": ("户数", "households"),
}


def rows() -> dict[str, list[str]]:
    """The rows of the models, their slots and rules, and of the measures."""
    marks = {model: mark for model, (mark, _, _) in MODELS.items()}
    cells = {
        "governance_models.csv": [
            {"id": model, "label_zh": name, "status": status}
            for model, (_, name, status) in MODELS.items()
        ],
        "body_slots.csv": [
            {"id": f"n-{mark}-{body}", "model": model, "label_zh": name}
            for model, mark in marks.items()
            for body, name in BODIES.items()
        ],
        "post_slots.csv": [
            {"id": f"n-{mark}-{post}", "model": model, "body_slot": f"n-{mark}-{body}", "label_zh": name}
            for model, mark in marks.items()
            for post, (body, name) in POSTS.items()
        ],
        "post_rules.csv": [_rule(rule) for rule in RULES],
        "staffing_rules.csv": [
            {
                "id": f"n-{mark}-st", "model": model, "body_slot": f"n-{mark}-sgz",
                "label_zh": "社会工作者一名", "min": "1", "max": "1", "counts": f"n-{mark}-sgy",
            }
            for model, mark in marks.items()
        ],
        "measures.csv": [
            {"id": measure, "label_zh": zh, "label_en": en} for measure, (zh, en) in MEASURES.items()
        ],
    }  # fmt: skip
    for table, lot in cells.items():
        for row in lot:
            if table != "measures.csv":
                row["assertion"] = "synthetic"
    return {table: [line(table, row) for row in lot] for table, lot in cells.items()}


def _rule(rule: str) -> dict[str, str]:
    kind, held, then, modality, condition = RULES[rule]
    mark = rule.split("-")[1]
    return {
        "id": rule, "model": f"n-gm-{mark}", "label_zh": f"{POSTS[held][1]}与{POSTS[then][1]}",
        "type": kind, "if_holds": f"n-{mark}-{held}", "then_holds": f"n-{mark}-{then}",
        "modality": modality, "condition": condition,
    }  # fmt: skip


def model_of(number: int) -> str:
    """The model of a community by its number: every fifth has the second."""
    return "n-gm-b" if number % 5 == 4 else "n-gm-a"
