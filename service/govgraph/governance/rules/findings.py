"""The findings: what was kept, broken or cannot be told, when, why, and what would repair it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.kept import kept
from govgraph.governance.rules.cases import BROKEN, CANNOT_BE_TOLD, STATUSES
from govgraph.governance.rules.coverage import coverage
from govgraph.governance.rules.judge import Verdict, verdict
from govgraph.governance.rules.nearby import nearby
from govgraph.governance.rules.selection import Selection, named, touching
from govgraph.governance.rules.sentences import explained
from govgraph.governance.rules.spans import EVER, ON
from govgraph.governance.rules.words import labels, worded
from govgraph.governance.terms import iri
from govgraph.governance.time import Moment

_ORDER = ("rule", "place", "person", "slot", "second", "from")
#: Runs that are all put in words once, for all questions.
FEW = 1_000
#: The runs of a case do not meet.
_RUN = ("subject", "first")
_ON_DATE = ("rule", "community", "person", "held", "other", "source")
#: The columns of `check`.
COLUMNS = (
    "rule", "rule_type", "model", "place", "person", "slot", "second", "status", "at", "from", "to",
    "days", "fewest", "greatest", "reason_zh", "reason_en", "repair_zh", "repair_en", "source",
)  # fmt: skip


def check(
    engine: Engine,
    *,
    model: str | None = None,
    place: str | None = None,
    rule: str | None = None,
    rule_type: str | None = None,
    person: str | None = None,
    status: Sequence[str] | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """Every finding of every rule against practice (COLUMNS), by rule, place, person and day.

    A case is a rule's demand on one person in one place, or on a place; its days are parted into
    maximal runs of one status. `from` is null where no first day is known, `to` where the run still
    goes on. `fewest` and `greatest` are the holders that there were, for rules that count them.
    `place` means that place and all below it; `at` and `start`/`end` keep the findings that may
    have a day then.
    """
    near = nearby(engine, person=person, place=place)
    judged = verdict(near)
    asked = Selection(model, place, rule, rule_type, person)
    demands = asked.demands(judged)
    subjects = asked.subjects(judged, demands)
    found = touching(_runs(judged, subjects), at, start, end)
    found = found.filter(pl.col("status").is_in(STATUSES if status is None else list(status)))
    few = near is engine and judged.judged.runs.height <= FEW
    told = _all(engine) if few else _told(engine, judged, found)
    shown = found.select(*_RUN, "at").join(told, on=_RUN).select(COLUMNS)
    shown = shown.sort(_ORDER, nulls_last=[column != "from" for column in _ORDER])
    return Answer(shown, coverage(judged, asked, subjects))


def on_date(engine: Engine, *, at: Moment) -> Answer:
    """Who breaks a rule on posts that go together, or must not, at a moment: `finding` (breach, or
    cannot be told, also where only some days of the moment are broken), `rule`, `community`,
    `person`, `held`, `other`, `source`; by place, rule and person."""
    answer = check(engine, status=[BROKEN, CANNOT_BE_TOLD], at=at)
    told = (pl.col("status") == BROKEN) & (pl.col("at") == "yes")
    found = answer.frame.drop_nulls("second").select(
        "rule", "person", "source", community="place", held="slot", other="second",
        finding=pl.when(told).then(pl.lit("breach")).otherwise(pl.lit(CANNOT_BE_TOLD)),
    )  # fmt: skip
    keys = ["community", "rule", "person", "held", "other"]
    # several runs that touch one month are one finding: it hangs on the day
    shown = found.group_by(keys).agg(
        pl.col("finding").max(), pl.col("source").explode().unique().sort()
    )
    return Answer(shown.select("finding", *_ON_DATE).sort(keys), answer.coverage)


def _runs(judged: Verdict, subjects: pl.DataFrame) -> pl.DataFrame:
    names = dict(enumerate(STATUSES))
    runs = judged.judged.runs.join(subjects, on="subject")
    return runs.with_columns(pl.col("status").replace_strict(names, return_dtype=pl.String))


@kept
def _all(engine: Engine) -> pl.DataFrame:
    judged = verdict(engine)
    return _told(engine, judged, _runs(judged, judged.judged.subjects))


def _told(engine: Engine, judged: Verdict, runs: pl.DataFrame) -> pl.DataFrame:
    """The columns of `check` for some runs, but for `at`; with _RUN, which tells them apart."""
    demands = named(judged)
    wording = worded(demands, labels(engine))
    rows = runs.join(demands, on="demand").join(wording, on="demand").with_row_index("finding")
    first, last = pl.col("first"), pl.col("last")
    said = explained(rows).join(_sources(rows, judged), on="finding").rename({"type": "rule_type"})
    return (
        said.with_columns(
            iri("place"),
            iri("person"),
            pl.when(first > EVER).then(first).alias("from"),
            pl.when(last < ON).then(last).alias("to"),
        )
        .with_columns(days=(pl.col("to") - pl.col("from")).dt.total_days() + 1)
        .select(*_RUN, *(column for column in COLUMNS if column != "at"))
    )


def _sources(rows: pl.DataFrame, judged: Verdict) -> pl.DataFrame:
    """`finding`, `source`: the rule, the person whose membership decides, and the adoptions and
    appointments that touch the run or end and begin next to it, since they are what bounds it."""
    near = pl.duration(days=1)
    person = pl.when(pl.col("condition").is_not_null()).then(iri("person"))
    run = rows.select("finding", "subject", "first", "last", stated=pl.concat_list("rule", person))
    facts = judged.judged.facts.join(run, on="subject").filter(
        pl.col("may_first") <= pl.col("last") + near, pl.col("may_last") + near >= pl.col("first")
    )
    proofs = facts.select("finding", source=iri("fact")).group_by("finding").agg("source")
    listed = run.join(proofs, on="finding", how="left")
    found = pl.col("source").fill_null([]).list.unique().list.sort()
    proof = pl.col("stated").list.drop_nulls().list.concat(found)
    return listed.select("finding", source=proof)
