"""The twelve rule cases of data/example-communities, exactly, and under other names and dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from hashlib import sha1
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse
from tests.conftest import ROOT

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.rules.findings import check
from govgraph.http.state import Opened
from govgraph_loaders import find_sources, ingest

BASE = "https://w3id.org/govgraph/id/"
Finding = tuple[str, str, str | None, str, date, date | None]
#: Rule, place, person, status, first and last day. c01, c05, c06, c08 and c09 keep their rules.
FINDINGS: set[Finding] = {
    ("pr-1", "ex-c02", "ex-c02-p1", "broken", date(2018, 7, 1), None),
    ("pr-2", "ex-c03", "ex-c03-p2", "broken", date(2018, 7, 1), None),
    ("pr-3", "ex-c04", "ex-c04-p6", "broken", date(2018, 7, 1), None),
    ("pr-1", "ex-c07", "ex-c07-p1", "broken", date(2021, 4, 1), date(2021, 5, 14)),
    ("pr-1", "ex-c10", "ex-c10-p1", "cannot be told", date(2018, 7, 1), None),
    ("st-2", "ex-c11", None, "broken", date(2018, 7, 1), None),
    ("ex-pr-1", "ex-c12", "ex-c12-p1", "broken", date(2021, 3, 1), date(2021, 12, 31)),
}


def findings(engine: Engine) -> list[Finding]:
    """All but what is kept."""
    frame = check(engine, status=["broken", "cannot be told"]).frame
    columns = frame.select("rule", "place", "person", "status", "from", "to")
    return [(local(r), local(p), w and local(w), *rest) for r, p, w, *rest in columns.iter_rows()]  # type: ignore[misc]


def local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def test_the_twelve_cases(opened: Opened) -> None:
    found = findings(opened.engine)
    assert set(found) == FINDINGS
    assert len(found) == len(FINDINGS)


def test_all_other_days_of_a_broken_case_are_kept(opened: Opened) -> None:
    """Before the gap and after it the rule was kept, from the adoption on."""
    frame = check(opened.engine, rule=BASE + "post-rule/pr-1", place=BASE + "place/ex-c07").frame
    assert frame.select("status", "from", "to", "days").rows() == [
        ("kept", date(2018, 7, 1), date(2021, 3, 31), 1005),
        ("broken", date(2021, 4, 1), date(2021, 5, 14), 44),
        ("kept", date(2021, 5, 15), None, None),
    ]


def test_a_rule_binds_only_while_the_model_is_adopted(opened: Opened) -> None:
    """The posts of c09 come apart after the model was given up."""
    frame = check(opened.engine, rule=BASE + "post-rule/pr-1", place=BASE + "place/ex-c09").frame
    assert frame.select("status", "from", "to").rows() == [
        ("kept", date(2015, 1, 1), date(2018, 12, 31))
    ]


def test_a_finding_rests_on_the_rule_the_adoption_and_the_appointments_around_it(
    opened: Opened,
) -> None:
    frame = check(opened.engine, status=["broken"], place=BASE + "place/ex-c07").frame
    assert [source.removeprefix(BASE) for source in frame["source"].item()] == [
        "post-rule/pr-1",
        "adoption/ex-c07-ad",
        "appointment/ex-c07-a01",
        "appointment/ex-c07-a02",
        "appointment/ex-c07-a03",
    ]


# -- other names, other dates --------------------------------------------------------------------

YEARS = 7
KEY = re.compile(rf"<{re.escape(BASE)}([a-z-]+)/([^>]*)>")
DATE = re.compile(r'"(\d{4})(-\d\d-\d\d"\^\^<http://www.w3.org/2001/XMLSchema#date>)')


def other_key(key: str) -> str:
    return sha1(key.encode()).hexdigest()[:9]


def later(day: date | None) -> date | None:
    return day and day.replace(year=day.year + YEARS)


def renamed(text: str) -> str:
    text = KEY.sub(lambda m: f"<{BASE}{m[1]}/{other_key(m[2])}>", text)
    return DATE.sub(lambda m: f'"{int(m[1]) + YEARS}{m[2]}', text)


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Callable[[str], str]], Engine]:
    """The shipped tables as one graph, its text changed."""

    def loaded(changed: Callable[[str], str]) -> Engine:
        sources = [
            source
            for dataset in ("xiyuan", "example-communities")
            for source in find_sources(ROOT / "data" / dataset, ROOT / "loaders" / "tables")[0]
        ]
        store = Store()
        for file in ingest(sources, tmp_path / "quads").files:
            quads = parse(changed(file.read_text("utf-8")), RdfFormat.N_QUADS)
            store.extend(Quad(q.subject, q.predicate, q.object) for q in quads)
        return OxigraphEngine(store)

    return loaded


def test_the_cases_hang_on_no_name_and_no_date(
    load: Callable[[Callable[[str], str]], Engine],
) -> None:
    expected = {
        (
            other_key(rule),
            other_key(place),
            who and other_key(who),
            status,
            later(first),
            later(last),
        )
        for rule, place, who, status, first, last in FINDINGS
    }
    assert set(findings(load(renamed))) == expected
