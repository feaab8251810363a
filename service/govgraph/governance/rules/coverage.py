"""What an answer about rules rests on."""

from __future__ import annotations

import polars as pl

from govgraph.governance.answer import Coverage
from govgraph.governance.rules.cases import CANNOT_BE_TOLD, STATUSES
from govgraph.governance.rules.judge import Verdict
from govgraph.governance.rules.selection import Selection

_UNTOLD = STATUSES.index(CANNOT_BE_TOLD)


def coverage(judged: Verdict, asked: Selection, subjects: pl.DataFrame) -> list[Coverage]:
    """Of how many cases it can be told whether the rule was kept, and in how many of the places
    that adopt the models anything is recorded that a rule speaks of."""
    return [_cases(judged, subjects), _places(judged, asked, subjects)]


def _cases(judged: Verdict, subjects: pl.DataFrame) -> Coverage:
    runs = judged.judged.runs.join(subjects, on="subject", how="semi")
    total = runs["subject"].n_unique()
    known = total - runs.filter(status=_UNTOLD)["subject"].n_unique()
    return Coverage(
        "rule-cases-told", known, total,
        f"{total}种应守规则的情形中，{known}种可以判断是否遵守",
        f"In {known} of {total} cases it can be told throughout whether the rule is kept",
    )  # fmt: skip


def _places(judged: Verdict, asked: Selection, subjects: pl.DataFrame) -> Coverage:
    adoptions = asked.adoptions(judged).select("fact", "place").unique()
    if asked.person is not None:  # those that bind the person, not all that there are
        adoptions = adoptions.join(subjects, on="place", how="semi")
    total = adoptions["fact"].n_unique()
    known = adoptions.join(subjects, on="place", how="semi")["fact"].n_unique()
    return Coverage(
        "adoptions-with-practice", known, total,
        f"{total}项模式采用中，{known}项所及之地有可据以判断的任职或岗位",
        f"Of {total} adoptions of a model, {known} have posts or holders to be judged",
    )  # fmt: skip
