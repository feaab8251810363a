"""A governance model: bodies, functions, posts, rules, staffing, adoptions, what is not stated."""

from __future__ import annotations

from typing import Any

from govgraph.engine.base import Row
from govgraph.governance.time import Asked, echo
from govgraph.lookup.entities import Context, dated, flag, local, text

_SELF = """SELECT ?model ?status ?start ?end ?replacedBy ?revisionOf WHERE {
  OPTIONAL { ?model gov:modelStatus ?status } OPTIONAL { ?model gov:start ?start } OPTIONAL { ?model gov:end ?end }
  OPTIONAL { ?model gov:replacedBy ?replacedBy } OPTIONAL { ?revisionOf gov:replacedBy ?model } }"""
_BODIES = """SELECT ?model ?slot ?kind ?isNew ?host ?quota ?position_zh ?position_en ?duty_zh ?duty_en
  (GROUP_CONCAT(DISTINCT STR(?function); separator=" ") AS ?functions) WHERE {
  ?slot a gov:BodySlot ; gov:ofModel ?model
  OPTIONAL { ?slot gov:bodyKind ?kind } OPTIONAL { ?slot gov:newInModel ?isNew }
  OPTIONAL { ?slot gov:hostedBy ?host } OPTIONAL { ?slot gov:addsStaffQuota ?quota }
  OPTIONAL { ?slot gov:position ?position_zh FILTER(LANG(?position_zh) = "zh") }
  OPTIONAL { ?slot gov:position ?position_en FILTER(LANG(?position_en) = "en") }
  OPTIONAL { ?slot gov:duty ?duty_zh FILTER(LANG(?duty_zh) = "zh") }
  OPTIONAL { ?slot gov:duty ?duty_en FILTER(LANG(?duty_en) = "en") }
  OPTIONAL { { ?slot gov:function ?function } UNION { ?function gov:performedBy ?slot } }
} GROUP BY ?model ?slot ?kind ?isNew ?host ?quota ?position_zh ?position_en ?duty_zh ?duty_en ORDER BY ?slot"""
_POSTS = """SELECT ?model ?slot ?body ?min ?max WHERE { ?slot a gov:PostSlot ; gov:ofModel ?model ; gov:inBodySlot ?body
  OPTIONAL { ?slot gov:minHolders ?min } OPTIONAL { ?slot gov:maxHolders ?max } } ORDER BY ?slot"""
_RULES = """SELECT ?model ?rule ?type ?if ?then ?modality ?condition ?condition_zh ?condition_en WHERE {
  ?rule a gov:PostRule ; gov:ofModel ?model ; gov:ruleType ?type ; gov:modality ?modality
  OPTIONAL { ?rule gov:ifHolds ?if } OPTIONAL { ?rule gov:thenHolds ?then } OPTIONAL { ?rule gov:condition ?condition }
  OPTIONAL { ?rule gov:conditionText ?condition_zh FILTER(LANG(?condition_zh) = "zh") }
  OPTIONAL { ?rule gov:conditionText ?condition_en FILTER(LANG(?condition_en) = "en") } } ORDER BY ?rule"""
_STAFFING = """SELECT ?model ?rule ?body ?formula ?component ?min ?max ?counts ?provider WHERE {
  ?rule a gov:StaffingRule ; gov:ofModel ?model
  OPTIONAL { ?rule gov:forBodySlot ?body } OPTIONAL { ?rule gov:formula ?formula }
  OPTIONAL { ?rule gov:component ?component } OPTIONAL { ?rule gov:minCount ?min } OPTIONAL { ?rule gov:maxCount ?max }
  OPTIONAL { ?rule gov:countsPostSlot ?counts } OPTIONAL { ?rule gov:provider ?provider } } ORDER BY ?rule"""
_ADOPTIONS = """SELECT ?model ?adoption ?place ?start ?end WHERE {
  ?adoption a gov:ModelAdoption ; gov:adoptedModel ?model ; gov:adopter ?place
  OPTIONAL { ?adoption gov:start ?start } OPTIONAL { ?adoption gov:end ?end } } ORDER BY ?place ?start"""
_GAPS = """SELECT DISTINCT ?model ?note ?missing ?note_zh ?note_en WHERE {
  ?note a gov:DataNote ; gov:missingProperty ?missing
  { ?note gov:about ?model } UNION { ?note gov:about/(gov:ofModel|gov:adoptedModel) ?model }
  OPTIONAL { ?note skos:note ?note_zh FILTER(LANG(?note_zh) = "zh") }
  OPTIONAL { ?note skos:note ?note_en FILTER(LANG(?note_en) = "en") } } ORDER BY ?note"""


