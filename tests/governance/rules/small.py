"""A place with one model, to which a test adds rules, posts and appointments in a few words."""

from __future__ import annotations

from datetime import date

from tests.governance.engines import on_oxigraph
from tests.governance.worlds import PROLOGUE

from govgraph.engine.base import Engine
from govgraph.governance.rules.findings import check
from govgraph_loaders import edtf

HOME = "http://x.example/"
MODEL = """
:here gov:parentPlace :district .
:a a gov:PostSlot ; gov:ofModel :m ; gov:inBodySlot :x ; skos:prefLabel "站长"@zh , "head"@en .
:b a gov:PostSlot ; gov:ofModel :m ; gov:inBodySlot :y ; skos:prefLabel "主任"@zh , "director"@en .
:x a gov:BodySlot ; gov:ofModel :m . :y a gov:BodySlot ; gov:ofModel :m .
"""
Run = tuple[str, date | None, date | None]


def engine(*statements: str) -> Engine:
    return on_oxigraph(PROLOGUE + MODEL + "\n".join(statements))


def dated(node: str, start: str | None = None, end: str | None = None) -> str:
    """A node with dates as the loader writes them."""
    lines = []
    for name, text in (("start", start), ("end", end)):
        if text is None:
            continue
        lines.append(f'{node} gov:{name} "{text}" .')
        bounds = zip(("Earliest", "Latest"), edtf.bounds(text), strict=True)
        lines += [f'{node} gov:{name}{which} "{day}"^^xsd:date .' for which, day in bounds if day]
    return "\n".join(lines)


def adoption(place: str = "here", start: str | None = "2010-01-01", end: str | None = None) -> str:
    node = f":adoption-{place}"
    return f"{node} gov:adopter :{place} ; gov:adoptedModel :m .\n" + dated(node, start, end)


def rule(kind: str, modality: str = "must", **stated: str) -> str:
    lines = "".join(f" ; gov:{name} {value}" for name, value in stated.items())
    return f":rule gov:ofModel :m ; gov:ruleType gov:{kind} ; gov:modality gov:{modality}{lines} ."


def post(slot: str, place: str = "here") -> str:
    return (
        f":{place}-{slot} org:postIn :{place}-{slot}-body ; gov:fillsPostSlot :{slot} .\n"
        f":{place}-{slot}-body gov:place :{place} ."
    )


def held(
    name: str, person: str, slot: str, start: str | None = None, end: str | None = None
) -> str:
    """An appointment, with its post."""
    node = f":{name}"
    return f"{post(slot)}\n{node} gov:onPost :here-{slot} ; org:member :{person} .\n" + dated(
        node, start, end
    )


TOGETHER = rule("concurrentPosts", ifHolds=":a", thenHolds=":b")
#: The second post is held in two terms with a gap of 39 days.
GAP = (
    held("first", "an", "a", "2012-01-01"),
    held("second", "an", "b", "2011-01-01", "2020-03-31"),
    held("third", "an", "b", "2020-05-10", ".."),
)


def runs(graph: Engine) -> list[Run]:
    """Status, first and last day of all findings."""
    return check(graph).frame.select("status", "from", "to").sort("from", "status").rows()  # type: ignore[return-value]
