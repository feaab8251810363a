"""Every fact of the seed inventory is in the graph built from data/xiyuan."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

HERE = Path(__file__).parent
FACTS = HERE.parents[2] / "shared" / "seed" / "facts" / "facts.csv"
pytestmark = pytest.mark.skipif(not FACTS.is_file(), reason="needs ../shared/seed")

ID = "https://w3id.org/govgraph/id/"
PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "gov": "https://w3id.org/govgraph/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
Row = dict[str, str]
Term = NamedNode | Literal
Match = Callable[[str, Term], bool]


def iri(name: str) -> NamedNode:
    """The IRI of a prefixed name."""
    prefix, local = name.split(":", 1)
    return NamedNode(PREFIXES[prefix] + local)


def camel(code: str) -> str:
    """The camelCase spelling of a seed code such as purchase_of_service."""
    return re.sub(r"[_-](\w)", lambda match: match[1].upper(), code)


# --- how a seed value compares with a term of the graph ---


def text(language: str | None = None) -> Match:
    """The very words, in the given language (any language when None)."""

    def match(value: str, term: Term) -> bool:
        return (
            isinstance(term, Literal)
            and term.value == value
            and (language is None or term.language == language)
        )

    return match


zh, en, plain = text("zh"), text("en"), text()


def number(value: str, term: Term) -> bool:
    """The same number, whatever its spelling."""
    return isinstance(term, Literal) and Decimal(term.value) == Decimal(value)


def slug(value: str, term: Term) -> bool:
    """A code of the seed written out as an English label."""
    return (
        isinstance(term, Literal)
        and term.language == "en"
        and re.sub(r"\W+", "_", term.value.lower()).strip("_")
        == re.sub(r"\W+", "_", value.lower()).strip("_")
    )


def word(value: str, term: Term) -> bool:
    """A code that stays a literal, in camelCase."""
    return isinstance(term, Literal) and term.value == camel(value)


def renamed(**names: str) -> Match:
    """A code that stays a literal, in camelCase or under another name."""
    return lambda value, term: word(names.get(value, value), term)


def code(**renamed: str) -> Match:
    """A code that became a term of the ontology, in camelCase or renamed."""

    def match(value: str, term: Term) -> bool:
        return term == iri("gov:" + renamed.get(value, camel(value)))

    return match


def key(kind: str) -> Match:
    """The IRI of an entity of one kind."""
    return lambda value, term: term == NamedNode(f"{ID}{kind}/{value}")


ANY_KINDS = {
    r"pl-": "place",
    r"org-": "organization",
    r"og-": "organization-group",
    r"prj-": "project",
    r"gm-": "model",
    r"mb0?-": "body-slot",
    r"po-": "post-slot",
    r"ss-": "staffing-standard",
    r"aw-\d": "award",
    r"": "concept",
}


def any_key(value: str, term: Term) -> bool:
    """The IRI of an entity whose kind the seed's id prefix tells."""
    kind = next(kind for prefix, kind in ANY_KINDS.items() if re.match(prefix, value))
    return term == NamedNode(f"{ID}{kind}/{value}")


# --- where each seed column lives: table -> IRI type, attribute -> path and comparison ---
# A path is one or two properties; "^" walks the first one backwards.

LABELS: dict[str, tuple[str, Match]] = {
    "label_zh": ("skos:prefLabel", zh),
    "label_en": ("skos:prefLabel", en),
}
NOTE: dict[str, tuple[str, Match]] = {"note": ("skos:note", plain)}
IN_MODEL: dict[str, tuple[str, Match]] = {"model_id": ("gov:ofModel", key("model"))}

