"""What is recorded of places, as values of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from govgraph.governance.models import dimensions as known
from govgraph.governance.models.alignment import Alignment
from govgraph.governance.models.blueprint import Blueprints
from govgraph.governance.models.cells import BASES, PROVEN, Value, state_of
from govgraph.governance.models.dimensions import Dimension
from govgraph.governance.models.model_facts import counted_flows, dates
from govgraph.governance.models.nodes import Words
from govgraph.governance.models.practice import Practice
from govgraph.governance.models.rows import FLOWS
from govgraph.vocabulary import GOV

#: (place, kind of row, key of row, value)
Said = tuple[str, str, str, Value]
#: Names that are shown before the rest is only counted.
NAMED = 3


@dataclass(frozen=True)
class Scene:
    """What the facts of places are told with."""

    practice: Practice
    found: Blueprints
    groups: Alignment
    dimensions: Sequence[Dimension]
    named: Mapping[str, Words]


def place_values(scene: Scene) -> Iterator[Said]:
    """All values of all places."""
    yield from _adoptions(scene)
    yield from _rules(scene)
    yield from _bodies(scene)
    yield from _posts(scene)
    yield from _staffing(scene)
    yield from _selection(scene)
    yield from _flows(scene)


Told = dict[str, Any]


def _told(facts: pl.DataFrame, *by: str, **more: pl.Expr) -> Iterator[Told]:
    """Facts by place and what else: how many (`count`), how many of them are not sure (`unsure`),
    how they are known (`how`), and the first that prove it (`sources`)."""
    unsure = pl.col("verdict") == "unknown"
    found = facts.group_by(by, maintain_order=True).agg(
        count=pl.col("fact").n_unique(),
        unsure=pl.col("fact").filter(unsure).n_unique(),
        how=pl.col("how").unique(),
        sources=pl.col("fact").unique(maintain_order=True).head(PROVEN),
        **more,
    )
    return found.sort(by).iter_rows(named=True)


def _value(words: Words, told: Told, codes: Iterable[str] = ()) -> Value:
    held = {str(how).removeprefix(GOV) for how in told["how"] if how}
    how = next((basis for basis in BASES if basis in held), "stated")
    if told["unsure"]:
        words = _doubt(words, told["unsure"])
    return Value(state_of(how), words, how, codes=frozenset(codes), sources=tuple(told["sources"]))


def _doubt(words: Words, unsure: int) -> Words:
    """How many of the facts may or may not have held at the moment."""
    return Words(
        f"{words.zh}（其中 {unsure} 项当时是否成立无法判断）",
        f"{words.en} (for {unsure} it cannot be told whether it held then)",
    )


def _grouped(facts: pl.DataFrame, groups: Mapping[str, str]) -> pl.DataFrame:
    """Facts with the group of their slot; slots of other models fall away."""
    found = pl.DataFrame(
        {"slot": list(groups), "group": list(groups.values())},
        schema={"slot": pl.String, "group": pl.String},
    )
    return facts.join(found, on="slot")


def _adoptions(scene: Scene) -> Iterator[Said]:
    dated = {"start": pl.col("start").first(), "end": pl.col("end").first()}
    for told in _told(scene.practice.adoptions, "place", "model", **dated):
        name = scene.named[told["model"]]
        span = dates(told["start"], told["end"])
        words = Words(f"{name.zh}{span}", f"{name.en}{span}")
        if (count := told["count"]) > 1:
            words = Words(f"{name.zh}（{count} 次采用）", f"{name.en} ({count} adoptions)")
        yield told["place"], "dimension", known.PLACE_PERIOD, _value(words, told)


def _rules(scene: Scene) -> Iterator[Said]:
    """The rules of the models that a place has adopted: they bind there, kept or not."""
    for told in _told(scene.practice.adoptions, "place", "model"):
        doubtful = told["unsure"] if told["unsure"] == told["count"] else 0
        for iri, rule in sorted(scene.found.rules.items()):
            if rule.model == told["model"]:
                facts = {"how": [rule.basis], "unsure": doubtful}
                sources = {"sources": [iri, *told["sources"]]}
                value = _value(rule.names.filled(), facts | sources, set(rule.terms[:1]) - {""})
                yield told["place"], "rule", scene.groups.rules[iri], value
                yield told["place"], "dimension", known.POST_RULES, value


def _bodies(scene: Scene) -> Iterator[Said]:
    facts = _grouped(scene.practice.bodies, scene.groups.bodies)
    for told in _told(facts, "place", "group"):
        value = _value(_names(scene, told), told)
        yield told["place"], "body", told["group"], value
        functions = _functions(scene, told["group"])
        for dimension in scene.dimensions:
            if dimension.functions & functions or dimension.iri == known.BODIES:
                yield told["place"], "dimension", dimension.iri, value


def _names(scene: Scene, told: Told) -> Words:
    """Up to NAMED names, then how many there are."""
    shown = [scene.named[each] for each in told["sources"][:NAMED] if each in scene.named]
    zh, en = "、".join(str(w.zh) for w in shown), ", ".join(str(w.en) for w in shown)
    if (count := told["count"]) > len(shown):
        zh, en = f"{zh}等 {count} 个组织", f"{en} … {count} bodies"
    return Words(zh, en)


def _functions(scene: Scene, group: str) -> frozenset[str]:
    parts = (slot for slot, name in scene.groups.bodies.items() if name == group)
    return frozenset(f for slot in parts for f in scene.found.bodies[slot].functions)


def _posts(scene: Scene) -> Iterator[Said]:
    for place, group, told, people in _filled(scene, scene.groups.posts):
        name, (zh, en) = scene.found.posts[group].names.filled(), people
        count = told["count"]
        words = Words(
            f"{name.zh}：{count} 个岗位，{zh}", f"{name.en}: {_counted(count, 'post')}, {en}"
        )
        value = _value(words, told)
        yield place, "post", group, value
        yield place, "dimension", known.KEY_POSTS, value


def _staffing(scene: Scene) -> Iterator[Said]:
    """The people who are counted by staffing rules, place by place."""
    own = {slot: slot for slot in scene.groups.posts}
    rules = sorted(scene.found.staffing.items())
    for place, slot, told, (zh, en) in _filled(scene, own):
        for iri, rule in rules:
            if rule.counts == slot:
                name = rule.names.filled()
                words = Words(f"{name.zh}：{zh}", f"{name.en}: {en}")
                value = _value(words, told | {"sources": [iri, *told["sources"]]})
                yield place, "staffing", scene.groups.staffing[iri], value
                yield place, "dimension", known.STAFFING, value


def _filled(
    scene: Scene, groups: Mapping[str, str]
) -> Iterator[tuple[str, str, Told, tuple[str, str]]]:
    """The posts of each group with their holders, in words."""
    sure = pl.col("verdict").is_null() | (pl.col("verdict") == "yes")
    certain = pl.col("person").filter(sure).n_unique()
    people = {"people": certain, "more": pl.col("person").n_unique() - certain}
    held = _told(_grouped(scene.practice.appointments, groups), "place", "group", **people)
    holders = {(told["place"], told["group"]): told for told in held}
    nobody = {"people": 0, "more": 0, "how": [], "sources": []}
    for told in _told(_grouped(scene.practice.posts, groups), "place", "group"):
        found = holders.get((told["place"], told["group"]), nobody)
        both = {name: [*told[name], *found[name]] for name in ("how", "sources")}
        yield told["place"], told["group"], told | both, _holders(found["people"], found["more"])


def _holders(count: int, more: int) -> tuple[str, str]:
    """Sure and possible holders; without a moment everyone who is recorded."""
    if not count and not more:
        return "没有任职记录", "no appointment recorded"
    zh, en = f"任职 {count} 人", _counted(count, "holder")
    return (
        (f"{zh}，另 {more} 人无法判断", f"{en}, {more} more cannot be told") if more else (zh, en)
    )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _selection(scene: Scene) -> Iterator[Said]:
    chosen = scene.practice.appointments.filter(pl.col("selection").is_not_null())
    for told in _told(chosen, "place", "selection"):
        way, count = told["selection"], told["count"]
        name = scene.named[way]
        words = Words(f"{name.zh} {count} 次任职", f"{name.en}: {_counted(count, 'appointment')}")
        yield told["place"], "dimension", known.SELECTION, _value(words, told, [way])


def _flows(scene: Scene) -> Iterator[Said]:
    known_amount = pl.col("fact").filter(pl.col("amount").is_not_null()).n_unique()
    for told in _told(scene.practice.flows, "place", amounts=known_amount):
        words = counted_flows(told["count"], told["amounts"])
        value = _value(words, told)
        yield told["place"], "practice", FLOWS, value
        yield told["place"], "dimension", known.FUNDING, value