def model(context: Context, key: str, asked: Asked | None) -> dict[str, Any]:
    """A model slot by slot, with its adoptions (at a date) and what its source leaves open.

    GovgraphError(not-found).
    """
    iri = context.require("model", key)
    adoptions, left_out = dated(
        [_adoption(row) for row in context.select(_ADOPTIONS, model=iri)], asked
    )
    return {
        **_about(context, iri),
        **echo(asked),
        "bodies": _bodies(context, iri),
        "posts": context.finish([_post(row) for row in context.select(_POSTS, model=iri)]),
        "rules": context.finish([_rule(row) for row in context.select(_RULES, model=iri)]),
        "staffing": context.finish(
            [_staffing(row) for row in context.select(_STAFFING, model=iri)]
        ),
        "adoptions": context.finish(adoptions),
        "left_out": left_out,
        "not_stated": context.finish(_gaps(context, iri)),
    }


def _about(context: Context, iri: str) -> dict[str, Any]:
    row = context.select(_SELF, model=iri)[0]
    about = {
        "evidence_of": iri,
        "model_iri": iri,
        "status": local(row, "status"),
        "start": text(row, "start"),
        "end": text(row, "end"),
        "replaced_by_iri": text(row, "replacedBy"),
        "revision_of_iri": text(row, "revisionOf"),
    }
    return context.finish([about])[0]


def _bodies(context: Context, iri: str) -> list[dict[str, Any]]:
    rows = context.select(_BODIES, model=iri)
    functions = {row["slot"].value: (text(row, "functions") or "").split() for row in rows}
    labels = context.labels(f for found in functions.values() for f in found)
    bodies = context.finish([_body(row) for row in rows])
    for body in bodies:
        names = functions[body["body_slot"]["iri"]]
        body["functions"] = [context.reference(name, labels) for name in sorted(names)]
    return bodies


def _body(row: Row) -> dict[str, Any]:
    return {
        "body_slot_iri": row["slot"].value,
        "evidence_of": row["slot"].value,
        "kind": text(row, "kind"),
        "new_in_model": flag(row, "isNew"),
        "hosted_by_iri": text(row, "host"),
        "adds_staff_quota": flag(row, "quota"),
        "position": _both(row, "position"),
        "duty": _both(row, "duty"),
    }


def _post(row: Row) -> dict[str, Any]:
    return {
        "post_slot_iri": row["slot"].value,
        "evidence_of": row["slot"].value,
        "body_slot_iri": text(row, "body"),
        "min_holders": _number(row, "min"),
        "max_holders": _number(row, "max"),
    }


def _rule(row: Row) -> dict[str, Any]:
    return {
        "rule_iri": row["rule"].value,
        "evidence_of": row["rule"].value,
        "rule_type": local(row, "type"),
        "if_holds_iri": text(row, "if"),
        "then_holds_iri": text(row, "then"),
        "modality": local(row, "modality"),
        "condition": local(row, "condition"),
        "condition_text": _both(row, "condition"),
    }


def _staffing(row: Row) -> dict[str, Any]:
    return {
        "rule_iri": row["rule"].value,
        "evidence_of": row["rule"].value,
        "body_slot_iri": text(row, "body"),
        "formula": text(row, "formula"),
        "component": text(row, "component"),
        "min": _number(row, "min"),
        "max": _number(row, "max"),
        "counts_iri": text(row, "counts"),
        "provider_iri": text(row, "provider"),
    }


def _adoption(row: Row) -> dict[str, Any]:
    return {
        "adoption_iri": row["adoption"].value,
        "evidence_of": row["adoption"].value,
        "place_iri": row["place"].value,
        "start": text(row, "start"),
        "end": text(row, "end"),
    }


def _gaps(context: Context, iri: str) -> list[dict[str, Any]]:
    found = {
        row["note"].value: {
            "evidence_of": row["note"].value,
            "missing": text(row, "missing"),
            "reason": _both(row, "note"),
        }
        for row in context.select(_GAPS, model=iri)
    }
    return list(found.values())


def _both(row: Row, name: str) -> dict[str, str]:
    return {lang: value for lang in ("zh", "en") if (value := text(row, f"{name}_{lang}"))}


def _number(row: Row, name: str) -> int | None:
    value = text(row, name)
    return None if value is None else int(value)