WHERE: dict[str, tuple[str, dict[str, tuple[str, Match]]]] = {
    "places": (
        "place",
        {
            **LABELS,
            "type": ("rdf:type", code()),
            "parent_id": ("gov:parentPlace", key("place")),
        },
    ),
    "organizations": (
        "organization",
        {
            **LABELS,
            **NOTE,
            # the only body of that class is a Party working committee, a narrower class
            "org_type": ("rdf:type", code(PartyBody="PartyWorkingCommittee")),
            "place_id": ("gov:place", key("place")),
            "part_of_id": ("org:subOrganizationOf", key("organization")),
            "founded": ("gov:founded", plain),
        },
    ),
    "organization_groups": (
        "organization-group",
        {
            **LABELS,
            "count_lower": ("gov:countLower", number),
            "count_upper": ("gov:countUpper", number),
            "exact": ("gov:countExact", plain),
            "parent_id": ("gov:groupOf", any_key),
        },
    ),
    "governance_models": (
        "model",
        {
            **LABELS,
            **NOTE,
            "status": ("gov:modelStatus", code()),
            "replaced_by": ("gov:replacedBy", key("model")),
        },
    ),
    "model_bodies": (
        "body-slot",
        {
            **IN_MODEL,
            "body_type_zh": ("skos:prefLabel", zh),
            "body_type_en": ("skos:prefLabel", en),
            "kind_zh": ("gov:bodyKind", zh),
            "position_zh": ("gov:position", zh),
            "function_zh": ("gov:duty", zh),
            "function_en": ("gov:duty", en),
            "function_code": ("gov:function", key("function")),
            "new_in_model": ("gov:newInModel", plain),
        },
    ),
    "functions": ("function", {**LABELS, "body_id": ("gov:performedBy", key("body-slot"))}),
    "posts": (
        "post-slot",
        {
            **LABELS,
            **IN_MODEL,
            "body_id": ("gov:inBodySlot", key("body-slot")),
            "multiplicity": ("gov:multiplicity", en),
        },
    ),
    "post_rules": (
        "post-rule",
        {
            **IN_MODEL,
            **NOTE,
            "rule_type": ("gov:ruleType", code(concurrent="concurrentPosts")),
            "target_post_id": ("gov:targetPost", key("post-slot")),
            "held_by_holder_of_post_id": ("gov:filledByHolderOf", key("post-slot")),
            "condition_zh": ("gov:conditionText", zh),
            "condition_en": ("gov:conditionText", en),
            "modality": (
                "gov:modality",
                code(**{"obligatory": "must", "obligatory if condition": "must"}),
            ),
            "formal": ("gov:formalText", plain),
        },
    ),
    "staffing_rules": (
        "staffing-rule",
        {
            **IN_MODEL,
            "formula": ("gov:formula", plain),
            "component": ("gov:component", plain),
            "component_label_zh": ("skos:prefLabel", zh),
            "component_label_en": ("skos:prefLabel", en),
            "min": ("gov:minCount", number),
            "max": ("gov:maxCount", number),
            "provider_id": ("gov:provider", any_key),
            "role_zh": ("gov:duty", zh),
        },
    ),
    "staffing_standards": (
        "staffing-standard",
        {
            **NOTE,
            "standard_zh": ("skos:prefLabel", zh),
            "standard_en": ("skos:prefLabel", en),
            "unit_zh": ("gov:unitLabel", zh),
            "unit_count": ("gov:unitCount", number),
            "min_per_unit": ("gov:minPerUnit", number),
            "qualification": ("gov:qualificationLabel", zh),
            "achieved": ("gov:achievement", en),
        },
    ),
    "concepts": (
        "concept",
        {**LABELS, "type": ("gov:kind", word), "belongs_to": ("gov:belongsTo", any_key)},
    ),
    "observations": (
        "observation",
        {
            "subject_id": ("gov:about", any_key),
            "measure": ("gov:measure", key("measure")),
            "measure_zh": ("skos:prefLabel", zh),
            "value": ("gov:value", number),
            "lower": ("gov:lower", number),
            "upper": ("gov:upper", number),
            "precision": ("gov:precision", code()),
            "unit": ("gov:unit", plain),
            "as_of": ("gov:asOf", plain),
            "verbatim": ("gov:verbatim", plain),
        },
    ),
    "computed": (
        "computation",
        {
            "subject_id": ("gov:about", any_key),
            "measure": ("skos:prefLabel", slug),
            "computation": ("gov:formula", plain),
            "value": ("gov:value", number),
            "unit": ("gov:unit", plain),
        },
    ),
    "projects": (
        "project",
        {
            **LABELS,
            **NOTE,
            "service_type_zh": ("gov:serviceType", zh),
            "target_group_zh": ("^gov:targetOf skos:prefLabel", zh),
            "target_group_en": ("^gov:targetOf skos:prefLabel", en),
        },
    ),
    "project_roles": (
        "project-role",
        {
            "project_scope": ("gov:scope", plain),
            "actor_type_zh": ("gov:actorLabel", zh),
            "actor_type_en": ("gov:actorLabel", en),
            "actor_ref": ("gov:actor", any_key),
            "role_zh": ("skos:prefLabel", zh),
            "role_en": ("skos:prefLabel", en),
        },
    ),
    "events": (
        "event",
        {
            **LABELS,
            "event_type": ("gov:eventType", code(award="awarding", achievement="achieving")),
            "date": ("gov:date", plain),
            "date_precision": ("gov:datePrecision", word),
            "actor_id": ("gov:actor", any_key),
            "object_id": ("gov:object", any_key),
            "superlative": ("gov:superlative", zh),
        },
    ),
    "awards": (
        "award",
        {
            **LABELS,
            "level": ("gov:level", code(national="nationalLevel", province="provincialLevel")),
            "year": ("gov:year", plain),
            "recipients_total": ("gov:recipientsTotal", number),
        },
    ),
    "funding_flows": (
        "flow",
        {
            **NOTE,
            "funder_id": ("gov:funder", key("organization")),
            "recipient_id": ("gov:recipient", key("organization")),
            "purpose_zh": ("gov:purpose", zh),
            "purpose_en": ("gov:purpose", en),
            "instrument": ("gov:instrument", code()),
            "amount": ("gov:amount", number),
            "currency": ("gov:currency", plain),
            "fiscal_year": ("gov:fiscalYear", plain),
            "amount_kind": ("gov:precision", code()),
            "part_of": ("gov:partOfFlow", key("flow")),
            "excludes_zh": ("gov:excludes", zh),
        },
    ),
    "relations": (
        "relation",
        {
            **NOTE,
            "subject_id": ("gov:subject", any_key),
            "predicate": ("gov:predicateName", renamed(founded="founderOf")),
            "object_id": ("gov:object", any_key),
        },
    ),
    "media_roles": (
        "media-role",
        {
            "media_id": ("gov:medium", key("organization")),
            "role": ("gov:mediaRole", word),
            "actor_zh": ("gov:actorLabel", zh),
            "actor_en": ("gov:actorLabel", en),
        },
    ),
}


