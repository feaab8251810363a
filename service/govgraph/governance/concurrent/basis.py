"""Whether two posts go together by a rule or by chance.

A pair is `formal` if a rule of a model that is adopted there while both are held requires the
second post of who holds the first, `implied` if several such rules do together (who holds a must
hold b, who holds b must hold c), `contrary` if one forbids it, `permitted` if one allows it, and
`incidental` if none speaks of it; it is `unknown` where dates, or what is known of the person,
leave open whether a rule that requires or forbids applied.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import frames, readings, terms
from govgraph.governance.kept import kept
from govgraph.governance.places import within
from govgraph.governance.readings import BOUNDS
from govgraph.vocabulary import GOV, PROLOGUE

#: The stronger first.
BASES = ("formal", "contrary", "implied", "unknown", "permitted", "incidental")
_RULES = """SELECT ?rule ?model ?modality ?type ?slot ?other_slot ?condition WHERE {
  ?rule gov:ofModel ?model ; gov:modality ?modality ; gov:ifHolds ?slot ; gov:thenHolds ?other_slot
  OPTIONAL { ?rule gov:ruleType ?type } OPTIONAL { ?rule gov:condition ?condition } }"""
_ADOPTIONS = """SELECT ?adoption ?this ?model ?start ?end WHERE {
  ?adoption gov:adopter ?this ; gov:adoptedModel ?model
  OPTIONAL { ?adoption gov:start ?start } OPTIONAL { ?adoption gov:end ?end } }"""
_PARENTS = "SELECT ?community ?parent WHERE { ?community gov:parentPlace ?parent }"
_PARTY = "SELECT ?person ?party WHERE { ?person gov:partyMember ?party }"
#: What a rule can ask of the person: to be a member, to be none, or what is not known here.
_ASKED = ("member", "none", "other")


def with_basis(engine: Engine, found: pl.DataFrame) -> pl.DataFrame:
    """Pairs as `overlaps` gives them with `basis`, the `rule` it rests on (the first of a chain),
    `basis_from` and `basis_to`, the certain days of pair and adoption together, and
    `source_rule`, the rules and the adoption."""
    numbered = found.with_row_index("pair")
    rules = _chained(engine)
    bound = _bound(engine, numbered, rules)
    judged = _judged(engine, bound) if bound.height else bound
    if not judged.height:
        return found.with_columns(_NO_RULE)
    strongest = judged.sort("pair", "rank", "rule", *BOUNDS, "adoption").unique(
        "pair", keep="first", maintain_order=True
    )
    basis = strongest.select(
        "pair",
        basis=pl.lit(pl.Series(BASES)).gather("rank"),
        rule=pl.col("rules").list.first(),
        basis_from=pl.when(readings.has_core()).then("start_latest"),
        basis_to=pl.when(readings.has_core() & (pl.col("end_earliest") < readings.ALWAYS)).then(
            "end_earliest"
        ),
        source_rule=pl.concat_list("rules", "adoption"),
    )
    joined = numbered.join(basis, on="pair", how="left").drop("pair")
    return joined.with_columns(
        pl.col("basis").fill_null(BASES[-1]),
        pl.col("source_rule").fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )


_NO_RULE = [
    pl.lit(BASES[-1]).alias("basis"),
    pl.lit(None, pl.String).alias("rule"),
    pl.lit(None, pl.Date).alias("basis_from"),
    pl.lit(None, pl.Date).alias("basis_to"),
    pl.lit([], dtype=pl.List(pl.String)).alias("source_rule"),
]


# -- rules ---------------------------------------------------------------------------------------


@kept
def _rules(engine: Engine) -> pl.DataFrame:
    """model, slot, other_slot, modality, `elsewhere`, the list `rules`, and booleans _ASKED."""
    stated = frames.frame(engine, PROLOGUE + _RULES, frames.terms())
    plain = stated.select(map(terms.iri, stated.columns))
    condition = pl.col("condition").str.strip_prefix(GOV)
    member, none = (condition == name for name in ("isPartyMember", "isNotPartyMember"))
    return plain.filter(pl.col("slot") != pl.col("other_slot")).select(
        "model",
        "slot",
        "other_slot",
        pl.col("modality").str.strip_prefix(GOV),
        elsewhere=(pl.col("type") == f"{GOV}exOfficioElsewhere").fill_null(False),
        rules=pl.concat_list("rule"),
        member=member.fill_null(False),
        none=none.fill_null(False),
        other=(~member & ~none).fill_null(False),
    )


@kept
def _chained(engine: Engine) -> pl.DataFrame:
    """The rules, and the chains of those that require, one for each two slots of a model that no
    rule joins: a shortest one. Rules are few, so they are walked one by one."""
    rules = _rules(engine)
    found = {(row["model"], row["slot"], row["other_slot"]): row for row in _requiring(rules)}
    steps, last = list(found.values()), list(found.values())
    while last:
        longer = [_joined(row, step) for row in last for step in steps if _follows(row, step)]
        last = []
        for row in sorted(longer, key=lambda row: row["rules"]):
            ends = row["model"], row["slot"], row["other_slot"]
            if row["slot"] != row["other_slot"] and ends not in found:
                found[ends] = row
                last.append(row)
    chains = [row for row in found.values() if len(row["rules"]) > 1]
    return pl.concat([rules, pl.DataFrame(chains, schema=rules.schema)])


def _requiring(rules: pl.DataFrame) -> list[dict[str, Any]]:
    must = rules.filter((pl.col("modality") == "must") & ~pl.col("elsewhere"))
    return must.sort("rules", descending=True).to_dicts()


def _follows(row: dict[str, Any], step: dict[str, Any]) -> bool:
    return bool(row["model"] == step["model"] and row["other_slot"] == step["slot"])


def _joined(row: dict[str, Any], step: dict[str, Any]) -> dict[str, Any]:
    asked = {name: row[name] or step[name] for name in _ASKED}
    rules = [*row["rules"], *step["rules"]]
    return row | asked | {"other_slot": step["other_slot"], "rules": rules}


# -- which rules bind which pairs ----------------------------------------------------------------


def _bound(engine: Engine, numbered: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Each pair with each rule between its slots, whichever post the rule names first, that a
    model adopted at the first post's place states; a rule is about one place unless it says
    elsewhere. BOUNDS are those of the pair, those of the adoption begin with `adopted_`."""
    columns = ["pair", "person", "overlap", *BOUNDS]
    sides = [("slot", "place", "other_slot", "other_place")]
    sides.append((*sides[0][2:], *sides[0][:2]))
    pairs = pl.concat(
        numbered.select(*columns, slot=s, place=p, other_slot=o, other_place=q)
        for s, p, o, q in sides
    )
    meant = pairs.join(rules, on=["slot", "other_slot"]).filter(
        (pl.col("place") == pl.col("other_place")) | pl.col("elsewhere")
    )
    if not meant.height:
        return meant
    adopted = _adopted(engine)
    return meant.join(adopted, left_on=["model", "place"], right_on=["model", "community"])


