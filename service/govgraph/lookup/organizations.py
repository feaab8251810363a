"""An organization with its links: part-of, posts, holders, projects, flows, relations."""

from __future__ import annotations

from typing import Any

from govgraph.governance.time import Asked, Span, echo
from govgraph.lookup.appointments import of_body
from govgraph.lookup.entities import Context, dated, local, text
from govgraph.vocabulary import GOV

_SELF = """SELECT ?org ?place ?parent ?founded ?dissolved ?uscc WHERE {
  OPTIONAL { ?org gov:place ?place } OPTIONAL { ?org org:subOrganizationOf ?parent } OPTIONAL { ?org gov:uscc ?uscc }
  OPTIONAL { ?org gov:founded ?founded } OPTIONAL { ?org gov:dissolved ?dissolved }
} ORDER BY ?place ?parent LIMIT 1"""
_TYPES = f"""SELECT ?org ?type WHERE {{ ?org a ?type FILTER(STRSTARTS(STR(?type), "{GOV}")) }} ORDER BY ?type"""
_SLOTS = "SELECT ?org ?slot WHERE { ?org gov:fillsSlot ?slot } ORDER BY ?slot"
_PARTS = """SELECT DISTINCT ?org ?part ?start ?end WHERE {
  { ?part org:subOrganizationOf ?org } UNION { ?part gov:groupOf ?org }
  OPTIONAL { ?part gov:founded ?start } OPTIONAL { ?part gov:dissolved ?end } } ORDER BY ?part"""
_POSTS = """SELECT DISTINCT ?org ?post ?slot ?start ?end WHERE { ?post org:postIn ?org
  OPTIONAL { ?post gov:fillsPostSlot ?slot }
  OPTIONAL { ?post gov:created ?start } OPTIONAL { ?post gov:abolished ?end } } ORDER BY ?post"""
_PROJECTS = """SELECT DISTINCT ?org ?project ?role ?start ?end WHERE {
  { ?project gov:sponsor ?org BIND("sponsor" AS ?role) }
  UNION { ?project gov:carriedBy ?org BIND("carriedBy" AS ?role) }
  OPTIONAL { ?project gov:start ?start } OPTIONAL { ?project gov:end ?end } } ORDER BY ?project ?role"""
_FLOWS = """SELECT DISTINCT ?org ?flow ?side ?funder ?recipient ?amount ?currency ?precision ?year
  ?purpose_zh ?purpose_en ?whole ?instrument WHERE {
  { ?flow gov:funder ?org BIND("funder" AS ?side) } UNION { ?flow gov:recipient ?org BIND("recipient" AS ?side) }
  OPTIONAL { ?flow gov:funder ?funder } OPTIONAL { ?flow gov:recipient ?recipient }
  OPTIONAL { ?flow gov:amount ?amount } OPTIONAL { ?flow gov:currency ?currency }
  OPTIONAL { ?flow gov:precision ?precision } OPTIONAL { ?flow gov:fiscalYear ?year }
  OPTIONAL { ?flow gov:partOfFlow ?whole } OPTIONAL { ?flow gov:instrument ?instrument }
  OPTIONAL { ?flow gov:purpose ?purpose_zh FILTER(LANG(?purpose_zh) = "zh") }
  OPTIONAL { ?flow gov:purpose ?purpose_en FILTER(LANG(?purpose_en) = "en") }
} ORDER BY ?flow"""
_RELATIONS = """SELECT DISTINCT ?org ?relation ?predicate ?subject ?object WHERE {
  ?relation a gov:Relation ; gov:subject ?subject ; gov:predicateName ?predicate ; gov:object ?object
  FILTER(?subject = ?org || ?object = ?org) } ORDER BY ?relation"""


