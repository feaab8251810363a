"""Where models were adopted and what flows of money are recorded there.

A nation has too many of both to read: the engine counts them, and the first of them are the proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.models import dimensions as known
from govgraph.governance.models.cells import PROVEN, Value, state_of
from govgraph.governance.models.model_facts import SHOWN, Fact, counted_flows, dates
from govgraph.governance.models.nodes import Node, Words, labels, listed, nodes
from govgraph.governance.models.rows import FLOWS
from govgraph.vocabulary import GOV, PROLOGUE

_HOW = """FILTER(ISIRI(?fact)) OPTIONAL { ?fact gov:assertion ?said }
  BIND(COALESCE(?said, gov:stated) AS ?how)"""
_ADOPTED = f"?fact gov:adoptedModel ?model . {_HOW}"
_FLOWING = f"""?adoption gov:adoptedModel ?model ; gov:adopter ?place . ?end gov:place ?place .
  {{ ?fact gov:funder ?end }} UNION {{ ?fact gov:recipient ?end }} UNION {{ ?fact gov:forProject ?end }}
  ?fact a gov:FundingFlow . {_HOW}"""
_AMOUNTS = "OPTIONAL { ?fact gov:amount ?amount BIND(?fact AS ?told) }"
_COUNT = """SELECT ?model ?how (COUNT(DISTINCT ?fact) AS ?all) (COUNT(DISTINCT ?told) AS ?some) WHERE {
  %s } GROUP BY ?model ?how ORDER BY ?model ?how"""
_FIRST = """SELECT DISTINCT ?fact WHERE { VALUES ?model { %s } %s FILTER(?how = %s) }
ORDER BY ?fact LIMIT %d"""
_STATED = ("gov:adopter", "gov:start", "gov:end")


@dataclass(frozen=True)
class _Counted:
    """Facts of a model that are known in one way: how many, how many with an amount, the first."""

    model: str
    how: str
    number: int
    amounts: int
    first: tuple[str, ...]


def adoption_facts(engine: Engine, models: Iterable[str]) -> Iterator[Fact]:
    """The places that adopted a model with their dates as stated; many are counted, not listed."""
    for found in _counted(engine, models, _ADOPTED):
        words = _adopters(engine, found)
        value = Value(state_of(found.how), words, found.how, sources=found.first)
        yield found.model, known.PLACE_PERIOD, None, value


def flow_facts(engine: Engine, models: Iterable[str]) -> Iterator[Fact]:
    """How many flows are recorded where a model was adopted, at whatever time: practice, which
    says nothing of what the model foresees."""
    for found in _counted(engine, models, _FLOWING, _AMOUNTS):
        words = counted_flows(found.number, found.amounts)
        value = Value(state_of(found.how), words, found.how, sources=found.first)
        yield found.model, known.FUNDING, FLOWS, value


def _counted(
    engine: Engine, models: Iterable[str], pattern: str, amounts: str = ""
) -> Iterator[_Counted]:
    """The facts of some models, model by model."""
    wanted = set(models)
    for model, how, number, known_amounts in _counts(engine, f"{pattern} {amounts}"):
        if model in wanted:
            first = _first(engine, model, how, pattern)
            yield _Counted(model, how, number, known_amounts, first)


@kept
def _counts(engine: Engine, pattern: str) -> list[tuple[str, str, int, int]]:
    """Of all models: the model, how its facts are known, how many they are, and with amounts."""
    return [
        (
            row["model"].value,
            row["how"].value.removeprefix(GOV),
            int(row["all"].value),
            int(row["some"].value),
        )
        for row in engine.select(PROLOGUE + _COUNT % pattern)
        if "model" in row
    ]


@kept
def _first(engine: Engine, model: str, how: str, pattern: str) -> tuple[str, ...]:
    """The first facts of a model that are known in one way."""
    query = PROLOGUE + _FIRST % (listed([model]), pattern, f"gov:{how}", PROVEN)
    return tuple(row["fact"].value for row in engine.select(query))


def _adopters(engine: Engine, found: _Counted) -> Words:
    """The first adopters by name, then how many there are."""
    adoptions = _nodes(engine, found.first[:SHOWN])
    named = labels(engine, [place for node in adoptions for place in node.iris("gov:adopter")])
    shown = [
        (named[place], dates(node.one("gov:start"), node.one("gov:end")))
        for node in adoptions
        for place in node.iris("gov:adopter")
    ]
    zh, en = (
        joint.join(f"{text}{span}" for text, span in texts)
        for joint, texts in (
            ("、", [(words.zh, span) for words, span in shown]),
            (", ", [(words.en, span) for words, span in shown]),
        )
    )
    if (more := found.number - SHOWN) > 0:
        zh, en = f"{zh}等{found.number}地", f"{en} and {more} more places"
    return Words(f"采用：{zh}", f"adopted by {en}")


def _nodes(engine: Engine, iris: Sequence[str]) -> list[Node]:
    return list(nodes(engine, f"VALUES ?s {{ {listed(iris)} }}", _STATED).values())
