"""A data set whose names are hostile, and that has too many bodies and people to draw."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

#: Markup, quotes, a template, a formula of a spreadsheet, and marks that turn the text around.
HOSTILE = (
    "<script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&amp;"
    "{{7*7}}=cmd|'/c calc'!A1\u202eemordnilap\u202c\u200f"
)
#: A word that no screen is wide enough for.
LONG = "W" * 300
#: Bodies of one place, and people who hold two posts each.
BODIES = 5000
PEOPLE = BODIES // 2


def write(folder: Path) -> None:
    """Write the tables of the data set into a folder."""
    folder.mkdir()
    for name, (head, rows) in _tables().items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*head.split(), "assertion"])
            writer.writerows([*row, "synthetic"] for row in rows)


def _named(key: str) -> tuple[str, str, str]:
    return key, f"{HOSTILE}{key}{LONG}", f"{LONG}{key}{HOSTILE}"


def _tables() -> dict[str, tuple[str, Iterable[tuple[str, ...]]]]:
    named = "id label_zh label_en"
    bodies = range(BODIES)
    return {
        "places": (f"{named} type parent", [
            (*_named("h-place"), "Community", ""), ("h-big", "人多的地方", "Crowded place", "Community", ""),
        ]),
        "governance_models": (f"{named} status", [
            (*_named("h-model"), "current"), (*_named("h-other"), "current"),
        ]),
        "body_slots": ("id model label_zh label_en", [
            ("h-slot", "h-model", *_named("h-slot")[1:]), ("h-slot2", "h-other", *_named("h-slot2")[1:]),
        ]),
        "post_slots": ("id model body_slot label_zh label_en", [
            (key, "h-model", "h-slot", *_named(key)[1:]) for key in ("h-seat", "h-chair")
        ]),
        "post_rules": (f"{named} model type if_holds then_holds modality", [
            (*_named("h-rule"), "h-model", "concurrentPosts", "h-seat", "h-chair", "must"),
        ]),
        "model_adoptions": ("id place model start", [("h-adopted", "h-place", "h-model", "2015")]),
        "organizations": (f"{named} type place part_of slot", [
            (*_named("h-body"), "ResidentsCommittee", "h-place", "", "h-slot"),
            *((f"h-b{n}", f"组织{n}", f"Body {n}", "SocialOrganization", "h-big",
               f"h-b{n // 10}" if n else "", "") for n in bodies),
        ]),
        "posts": (f"{named} body slot", [
            (*_named("h-post"), "h-body", "h-seat"), (*_named("h-post2"), "h-body", "h-chair"),
            *((f"h-s{n}", f"岗位{n}", f"Post {n}", f"h-b{n}", "") for n in bodies),
        ]),
        "persons": (f"{named} party_member", [
            (*_named("h-person"), "true"),
            *((f"h-p{n}", f"人员{n}", f"Person {n}", "") for n in range(PEOPLE)),
        ]),
        "appointments": ("id person post start end", [
            ("h-a", "h-person", "h-post", "2015", ".."), ("h-a2", "h-person", "h-post2", "2016-03", "2018"),
            *((f"h-t{n}", f"h-p{n // 2}", f"h-s{n}", "2019-01-01", "..") for n in bodies),
        ]),
        "projects": (f"{named} place sponsor", [(*_named("h-project"), "h-place", "h-body")]),
        "funding_flows": ("id funder recipient purpose_zh purpose_en instrument amount verbatim currency"
                          " precision fiscal_year project", [
            ("h-flow", "h-body", "", *_named("h-flow")[1:], "subsidy", "1000", HOSTILE, "CNY", "exact",
             "2020", "h-project"),
        ]),
    }  # fmt: skip