# --- reading ---


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def facts() -> dict[str, Row]:
    return {row["fact_id"]: row for row in read(FACTS)}


@cache
def reworded() -> dict[str, str]:
    return {row["fact_id"]: row["reason"] for row in read(HERE / "reworded.csv")}


def entity(fact: Row) -> NamedNode:
    return NamedNode(f"{ID}{WHERE[fact['table']][0]}/{fact['row_id']}")


def values(store: Store, subject: NamedNode, path: str) -> Iterator[Term]:
    """The terms at the end of a property path, over the union of all named graphs."""
    first, _, rest = path.partition(" ")
    found: list[object]
    if first.startswith("^"):
        backwards = store.quads_for_pattern(None, iri(first[1:]), subject, None)
        found = [quad.subject for quad in backwards]
    else:
        forwards = store.quads_for_pattern(subject, iri(first), None, None)
        found = [quad.object for quad in forwards]
    for term in found:
        if rest and isinstance(term, NamedNode):
            yield from values(store, term, rest)
        elif not rest and isinstance(term, NamedNode | Literal):
            yield term


def verbatim(store: Store, fact: Row) -> bool:
    """Whether the fact's own value stands where its column belongs."""
    path, match = WHERE[fact["table"]][1][fact["attribute"]]
    return any(match(fact["value"], term) for term in values(store, entity(fact), path))


def said_otherwise(store: Store, fact: Row) -> bool:
    """Whether a value in the fact's language stands there instead."""
    path, match = WHERE[fact["table"]][1][fact["attribute"]]
    language = {zh: "zh", en: "en"}.get(match)
    return any(
        isinstance(term, Literal) and (language is None or term.language == language)
        for term in values(store, entity(fact), path)
    )


def evidence_missing(store: Store, fact: Row) -> list[str]:
    """The fact's manner of assertion and sentences that its entity does not carry."""
    asserted = set(values(store, entity(fact), "gov:assertion"))
    derived = set(values(store, entity(fact), "prov:wasDerivedFrom"))
    wanted = [f"{ID}sentence/xiyuan-{s}" for s in fact["source_sentence_ids"].split("|")]
    missing = [sentence for sentence in wanted if NamedNode(sentence) not in derived]
    if iri("gov:" + fact["assertion_kind"]) not in asserted:
        missing.append(fact["assertion_kind"])
    return missing


def name(fact: Row) -> str:
    return " ".join(fact[column] for column in ("fact_id", "table", "row_id", "attribute"))


# --- the tests ---


def test_every_column_of_the_inventory_has_a_place() -> None:
    seen = {(fact["table"], fact["attribute"]) for fact in facts().values()}
    known = {(table, column) for table, (_, columns) in WHERE.items() for column in columns}
    assert seen == known


@pytest.mark.parametrize("table", WHERE)
def test_facts(xiyuan_graph: Store, table: str) -> None:
    mine = [fact for fact in facts().values() if fact["table"] == table]
    kept = [fact for fact in mine if fact["fact_id"] not in reworded()]
    said = [fact for fact in mine if fact["fact_id"] in reworded()]
    print(f"{table}: {len(kept)} verbatim, {len(said)} reworded")
    assert mine
    assert [name(fact) for fact in kept if not verbatim(xiyuan_graph, fact)] == []
    assert [name(fact) for fact in said if not said_otherwise(xiyuan_graph, fact)] == []


@pytest.mark.parametrize("table", WHERE)
def test_evidence(xiyuan_graph: Store, table: str) -> None:
    mine = [fact for fact in facts().values() if fact["table"] == table]
    missing = {name(fact): evidence_missing(xiyuan_graph, fact) for fact in mine}
    assert {fact: gaps for fact, gaps in missing.items() if gaps} == {}


def test_the_list_of_reworded_facts_can_only_shrink(xiyuan_graph: Store) -> None:
    assert set(reworded()) <= set(facts()), "a listed fact is not in the inventory"
    assert all(reworded().values()), "every entry gives its reason"
    again = [name(facts()[f]) for f in reworded() if verbatim(xiyuan_graph, facts()[f])]
    assert again == [], "these facts are verbatim again: take them off the list"


def test_the_inventory_is_whole(xiyuan_graph: Store) -> None:
    kept = sum(verbatim(xiyuan_graph, fact) for fact in facts().values())
    print(f"{len(facts())} facts: {kept} verbatim, {len(reworded())} reworded")
    assert (len(facts()), kept + len(reworded())) == (1003, 1003)
