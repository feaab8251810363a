"""Every competency question is answered exactly, with evidence, by a query that knows no answer."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import CompetencyEngine, Row

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
QUERIES = ROOT / "queries" / "competency"
INVENTORY = HERE.parents[2] / "shared" / "seed" / "competency.csv"
FILES = sorted(QUERIES.glob("CQ*.rq"))
SENTENCE = "https://w3id.org/govgraph/id/sentence/"
KINDS = ["lookup", "list", "number", "time", "rule", "reasoning", "check", "compare", "negative"]

every_question = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
Change = Callable[[str], CompetencyEngine]
Answer = list[dict[str, str]]


def header(file: Path) -> dict[str, Any]:
    """The YAML in the leading #+ lines of a query."""
    lines = [
        line[2:].removeprefix(" ") for line in _text(file).splitlines() if line.startswith("#+")
    ]
    parsed = yaml.safe_load("\n".join(lines))
    assert isinstance(parsed, dict)
    return parsed


def ask(engine: CompetencyEngine, question: str, *inputs: tuple[str, str]) -> Answer:
    """The answer as in SPARQL CSV, after each (old, new) replacement in the VALUES line."""
    query = _text(QUERIES / f"{question}.rq")
    block = _inputs(query)
    changed = block
    for old, new in inputs:
        assert old in changed, f"{question} has no input {old}"
        changed = changed.replace(old, new)
    return [_plain(row) for row in engine.select(query.replace(block, changed))]


def expected(file: Path) -> Answer:
    """The rows of the CSV beside a query."""
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(stream)]


def one(answer: Answer) -> dict[str, str]:
    """The only row of an answer."""
    assert len(answer) == 1, answer
    return answer[0]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _inputs(query: str) -> str:
    found = re.search(r"VALUES (?:\?\w+|\([^)]*\)) \{.*?\}", query, re.DOTALL)
    assert found, "no VALUES block"
    return found[0]


def _plain(row: Row) -> dict[str, str]:
    return {name: str(getattr(term, "value", term)) for name, term in row.items()}


def _bag(answer: Answer) -> Counter[frozenset[tuple[str, str]]]:
    return Counter(frozenset(row.items()) for row in answer)


# --- the answers ---


def test_there_are_44_questions() -> None:
    assert len(FILES) == 44
    assert {file.stem for file in FILES} == {file.stem for file in QUERIES.glob("*.csv")}


@every_question
def test_answer(competency_engine: CompetencyEngine, file: Path) -> None:
    answer, rows = ask(competency_engine, file.stem), expected(file)
    assert rows, "an answer always has a row"
    assert _bag(answer) == _bag(rows)
    if "ORDER BY" in _text(file):
        assert answer == rows


@every_question
def test_every_answer_has_its_evidence(competency_engine: CompetencyEngine, file: Path) -> None:
    sentences: set[str] = set()
    for row in ask(competency_engine, file.stem):
        derived = competency_engine.select(
            f"""PREFIX csvw: <http://www.w3.org/ns/csvw#> PREFIX prov: <http://www.w3.org/ns/prov#>
            SELECT ?from ?row WHERE {{ <{row["source"]}> prov:wasDerivedFrom ?from
              OPTIONAL {{ ?from csvw:rownum ?row }} }}"""
        )
        assert any("row" in found for found in derived), f"{row['source']} comes from no row"
        sentences |= {_plain(found)["from"].removeprefix(SENTENCE) for found in derived}
    assert sentences >= set(header(file)["sentences"])


# --- the files ---


@every_question
def test_header(file: Path) -> None:
    head, query = header(file), _text(file)
    assert head["id"] == file.stem
    assert head["question_zh"]
    assert head["question_en"]
    assert head["sentences"]
    assert head["kind"] in KINDS
    select = re.search(r"SELECT DISTINCT (.*?)\s*WHERE", query, re.DOTALL)
    assert select
    assert list(head["columns"]) == re.findall(r"\?(\w+)", select[1])
    assert all(set(words) == {"zh", "en"} for words in head["columns"].values())
    assert {"status", "source"} <= set(head["columns"])
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == list(head["columns"])


@every_question
def test_query_knows_no_row(file: Path) -> None:
    """A query finds its subject by label or role, so it holds no instance IRI and no row id."""
    query = "\n".join(line for line in _text(file).splitlines() if not line.startswith("#+"))
    assert "w3id.org/govgraph/id/" not in query
    words = set(re.findall(r"[\w-]+", query))
    assert not words & set(_row_ids())


