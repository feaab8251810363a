"""Rules, breaches and repairs in words, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.rules.demands import ABOVE, ANYWHERE, BELOW, ELSEWHERE

_SPAN = re.compile(r"(\d+)(y|mo|d)")
Labels = Mapping[str, Mapping[str, str]]

_LABELS = """
PREFIX gov: <https://w3id.org/govgraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?slot ?kind ?label WHERE {
  VALUES ?kind { gov:PostSlot gov:BodySlot } ?slot a ?kind ; skos:prefLabel ?label
}
"""
_ANY_POST = {"zh": "“{}”中的岗位", "en": "a post in “{}”"}
_TIERS = {
    ABOVE: ("在上级地点", " in a place around it"),
    BELOW: ("在下级地点", " in a place within it"),
    ELSEWHERE: ("在上级或下级地点", " in a place around or within it"),
    ANYWHERE: ("在任何地点", " anywhere"),
}
_CONDITIONS = {
    "isPartyMember": ("是党员的", ", if a Party member,"),
    "isNotPartyMember": ("不是党员的", ", if not a Party member,"),
}


class Wording(NamedTuple):
    """What a demand asks, what breaking it is, and what would repair that."""

    asks_zh: str
    asks_en: str
    broken_zh: str
    broken_en: str
    repair_zh: str
    repair_en: str


@kept
def labels(engine: Engine) -> Labels:
    """How all slots are spoken of: IRI -> language -> words. A body slot is any post in it."""
    found: dict[str, dict[str, str]] = {}
    for row in engine.select(_LABELS):
        language = getattr(row["label"], "language", None) or ""
        form = _ANY_POST if row["kind"].value.endswith("BodySlot") else {}
        words = form.get(language, "“{}”").format(row["label"].value)
        found.setdefault(row["slot"].value, {})[language] = words
    return found


def worded(demands: pl.DataFrame, names: Labels) -> pl.DataFrame:
    """`demand` and the texts of Wording, a row for each demand that can be judged.

    `demands` has `slot` and `second` as plain IRIs.
    """
    rows = [
        {"demand": row["demand"]} | _FORMS[row["form"]](_Named(row, names))._asdict()
        for row in demands.drop_nulls("form").iter_rows(named=True)
    ]
    texts = dict.fromkeys(Wording._fields, pl.String)
    return pl.DataFrame(rows, {"demand": pl.UInt32, **texts})


class _Named:
    """A demand with the names that its sentences use."""

    def __init__(self, row: Mapping[str, Any], names: Labels) -> None:
        self.row = row
        self.first_zh, self.first_en = _name(row["slot"], names)
        self.second_zh, self.second_en = _name(row["second"], names)
        self.if_zh, self.if_en = _CONDITIONS.get(row["condition"], ("", ""))
        self.where_zh, self.where_en = _TIERS.get(row["tier"], ("", ""))


def _name(slot: str | None, names: Labels) -> tuple[str, str]:
    """A slot in words; one language stands for the other, the end of the IRI for both."""
    if slot is None:
        return "", ""
    known, key = names.get(slot, {}), slot.rsplit("/", 1)[-1]
    anything = next(iter(known.values()), f"“{key}”")
    return known.get("zh", anything), known.get("en", anything)


def _together(d: _Named) -> Wording:
    return Wording(
        f"{d.if_zh}{d.first_zh}任职者，须同时{d.where_zh}任{d.second_zh}",
        f"Whoever holds {d.first_en}{d.if_en} must also hold {d.second_en}{d.where_en}",
        f"任{d.first_zh}而未{d.where_zh}任{d.second_zh}",
        f"{d.first_en} is held without {d.second_en}{d.where_en}",
        f"任命此人{d.where_zh}任{d.second_zh}，或免去其{d.first_zh}一职",
        f"Appoint the holder to {d.second_en}{d.where_en}, or end the holding of {d.first_en}",
    )


def _apart(d: _Named) -> Wording:
    return Wording(
        f"{d.if_zh}{d.first_zh}任职者，不得同时{d.where_zh}任{d.second_zh}",
        f"Whoever holds {d.first_en}{d.if_en} must not hold {d.second_en}{d.where_en}",
        f"任{d.first_zh}的同时{d.where_zh}任{d.second_zh}",
        f"{d.first_en} and {d.second_en}{d.where_en} are held together",
        f"免去此人{d.first_zh}或{d.second_zh}中的一职",
        f"End the holding of {d.first_en} or of {d.second_en}",
    )


def _term(d: _Named) -> Wording:
    limits = [
        (d.row["term"], "每任不超过{}", "a term lasts at most {}"),
        (d.row["tenure"], "连续任职不超过{}", "time without a break lasts at most {}"),
        (d.row["terms"], "连任不超过{}任", "at most {} terms follow each other"),
    ]
    zh = "，".join(text.format(span(limit)[0]) for limit, text, _ in limits if limit is not None)
    en = "; ".join(text.format(span(limit)[1]) for limit, _, text in limits if limit is not None)
    return Wording(
        f"{d.if_zh}{d.first_zh}任职者，{zh}",
        f"Of {d.first_en}{d.if_en}: {en}",
        f"任{d.first_zh}超过规则所许（{zh}）",
        f"{d.first_en} is held for longer than the rule allows ({en})",
        f"免去其{d.first_zh}一职，另任他人",
        f"End the holding of {d.first_en} and appoint somebody else",
    )


def _count(d: _Named) -> Wording:
    least, most = d.row["least"], d.row["most"]
    if least == most:
        zh, en = f"须有{least}人", f"exactly {least}"
    elif most is None:
        zh, en = f"至少{least}人", f"at least {least}"
    elif least is None:
        zh, en = f"至多{most}人", f"at most {most}"
    else:
        zh, en = f"须有{least}至{most}人", f"{least} to {most}"
    return Wording(
        f"同时任{d.first_zh}者{d.if_zh and '中，'}{d.if_zh}{zh}",
        f"Holders of {d.first_en}{d.if_en} at a time: {en}",
        f"任{d.first_zh}的人数不合规则（{zh}）",
        f"the number of holders of {d.first_en} is not as the rule asks ({en})",
        f"使任{d.first_zh}的人数合乎规则（{zh}）",
        f"Bring the number of holders of {d.first_en} to {en}",
    )


def span(limit: str | int) -> tuple[str, str]:
    """An offset of demands.demands in words, such as `4y6mo`; a number as it is.

    >>> span("4y6mo")
    ('4年6个月', '4 years 6 months')
    """
    if isinstance(limit, int):
        return str(limit), str(limit)
    units = {"y": ("年", "year"), "mo": ("个月", "month"), "d": ("天", "day")}
    parts = _SPAN.findall(limit)
    zh = "".join(f"{number}{units[unit][0]}" for number, unit in parts)
    en = " ".join(f"{number} {units[unit][1]}{'s' * (number != '1')}" for number, unit in parts)
    return zh, en


_FORMS = {"together": _together, "apart": _apart, "term": _term, "count": _count}
