"""Truth tables and calibrated data as answers, and as CSV for R's package QCA."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.models.qca.truth import Configuration, Study, configurations, split, study

_TEXTS = pl.List(pl.String)
TRUTH: dict[str, type[pl.DataType] | pl.DataType] = {
    "kind": pl.String, "configuration": pl.String, "n": pl.Int64, "out": pl.String,
    "consistency": pl.Float64, "pri": pl.Float64, "contradictory": pl.Boolean, "cases": _TEXTS,
    "positive": _TEXTS, "missing": _TEXTS, "source": _TEXTS,
}  # fmt: skip
DATA: dict[str, type[pl.DataType] | pl.DataType] = {
    "case": pl.String, "role": pl.String, "name": pl.String, "query": pl.String,
    "calibration": pl.String, "value": pl.Float64, "membership": pl.Float64, "source": _TEXTS,
}  # fmt: skip


def truth_table(
    engine: Engine,
    *,
    conditions: Sequence[str],
    outcome: str,
    cases: str | None = "models",
    cut: float | None = 0.8,
    unsourced: bool | None = False,
    complete: bool | None = False,
) -> Answer:
    """The truth table of some conditions for an outcome (see truth.py).

    A condition is the name of a query with columns `case` and `value`, calibrated as
    `name`, `name>=threshold` or `name=out/crossover/full`. Rows of kind `configuration`: the
    combination (`A*~B`), the number of cases in it, `out` (1 if consistency reaches `cut`, else
    0; `?` without cases), `consistency`, `pri`, whether it is `contradictory`, its `cases` and
    those with the outcome. Then rows `ambiguous` (a membership of exactly 0.5) and `unknown`, a
    case each, the latter with what is `missing`: no case is dropped. `complete` also lists the
    configurations without cases. GovgraphError(invalid-parameter) as of study and calibrated.
    """
    found = study(engine, conditions, outcome, cases or "models", unsourced=bool(unsourced))
    placed, ambiguous, unknown = split(found)
    limit = 0.8 if cut is None else float(cut)
    rows = [
        _configuration(found, each, limit)
        for each in configurations(found)
        if each.cases or complete
    ]
    rows += [_apart(found, "ambiguous", case) for case in ambiguous]
    rows += [_apart(found, "unknown", case) for case in unknown]
    frame = pl.DataFrame(rows, schema=TRUTH, orient="row")
    total = len(found.cases)
    zh = f"{total} 个案例中有 {len(placed)} 个各条件与结果都已知并可归入组合"
    en = f"{len(placed)} of {total} cases are known in every condition and can be placed"
    return Answer(frame, [Coverage("cases-placed", len(placed), total, zh, en)])


def _configuration(found: Study, each: Configuration, cut: float) -> tuple[object, ...]:
    sources = dict.fromkeys(source for case in each.cases for source in found.sources(case))
    return (
        "configuration", notation(found, each.present), len(each.cases), out(each, cut),
        each.consistency, each.pri, each.contradictory, list(each.cases), list(each.positive), [],
        list(sources),
    )  # fmt: skip


def _apart(found: Study, kind: str, case: str) -> tuple[object, ...]:
    sources = list(dict.fromkeys(found.sources(case)))
    missing = found.missing(case)
    return (kind, None, 1, "?", None, None, None, [case], [], missing, sources)


def notation(found: Study, present: Sequence[bool]) -> str:
    """A configuration as it is written in QCA: `A*~B`."""
    pairs = zip(found.conditions, present, strict=True)
    return "*".join(each.column if held else f"~{each.column}" for each, held in pairs)


def out(each: Configuration, cut: float) -> str:
    """1 or 0 by whether the consistency reaches the cut; ? without cases."""
    if not each.cases or each.consistency is None:
        return "?"
    return "1" if each.consistency >= cut else "0"


def qca_data(
    engine: Engine,
    *,
    conditions: Sequence[str],
    outcome: str,
    cases: str | None = "models",
    unsourced: bool | None = False,
) -> Answer:
    """The calibrated data behind a truth table: a row for each case and set, known or not.

    Columns: `case`, `role` (condition, outcome), `name` (the column for R), `query`,
    `calibration`, `value`, `membership` (both null where nothing is known), `source`.
    """
    found = study(engine, conditions, outcome, cases or "models", unsourced=bool(unsourced))
    rows: list[tuple[object, ...]] = []
    for case in found.cases:
        for each in found.sets:
            held = found.values[each.query].get(case)
            value = held.value if held else None
            rows.append((
                case, "outcome" if each is found.outcome else "condition", each.column, each.query,
                each.said, value, None if value is None else each.membership(value),
                list(dict.fromkeys(held.sources)) if held else [],
            ))  # fmt: skip
    frame = pl.DataFrame(rows, schema=DATA, orient="row")
    known, total = int(frame["value"].is_not_null().sum()), frame.height
    zh = f"{total} 个取值中有 {known} 个已知"
    en = f"{known} of {total} values are known"
    return Answer(frame, [Coverage("values-known", known, total, zh, en)])


def data_csv(found: Study, base: str) -> str:
    """The data for R: `case`, then a column of memberships for each set, the outcome last.

    NA is not known. Names are plain, so `read.csv(row.names = "case")` reads it.
    """
    columns = [each.column for each in found.sets]
    rows = [
        [case.removeprefix(base), *(_membership(found, case, each) for each in found.sets)]
        for case in found.cases
    ]
    return _csv(["case", *columns], rows)


def _membership(found: Study, case: str, each: object) -> str:
    known = next(one for one in found.sets if one is each)
    if case not in found.values[known.query]:
        return "NA"
    return f"{found.membership(case, known):.10g}"


def truth_csv(found: Study, base: str, cut: float) -> str:
    """The truth table for R: a column of 1 and 0 for each condition, then OUT, n, incl, PRI and
    cases as the package names them, and `contradictory`."""
    head = [*(each.column for each in found.conditions), "OUT", "n", "incl", "PRI"]
    rows = [
        [
            *("1" if held else "0" for held in each.present), out(each, cut), str(len(each.cases)),
            _number(each.consistency), _number(each.pri),
            ",".join(case.removeprefix(base) for case in each.cases),
            str(each.contradictory).upper(),
        ]
        for each in configurations(found)
    ]  # fmt: skip
    return _csv([*head, "cases", "contradictory"], rows)


def _number(value: float | None) -> str:
    return "NA" if value is None else f"{value:.10g}"


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    frame = pl.DataFrame([list(row) for row in rows], schema=list(head), orient="row")
    return frame.write_csv(line_terminator="\n")
