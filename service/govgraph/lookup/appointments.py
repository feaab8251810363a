"""Who held which post: a person's roles and a post's holders."""

from __future__ import annotations

from typing import Any

from govgraph.engine.base import Row
from govgraph.governance.time import Asked, echo
from govgraph.lookup.entities import Context, dated, flag, local, text

_APPOINTMENTS = """
SELECT DISTINCT ?appointment ?person ?post ?body ?place ?slot ?start ?end ?acting ?exOfficio ?concurrent ?selection
WHERE {
  ?appointment a gov:Appointment ; org:member ?person ; gov:onPost ?post .
  OPTIONAL { ?post org:postIn ?body OPTIONAL { ?body gov:place ?place } }
  OPTIONAL { ?post gov:fillsPostSlot ?slot }
  OPTIONAL { ?appointment gov:start ?start } OPTIONAL { ?appointment gov:end ?end }
  OPTIONAL { ?appointment gov:acting ?acting } OPTIONAL { ?appointment gov:exOfficio ?exOfficio }
  OPTIONAL { ?appointment gov:heldConcurrently ?concurrent } OPTIONAL { ?appointment gov:selection ?selection }
  %s
} ORDER BY ?start ?appointment"""
_OF_PERSON = _APPOINTMENTS % ""
_OF_BODY = _APPOINTMENTS % "?post org:postIn ?body"
_PERSON = """SELECT ?person ?party ?qualification WHERE {
  OPTIONAL { ?person gov:partyMember ?party } OPTIONAL { ?person gov:qualification ?qualification } }"""


def roles(context: Context, key: str, asked: Asked | None) -> dict[str, Any]:
    """The posts that a person holds or held. GovgraphError(not-found)."""
    person = context.require("person", key)
    items, left_out = dated(
        [_item(row) for row in context.select(_OF_PERSON, person=person)], asked
    )
    facts = context.select(_PERSON, person=person)[0]
    about = {
        "evidence_of": person,
        "person_iri": person,
        "party_member": flag(facts, "party"),
        "qualification": local(facts, "qualification"),
    }
    shown = {"roles": context.finish(items), "left_out": left_out}
    return context.finish([about])[0] | echo(asked) | shown


def holders(context: Context, key: str, asked: Asked | None) -> dict[str, Any]:
    """Who holds or held a post. GovgraphError(not-found)."""
    post = context.require("post", key)
    items, left_out = dated([_item(row) for row in context.select(_OF_PERSON, post=post)], asked)
    about = context.finish([{"evidence_of": post, "post_iri": post}])[0]
    return about | echo(asked) | {"holders": context.finish(items), "left_out": left_out}


def of_body(context: Context, body: str, asked: Asked | None) -> tuple[list[dict[str, Any]], int]:
    """Appointments to the posts of a body, with how many did not hold at the date."""
    items, left_out = dated([_item(row) for row in context.select(_OF_BODY, body=body)], asked)
    return context.finish(items), left_out


def _item(row: Row) -> dict[str, Any]:
    return {
        "appointment_iri": row["appointment"].value,
        "evidence_of": row["appointment"].value,
        "person_iri": row["person"].value,
        "post_iri": row["post"].value,
        "organization_iri": text(row, "body"),
        "place_iri": text(row, "place"),
        "slot_iri": text(row, "slot"),
        "start": text(row, "start"),
        "end": text(row, "end"),
        "acting": flag(row, "acting"),
        "ex_officio": flag(row, "exOfficio"),
        "concurrent": flag(row, "concurrent"),
        "selection": local(row, "selection"),
    }
