"""What each row of the rule tables demands, in the few forms that can be judged.

- `together`: whoever holds `slot` must also hold `second`;
- `apart`: whoever holds `slot` must not also hold `second`;
- `term`: nobody holds `slot` longer, or more often without a break, than allowed;
- `count`: so many hold `slot` at a time.

`slot` and `second` are: post slots, or body slots for any post in such a body.
"""

from __future__ import annotations

import polars as pl

from govgraph.governance.stars import Facts
from govgraph.vocabulary import GOV

#: Where the second post is, seen from the first.
SAME, ABOVE, BELOW = "samePlace", "widerPlace", "narrowerPlace"
ELSEWHERE, ANYWHERE = "otherTier", "anyPlace"
TIERS = (SAME, ABOVE, BELOW, ANYWHERE, ELSEWHERE)
LINKS = ("concurrentPosts", "conditionalAppointment", "crossMembership", "exOfficioElsewhere")
#: (type, modality) -> form. What is not here, such as what may be done, cannot be broken.
FORMS = {
    **{(kind, "must"): "together" for kind in (*LINKS, "oneTeamTwoNames")},
    **{(kind, "mustNot"): "apart" for kind in (*LINKS, "incompatiblePosts", "independence")},
    ("independence", "must"): "apart",
    ("termLength", "must"): "term",
    ("termLength", "mustNot"): "term",
    ("holderCount", "must"): "count",
}
#: The types of the tables, and that of the rows of staffing_rules.
STAFFING = "staffing"
TYPES = (*dict.fromkeys(kind for kind, _ in FORMS), STAFFING)
COLUMNS = (
    "rule", "type", "modality", "model", "form", "slot", "second", "site", "condition", "tier",
    "least", "most", "term", "tenure", "terms",
)  # fmt: skip
_LIMITS = ("least", "most", "terms")
_SPANS = ("term", "tenure")


def demands(tables: Facts) -> pl.DataFrame:
    """All demands (COLUMNS): terms as they are, names of `type`, `modality`, `condition` and `tier`
    as plain texts, numbers as integers, spans of time as polars offsets. `form` is null where the
    row does not say enough, or only allows."""
    rows = [_rules(tables), _slots(tables["slot"]), _staffing(tables["staffing"])]
    stated = pl.concat(rows, how="diagonal").select(COLUMNS)
    lacking = {
        "together": pl.col("slot").is_null() | pl.col("second").is_null(),
        "apart": pl.col("slot").is_null() | pl.col("second").is_null(),
        "term": pl.col("slot").is_null() | pl.all_horizontal(pl.col(*_SPANS, "terms").is_null()),
        "count": pl.col("slot").is_null() | pl.all_horizontal(pl.col("least", "most").is_null()),
    }
    strange = ~pl.col("tier").is_in(TIERS)
    wanting = strange.fill_null(False) | pl.any_horizontal(
        (pl.col("form") == form) & lack for form, lack in lacking.items()
    )
    judged = stated.with_columns(form=pl.when(~wanting).then("form"))
    return judged.unique(maintain_order=True)


def _rules(tables: Facts) -> pl.DataFrame:
    names = [_name(column) for column in ("type", "modality", "condition", "tier")]
    forms = pl.DataFrame(
        [(*key, form) for key, form in FORMS.items()], ("type", "modality", "form"), orient="row"
    )
    rules = (
        tables["rule"]
        .with_columns(*names, *map(_number, _LIMITS), *map(_offset, _SPANS))
        .with_columns(slot=pl.coalesce("held", "held_in"), second=pl.coalesce("then", "then_in"))
        .join(forms, on=["type", "modality"], how="left", maintain_order="left")
    )
    elsewhere = pl.col("type") == "exOfficioElsewhere"
    tier = pl.col("tier").fill_null(
        pl.when(elsewhere).then(pl.lit(ELSEWHERE)).otherwise(pl.lit(SAME))
    )
    directed = rules.with_columns(tier)
    # one team: what binds the one body binds the other
    back = directed.filter(type="oneTeamTwoNames").rename({"slot": "second", "second": "slot"})
    return pl.concat([directed, back], how="diagonal")


def _slots(slots: pl.DataFrame) -> pl.DataFrame:
    """The numbers of holders that post slots themselves state."""
    stated = slots.filter(pl.col("least").is_not_null() | pl.col("most").is_not_null())
    return stated.select(
        "model", "slot", *map(_number, ("least", "most")), rule="slot", site="body_slot",
        type=pl.lit("holderCount"), modality=pl.lit("must"), form=pl.lit("count"),
    )  # fmt: skip


def _staffing(rules: pl.DataFrame) -> pl.DataFrame:
    return rules.select(
        "rule", "model", "slot", *map(_number, ("least", "most")), site="body_slot",
        type=pl.lit(STAFFING), modality=pl.lit("must"), form=pl.lit("count"),
    )  # fmt: skip


def _name(column: str) -> pl.Expr:
    """The local names of the ontology's own individuals."""
    return pl.col(column).cast(pl.String).str.strip_prefix(f"<{GOV}").str.strip_suffix(">")


def _number(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    return text.str.extract(r'^"?([0-9]+)').cast(pl.Int32, strict=False)


def _offset(column: str) -> pl.Expr:
    """An ISO 8601 span of years, months and days, such as P4Y6M, as `4y6mo`."""
    text = pl.col(column).cast(pl.String).str.extract(r'^"P((?:\d+Y)?(?:\d+M)?(?:\d+D)?)"')
    spelt = text.str.to_lowercase().str.replace("m", "mo", literal=True)
    return pl.when(spelt != "").then(spelt).alias(column)