def organization(context: Context, key: str, asked: Asked | None) -> dict[str, Any]:
    """An organization and what it is linked to, at a date if one is given.

    GovgraphError(not-found). `left_out` counts the links that did not hold at the date.
    """
    iri = context.require("organization", key)
    found, gone = of_body(context, iri, asked)
    parts, no_parts = dated(_parts(context, iri), asked)
    posts, no_posts = dated(_posts(context, iri), asked)
    projects, no_projects = dated(_projects(context, iri), asked)
    flows, no_flows = _at_year(_flows(context, iri), asked)
    return {
        **_about(context, iri, asked),
        **echo(asked),
        "parts": context.finish(parts),
        "posts": context.finish(posts),
        "holders": found,
        "projects": context.finish(projects),
        "flows": context.finish(flows),
        "relations": context.finish(_relations(context, iri)),
        "left_out": gone + no_parts + no_posts + no_projects + no_flows,
    }


def _about(context: Context, iri: str, asked: Asked | None) -> dict[str, Any]:
    row = context.select(_SELF, org=iri)[0]
    founded, dissolved = text(row, "founded"), text(row, "dissolved")
    about = {
        "evidence_of": iri,
        "organization_iri": iri,
        "place_iri": text(row, "place"),
        "part_of_iri": text(row, "parent"),
        "types": [local(found, "type") for found in context.select(_TYPES, org=iri)],
        "uscc": text(row, "uscc"),
        "founded": founded,
        "dissolved": dissolved,
    }
    if asked is not None:
        about["exists"] = asked.verdict(Span(founded, dissolved))
    slots = [row["slot"].value for row in context.select(_SLOTS, org=iri)]
    labels = context.labels(slots)
    return context.finish([about])[0] | {"slots": [context.reference(s, labels) for s in slots]}


def _parts(context: Context, iri: str) -> list[dict[str, Any]]:
    return [
        {"organization_iri": row["part"].value, "evidence_of": row["part"].value}
        | {"start": text(row, "start"), "end": text(row, "end")}
        for row in context.select(_PARTS, org=iri)
    ]


def _posts(context: Context, iri: str) -> list[dict[str, Any]]:
    return [
        {"post_iri": row["post"].value, "evidence_of": row["post"].value}
        | {"slot_iri": text(row, "slot"), "start": text(row, "start"), "end": text(row, "end")}
        for row in context.select(_POSTS, org=iri)
    ]


def _projects(context: Context, iri: str) -> list[dict[str, Any]]:
    return [
        {"project_iri": row["project"].value, "evidence_of": row["project"].value}
        | {"role": text(row, "role"), "start": text(row, "start"), "end": text(row, "end")}
        for row in context.select(_PROJECTS, org=iri)
    ]


def _flows(context: Context, iri: str) -> list[dict[str, Any]]:
    """Money in and out; an amount that is not known is null and its precision says so."""
    return [
        {
            "flow_iri": row["flow"].value,
            "evidence_of": row["flow"].value,
            "side": text(row, "side"),
            "funder_iri": text(row, "funder"),
            "recipient_iri": text(row, "recipient"),
            "part_of_iri": text(row, "whole"),
            "purpose": {k: v for k in ("zh", "en") if (v := text(row, f"purpose_{k}"))},
            "instrument": local(row, "instrument"),
            "amount": text(row, "amount"),
            "currency": text(row, "currency"),
            "precision": local(row, "precision"),
            "fiscal_year": text(row, "year"),
        }
        for row in context.select(_FLOWS, org=iri)
    ]


def _relations(context: Context, iri: str) -> list[dict[str, Any]]:
    return [
        {"relation_iri": row["relation"].value, "evidence_of": row["relation"].value}
        | {"predicate": text(row, "predicate")}
        | {"subject_iri": row["subject"].value, "object_iri": row["object"].value}
        for row in context.select(_RELATIONS, org=iri)
    ]


def _at_year(flows: list[dict[str, Any]], asked: Asked | None) -> tuple[list[dict[str, Any]], int]:
    """A flow belongs to its fiscal year; one without a year may belong to any."""
    if asked is None:
        return flows, 0
    judged = [
        flow | {"holds": asked.touches(Span(flow["fiscal_year"], flow["fiscal_year"]))}
        for flow in flows
    ]
    kept = [flow for flow in judged if flow["holds"] != "no"]
    return kept, len(judged) - len(kept)