@kept
def _adopted(engine: Engine) -> pl.DataFrame:
    """adoption, model, each `community` bound by it, and the bounds of the adoption."""
    kind = frames.terms()
    stated = frames.frame(engine, PROLOGUE + _ADOPTIONS, kind)
    links = frames.frame(engine, PROLOGUE + _PARENTS, kind)
    plain = readings.bounded(stated.with_columns(map(terms.lexical, ("start", "end"))))
    reach = plain.join(within(plain, links), on="this")
    return reach.select(
        *map(terms.iri, ("adoption", "model", "community")),
        pl.col(BOUNDS).name.prefix("adopted_"),
    )


def _judged(engine: Engine, bound: pl.DataFrame) -> pl.DataFrame:
    """With `rank`, the index in BASES, and BOUNDS of the days of pair and adoption together; those
    that surely have nothing to do with each other left out."""
    low, high = BOUNDS[:2], BOUNDS[2:]
    sure = (
        (pl.col("overlap") == "yes")
        & (pl.col("start_latest") <= pl.col("adopted_end_earliest"))
        & (pl.col("adopted_start_latest") <= pl.col("end_earliest"))
    )
    both = bound.join(_party(engine), on="person", how="left").with_columns(
        *(pl.max_horizontal(name, f"adopted_{name}").alias(name) for name in low),
        *(pl.min_horizontal(name, f"adopted_{name}").alias(name) for name in high),
        sure=sure,
        applies=_applies(),
    )
    return both.filter(
        pl.col("start_earliest") <= pl.col("end_latest"), pl.col("applies").fill_null(True)
    ).with_columns(rank=_rank(), rule=pl.col("rules").list.first())


def _applies() -> pl.Expr:
    """Whether all conditions are met, null if that cannot be told."""
    member, none, other = map(pl.col, _ASKED)
    party, known = pl.col("party"), pl.when(~other).then(True)
    return (~member | party) & (~none | ~party) & known


def _rank() -> pl.Expr:
    told = pl.col("sure") & pl.col("applies").fill_null(False)
    modality, direct = pl.col("modality"), pl.col("rules").list.len() == 1
    rank = {name: pl.lit(number) for number, name in enumerate(BASES)}
    return (
        pl.when(modality == "may").then(rank["permitted"])
        .when(~told).then(rank["unknown"])
        .when(modality == "mustNot").then(rank["contrary"])
        .when(direct).then(rank["formal"])
        .otherwise(rank["implied"])
    )  # fmt: skip


@kept
def _party(engine: Engine) -> pl.DataFrame:
    stated = frames.frame(engine, PROLOGUE + _PARTY, frames.terms())
    members = stated.select(terms.iri("person"), terms.truth("party")).drop_nulls()
    return members.sort("person", "party").unique("person", keep="first")
