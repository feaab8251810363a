"""The rules of models in words, and whether they can be judged."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.kept import kept
from govgraph.governance.rules.demands import FORMS, TYPES, demands
from govgraph.governance.rules.facts import rule_tables
from govgraph.governance.rules.words import labels, worded
from govgraph.governance.terms import iri

COLUMNS = (
    "model", "rule", "rule_type", "modality", "condition", "slot", "second", "tier", "judged",
    "asks_zh", "asks_en", "source",
)  # fmt: skip
_NOT_JUDGED = {
    "allows": ("只是允许，谈不上违反", "It allows something, which nobody can break"),
    "unfit": (
        "这一类型不以此情态表达，无从判断",
        "A rule of this type is not judged in this modality",
    ),
    "lacks": (
        "缺少判断所需的岗位、组织或限度",
        "It lacks a post, a body or a limit to be judged by",
    ),
}


def rules(
    engine: Engine,
    *,
    model: str | None = None,
    rule_type: str | None = None,
    slot: str | None = None,
) -> Answer:
    """What the rules of models ask (COLUMNS), by model and rule: a row for each demand, so two for
    one team under two names. Rules that cannot be judged are there too, with the reason in
    `asks_zh` and `asks_en`. `slot` takes those that bind a slot or name it as the other one."""
    wanted = {"model": model, "rule_type": rule_type}
    shown = _told(engine).filter(
        *([(pl.col("slot") == slot) | (pl.col("second") == slot)] if slot else []),
        **{column: value for column, value in wanted.items() if value is not None},
    )
    return Answer(shown, [_coverage(shown)])


@kept
def _told(engine: Engine) -> pl.DataFrame:
    """All rules in words."""
    listed = demands(rule_tables(engine)).with_row_index("demand")
    named = listed.with_columns(map(iri, ("rule", "model", "slot", "second")))
    wording = worded(named, labels(engine))
    told = named.join(wording, on="demand", how="left", maintain_order="left").with_columns(
        judged=pl.col("form").is_not_null(),
        rule_type="type",
        source=pl.concat_list("rule"),
    )
    reasons = [pl.coalesce(f"asks_{name}", _why(n)) for n, name in enumerate(("zh", "en"))]
    return told.with_columns(reasons).select(COLUMNS).sort("model", "rule", "slot", nulls_last=True)


def _why(language: int) -> pl.Expr:
    """Why a demand without a form is not judged."""
    known = pl.any_horizontal(
        (pl.col("type") == kind) & (pl.col("modality") == modality) for kind, modality in FORMS
    ) | (pl.col("type") == TYPES[-1])
    reason = {name: pl.lit(text[language]) for name, text in _NOT_JUDGED.items()}
    allowed = pl.when(pl.col("modality") == "may").then(reason["allows"])
    return allowed.when(~known).then(reason["unfit"]).otherwise(reason["lacks"])


def _coverage(shown: pl.DataFrame) -> Coverage:
    total, known = shown["rule"].n_unique(), shown.filter("judged")["rule"].n_unique()
    return Coverage(
        "rules-judged", known, total,
        f"{total}条规则中，{known}条可以对照实际判断",
        f"{known} of {total} rules can be judged against practice",
    )  # fmt: skip
