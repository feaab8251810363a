"""Why a run of days has its status and what would repair it, as columns of sentences."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from govgraph.governance.rules.cases import BROKEN, CANNOT_BE_TOLD
from govgraph.governance.rules.spans import EVER, ON

#: What may leave a run open -> what would have to be stated.
_OPEN: Mapping[str, tuple[str, str]] = {
    "doubt_adoption": ("模式采用的起止日期", "the dates of the model's adoption"),
    "untold": ("此人是否党员", "whether the person is a Party member"),
    "doubt_first": ("任职的起止日期", "the dates of the holding"),
    "doubt_post": ("当地是否设有该岗位", "whether there is such a post"),
    "doubt_second": (
        "规则所指另一方面的任职日期",
        "the dates of the holdings it is judged against",
    ),
}


def explained(found: pl.DataFrame) -> pl.DataFrame:
    """Runs (`status`, `first`, `last`, doubts) with the wording of their demands, and with
    `reason_zh`, `reason_en`, `repair_zh`, `repair_en`; what is kept needs no repair."""
    parts = found.with_columns(
        _number_of_holders(0),
        _number_of_holders(1),
        days_zh=_days_zh(),
        days_en=_days_en(),
        lacking_zh=_lacking(0),
        lacking_en=_lacking(1),
    )
    return parts.with_columns(
        reason_zh=_by_status(
            _sentence("{}：{}{}。", "days_zh", "broken_zh", "holders_zh"),
            _sentence("{}：无法判断，没有确切说明{}。", "days_zh", "lacking_zh"),
            _sentence("{}：合乎规则。", "days_zh"),
        ),
        reason_en=_by_status(
            _sentence("{}: {}{}.", "days_en", "broken_en", "holders_en"),
            _sentence("{}: it cannot be told, for want of {}.", "days_en", "lacking_en"),
            _sentence("{}: as the rule asks.", "days_en"),
        ),
        repair_zh=_by_status(
            _sentence("{}：{}{}。", "days_zh", "repair_zh", _missing(0)),
            _sentence("查明{}。", "lacking_zh"),
        ),
        repair_en=_by_status(
            _sentence("{}{}, {}.", "repair_en", _missing(1), _lowered(pl.col("days_en"))),
            _sentence("Find out {}.", "lacking_en"),
        ),
    )


def _by_status(broken: pl.Expr, untold: pl.Expr, kept: pl.Expr | None = None) -> pl.Expr:
    status = pl.col("status")
    chosen = pl.when(status == BROKEN).then(broken).when(status == CANNOT_BE_TOLD).then(untold)
    return chosen.otherwise(pl.lit(None, pl.String) if kept is None else kept)


def _sentence(form: str, *parts: str | pl.Expr) -> pl.Expr:
    return pl.format(form, *(pl.col(p) if isinstance(p, str) else p for p in parts))


def _lacking(language: int) -> pl.Expr:
    comma = ("、", ", ")[language]
    # while membership is not known, neither is any day on which the first post counts
    first = pl.col("doubt_first") & ~pl.col("untold").fill_null(False)
    doubted = {doubt: pl.col(doubt) for doubt in _OPEN} | {"doubt_first": first}
    parts = [pl.when(doubted[doubt]).then(pl.lit(text[language])) for doubt, text in _OPEN.items()]
    told = pl.concat_str(parts, separator=comma, ignore_nulls=True)
    unsaid = ("有关日期", "the dates concerned")[language]
    return pl.when(told == "").then(pl.lit(unsaid)).otherwise(told)


def _number_of_holders(language: int) -> pl.Expr:
    """What a count was, for rules that count."""
    fewest, greatest = pl.col("fewest"), pl.col("greatest")
    one, several = (("，实有{}人", "，实有{}至{}人"), (": {}", ": {} to {}"))[language]
    told = (
        pl.when(fewest == greatest)
        .then(pl.format(one, fewest))
        .otherwise(pl.format(several, fewest, greatest))
    )
    return told.fill_null("").alias(("holders_zh", "holders_en")[language])


def _missing(language: int) -> pl.Expr:
    """By how many a count is short of the rule, or over it, on its worst day."""
    short, over = pl.col("least") - pl.col("fewest"), pl.col("greatest") - pl.col("most")
    less, more = (("，尚缺{}人", "，多出{}人"), (" ({} more)", " ({} fewer)"))[language]
    told = (
        pl.when(short > 0).then(pl.format(less, short)).when(over > 0).then(pl.format(more, over))
    )
    return told.fill_null("")


def _days_zh() -> pl.Expr:
    return _days("{}至{}", "{}起，仍在持续", "起日不明，至{}", "起止不明")


def _days_en() -> pl.Expr:
    return _days(
        "From {} to {}", "From {}, still going on", "Until {}, since when is not known",
        "On days that are not known",
    )  # fmt: skip


def _days(both: str, since: str, until: str, neither: str) -> pl.Expr:
    first, last = (pl.col(c).dt.to_string("%Y-%m-%d") for c in ("first", "last"))
    begun, ended = pl.col("first") > EVER, pl.col("last") < ON
    return (
        pl.when(begun & ended).then(pl.format(both, first, last))
        .when(begun).then(pl.format(since, first))
        .when(ended).then(pl.format(until, last))
        .otherwise(pl.lit(neither))
    )  # fmt: skip


def _lowered(sentence: pl.Expr) -> pl.Expr:
    return sentence.str.head(1).str.to_lowercase() + sentence.str.slice(1)
