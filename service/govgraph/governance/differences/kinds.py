"""The kinds of change that dates speak of: what is dated, by which property, in which words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`facts` is a SPARQL pattern that gives ?thing, and where there are such ?subject, ?object and
    ?place. `date` is the local name of the property that dates the change, `until` of the one that
    cannot come before it, `since` of the one that cannot come after it. The sentences name the
    columns of a change."""

    name: str
    facts: str
    date: str
    zh: str
    en: str
    since: str | None = None
    until: str | None = None


_ADOPTION = "?thing gov:adopter ?subject ; gov:adoptedModel ?object . BIND (?subject AS ?place)"
_BODY = "?thing a org:Organization . BIND (?thing AS ?subject) OPTIONAL { ?thing gov:place ?place }"
_POST = (
    "?thing a org:Post . BIND (?thing AS ?subject)"
    " OPTIONAL { ?thing org:postIn ?object OPTIONAL { ?object gov:place ?place } }"
)
_PROJECT = (
    "?thing a gov:Project . BIND (?thing AS ?subject)"
    " OPTIONAL { ?thing gov:sponsor ?object } OPTIONAL { ?thing gov:place ?place }"
)
_MODEL = "?thing a gov:GovernanceModel . BIND (?thing AS ?subject)"
_EVENT = (
    "?thing a gov:Event . BIND (?thing AS ?subject)"
    " OPTIONAL { ?thing gov:actor ?object OPTIONAL { ?object gov:place ?place } }"
)
_FLOW = (
    "?thing a gov:FundingFlow . OPTIONAL { ?thing gov:funder ?subject"
    " OPTIONAL { ?subject gov:place ?place } } OPTIONAL { ?thing gov:recipient ?object }"
)

#: The kinds of a person's holding of a post, which is read with all its terms.
TOOK = Kind(
    "took-post", "", "start",
    zh="{subject}任{object}，自{date}起", en="{subject} took the post {object}, from {date}",
)  # fmt: skip
LEFT = Kind(
    "left-post", "", "end",
    zh="{subject}任{object}，至{date}止", en="{subject} left the post {object}, last day {date}",
)  # fmt: skip
KINDS = (
    Kind(
        "model-adopted", _ADOPTION, "start", until="end",
        zh="{subject}采用{object}，自{date}起", en="{subject} adopted {object}, from {date}",
    ),
    Kind(
        "model-dropped", _ADOPTION, "end", since="start",
        zh="{subject}采用{object}，至{date}止", en="{subject} gave up {object}, last day {date}",
    ),
    Kind(
        "body-founded", _BODY, "founded", until="dissolved",
        zh="{subject}成立于{date}", en="{subject} was founded on {date}",
    ),
    Kind(
        "body-dissolved", _BODY, "dissolved", since="founded",
        zh="{subject}撤销于{date}", en="{subject} was dissolved on {date}",
    ),
    Kind(
        "post-created", _POST, "created", until="abolished",
        zh="{subject}设于{date}", en="{subject} was created on {date}",
    ),
    Kind(
        "post-abolished", _POST, "abolished", since="created",
        zh="{subject}撤于{date}", en="{subject} was abolished on {date}",
    ),
    Kind(
        "project-began", _PROJECT, "start", until="end",
        zh="{subject}开始于{date}", en="{subject} began on {date}",
    ),
    Kind(
        "project-ended", _PROJECT, "end", since="start",
        zh="{subject}结束于{date}", en="{subject} ended on {date}",
    ),
    Kind(
        "model-began", _MODEL, "start", until="end",
        zh="{subject}始于{date}", en="{subject} began on {date}",
    ),
    Kind(
        "model-ended", _MODEL, "end", since="start",
        zh="{subject}止于{date}", en="{subject} ended on {date}",
    ),
    Kind(
        "money", _FLOW, "date",
        zh="{thing}：{subject}付给{object}，{money}，{date}",
        en="{thing}: {subject} to {object}, {money}, {date}",
    ),
    Kind("event", _EVENT, "date", zh="{subject}，{date}", en="{subject}, {date}"),
)  # fmt: skip