def _row_ids() -> Iterator[str]:
    for file in (ROOT / "data").glob("*/*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            yield from (row["id"] for row in csv.DictReader(stream) if "-" in row["id"])


@pytest.mark.skipif(not INVENTORY.is_file(), reason="needs ../shared/seed")
def test_questions_are_those_of_the_inventory() -> None:
    with INVENTORY.open(encoding="utf-8-sig", newline="") as stream:
        wanted = {
            row["id"]: (
                row["question_zh"],
                row["question_en"],
                row["answer_kind"],
                [f"xiyuan-{number}" for number in row["source_sentence_ids"].split("|")],
            )
            for row in csv.DictReader(stream)
        }
    heads = {file.stem: header(file) for file in FILES}
    found = {
        name: (head["question_zh"], head["question_en"], head["kind"], head["sentences"])
        for name, head in heads.items()
    }
    assert found == wanted


# --- the same query, another question ---


@every_question
def test_an_unknown_name_is_not_stated(competency_engine: CompetencyEngine, file: Path) -> None:
    """Silence never reads as no: a name the graph does not have gives an explicit row."""
    query = _text(file)
    block = _inputs(query)
    names = r'"[^"]*"@zh' if "@zh" in block else r'"[^"]*"'
    unknown = query.replace(block, re.sub(names, '"查无此名"@zh', block))
    rows = [_plain(row) for row in competency_engine.select(unknown)]
    assert rows
    assert {row["status"] for row in rows} == {"not stated"}
    assert not any("source" in row for row in rows)


def test_bodies_of_another_model(competency_engine: CompetencyEngine) -> None:
    answer = ask(competency_engine, "CQ01", ("两委两站", "示例议行分离模式"))
    assert {row["body_zh"] for row in answer} == {"示例议事会", "示例办公室"}


def test_function_by_its_generic_kind_in_another_model(
    competency_engine: CompetencyEngine,
) -> None:
    inputs = [("两委两站", "示例议行分离模式"), ('"议"', '"议事"')]
    assert one(ask(competency_engine, "CQ05", *inputs))["body_zh"] == "示例议事会"


def test_first_model_has_no_known_predecessor(competency_engine: CompetencyEngine) -> None:
    assert one(ask(competency_engine, "CQ02", ("两委两站", "两委一站"))) == {"status": "not stated"}


def test_inexact_number_keeps_its_open_bound(competency_engine: CompetencyEngine) -> None:
    row = one(ask(competency_engine, "CQ24", ("面积", "常住人口")))
    assert (row["verbatim"], row["upper"], "lower" in row) == ("近8万人", "80000", False)


def test_rules_for_a_director_who_is_a_member(competency_engine: CompetencyEngine) -> None:
    answer = ask(competency_engine, "CQ13", ("false", "true"))
    assert {(row["post_zh"], row["applies"]) for row in answer} == {
        ("社区党委副书记", "true"),
        ("社区社会工作服务站站长", "true"),
    }


def test_deputy_secretary_need_not_head_the_station(competency_engine: CompetencyEngine) -> None:
    swap = [("社区工作站站长", "X"), ("社区党委副书记", "社区工作站站长"), ("X", "社区党委副书记")]
    row = one(ask(competency_engine, "CQ15", *swap))
    assert row["violated"] == "no"
    assert "rule" not in row


def test_conditional_rule_is_broken_only_if_its_condition_holds(
    competency_engine: CompetencyEngine,
) -> None:
    row = one(ask(competency_engine, "CQ15", ("社区工作站站长", "社居委主任")))
    assert row["violated"] == "if the condition holds"
    assert row["condition"].endswith("#isPartyMember")


def test_project_without_a_stated_target_gives_the_reason(
    competency_engine: CompetencyEngine,
) -> None:
    row = one(ask(competency_engine, "CQ46", ("阳光四季", "志愿广场")))
    assert row["status"] == "not stated"
    assert row["reason_zh"]
    assert row["reason_en"]


def test_founding_without_a_date_gives_the_reason(competency_engine: CompetencyEngine) -> None:
    row = one(ask(competency_engine, "CQ34", ("社会工作协会", "社区教育学院")))
    assert row["status"] == "not stated"
    assert row["reason_zh"]
    assert row["reason_en"]


def test_money_of_another_funder(competency_engine: CompetencyEngine) -> None:
    funder = ("西园街道", "示例街道办事处")
    unknown = one(ask(competency_engine, "CQ54", funder, ("2013", "2021")))
    assert (unknown["status"], unknown["total"]) == ("not stated", "200000")
    known = one(ask(competency_engine, "CQ54", funder, ("2013", "2023")))
    assert (known["status"], known["lower"], "upper" in known) == ("stated", "80000", False)


def test_director_of_another_community(competency_engine: CompetencyEngine) -> None:
    row = one(ask(competency_engine, "CQ64", ("西园街道", "示例一社区")))
    assert (row["status"], row["person_zh"]) == ("stated", "示例人员01-2")
    assert (row["start"], row["end"]) == ("2018-03", "not stated")


# --- another graph, another answer ---


def test_fifth_body_is_listed(changed: Change) -> None:
    engine = changed(
        """INSERT DATA { id:body-slot\\/new a gov:BodySlot ; gov:ofModel id:model\\/gm-2zhan ;
             skos:prefLabel "第五个组织"@zh }"""
    )
    answer = ask(engine, "CQ01")
    assert len(answer) == 5
    assert "第五个组织" in {row["body_zh"] for row in answer}


def test_amount_becomes_stated(changed: Change) -> None:
    engine = changed("INSERT DATA { id:flow\\/ff-1b gov:amount 150000.0 }")
    row = one(ask(engine, "CQ54"))
    assert (row["status"], row["amount"]) == ("stated", "150000")
    assert row["source"].endswith("flow/ff-1b")
    assert "reason_zh" not in row


DIRECTOR = """INSERT DATA {
  id:place\\/new gov:parentPlace id:place\\/pl-xiyuan ; skos:prefLabel "某社区"@zh .
  id:organization\\/new gov:place id:place\\/new .
  id:post\\/new org:postIn id:organization\\/new ; gov:fillsPostSlot id:post-slot\\/po-jwh-zr .
  id:person\\/new skos:prefLabel "某人"@zh .
  id:appointment\\/new gov:onPost id:post\\/new ; org:member id:person\\/new ;
    gov:start "2014-03" %s }"""


def test_director_becomes_stated(changed: Change) -> None:
    row = one(ask(changed(DIRECTOR % ""), "CQ64"))
    assert (row["status"], row["person_zh"], row["community_zh"]) == ("stated", "某人", "某社区")
    assert (row["start"], row["end"]) == ("2014-03", "not stated")
    assert row["source"].endswith("appointment/new")


def test_former_director_is_not_the_current_one(changed: Change) -> None:
    ended = '; gov:endLatest "2016-12-31"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert one(ask(changed(DIRECTOR % ended), "CQ64"))["status"] == "not stated"


def test_parts_that_do_not_add_up(changed: Change) -> None:
    engine = changed(
        """DELETE { GRAPH ?g { ?part gov:value ?value } } INSERT { GRAPH ?g { ?part gov:value 14 } }
           WHERE { GRAPH ?g { ?part gov:verbatim "中级15人" ; gov:value ?value } }"""
    )
    assert {(row["sum"], row["adds_up"]) for row in ask(engine, "CQ70")} == {("36", "false")}


def test_inexact_part_leaves_the_sum_open(changed: Change) -> None:
    engine = changed(
        """DELETE { GRAPH ?g { ?part gov:precision gov:exact } }
           INSERT { GRAPH ?g { ?part gov:precision gov:atLeastApprox } }
           WHERE { GRAPH ?g { ?part gov:verbatim "中级15人" ; gov:precision gov:exact } }"""
    )
    answer = ask(engine, "CQ70")
    assert {row["status"] for row in answer} == {"not stated"}
    assert not any("adds_up" in row for row in answer)


def test_withdrawn_rule_is_not_violated(changed: Change) -> None:
    engine = changed("DELETE WHERE { GRAPH ?g { id:post-rule\\/pr-1 ?p ?o } }")
    assert one(ask(engine, "CQ15"))["violated"] == "no"
    assert {row["count"] for row in ask(engine, "CQ19")} == {"2"}
    assert one(ask(engine, "CQ09")) == {"status": "not stated"}


def test_unconditional_appointment_applies_to_every_director(changed: Change) -> None:
    engine = changed("DELETE WHERE { GRAPH ?g { id:post-rule\\/pr-2 gov:condition ?condition } }")
    assert {row["applies"] for row in ask(engine, "CQ13")} == {"true"}


def test_function_moves_to_another_body(changed: Change) -> None:
    engine = changed(
        """DELETE { GRAPH ?g { id:body-slot\\/mb-jwh gov:function ?function } }
           INSERT { GRAPH ?g { id:body-slot\\/mb-dw gov:function ?function } }
           WHERE { GRAPH ?g { id:body-slot\\/mb-jwh gov:function ?function } }"""
    )
    assert one(ask(engine, "CQ05"))["body_zh"] == "社区党委"


def test_unsaid_staff_quota_is_not_a_no(changed: Change) -> None:
    engine = changed("DELETE WHERE { GRAPH ?g { ?body gov:addsStaffQuota ?adds } }")
    assert one(ask(engine, "CQ63"))["adds_staff_quota"] == "not stated"
