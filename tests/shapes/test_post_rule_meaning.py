"""The generic post-rule shape means what a day-by-day count says, on both SPARQL engines."""

import datetime as dt
import re
from dataclasses import dataclass

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef

GOV = Namespace("https://w3id.org/govgraph/ontology#")
ORG = Namespace("http://www.w3.org/ns/org#")
ID = Namespace("https://w3id.org/govgraph/id/")
SHAPE = URIRef("https://w3id.org/govgraph/shapes#PostRuleBreachShape")
HERE, THERE = ID["place/here"], ID["place/there"]
PREFIXES = f"PREFIX gov: <{GOV}> PREFIX org: <{ORG}>\n"
BREACH = re.compile(r"(From|After) (\S+) \S+ breaks post rule (\S+): appointment")
DAYS = range(1, 12)  # one more than the last day that data may name

Bound = tuple[int | None, int | None]


@dataclass(frozen=True)
class Term:
    """A holding or an adoption; each end is (earliest, latest) day, (None, None) if not dated."""

    start: Bound
    end: Bound

    def sure(self, day: int) -> bool:
        _, begun = self.start
        ends, _ = self.end
        return begun is not None and begun <= day and (ends is None or day <= ends)

    def possible(self, day: int) -> bool:
        begins, _ = self.start
        _, ended = self.end
        return (begins is None or begins <= day) and (ended is None or day <= ended)

    def write(self, graph: Graph, node: URIRef) -> None:
        for name, bound in (("start", self.start), ("end", self.end)):
            for suffix, day in zip(("Earliest", "Latest"), bound, strict=True):
                if day is not None:
                    graph.add((node, GOV[name + suffix], date(day)))


@dataclass(frozen=True)
class Holding(Term):
    person: str
    slot: str
    place: URIRef


def date(day: int) -> Literal:
    return Literal(dt.date(2012, 2, 24) + dt.timedelta(days=day))


@st.composite
def bounds(draw) -> tuple[Bound, Bound]:
    a, b, c, d = sorted(draw(st.lists(st.integers(1, 9), min_size=4, max_size=4)))
    start = draw(st.sampled_from([(a, a), (a, b), (None, None)]))
    end = draw(st.sampled_from([(d, d), (c, d), (None, None)]))
    return start, end


holdings = st.builds(
    lambda se, person, slot, place: Holding(*se, person, slot, place),
    bounds(),
    st.sampled_from(["an", "bo"]),
    st.sampled_from(["a", "b", "b"]),
    st.sampled_from([HERE, HERE, HERE, THERE]),
)


def world(adoption: Term, held: list[Holding], condition: str | None) -> Graph:
    """A community with one model and two rules: a requires b, and a excludes b."""
    graph = Graph()
    graph.add((ID["adoption/ad"], GOV.adopter, HERE))
    graph.add((ID["adoption/ad"], GOV.adoptedModel, ID["model/m"]))
    adoption.write(graph, ID["adoption/ad"])
    for rule, kind, modality in (
        ("must", "conditionalAppointment" if condition else "concurrentPosts", "must"),
        ("mustNot", "incompatiblePosts", "mustNot"),
    ):
        node = ID["post-rule/" + rule]
        graph.add((node, GOV.ofModel, ID["model/m"]))
        graph.add((node, GOV.ruleType, GOV[kind]))
        graph.add((node, GOV.modality, GOV[modality]))
        graph.add((node, GOV.ifHolds, ID["post-slot/a"]))
        graph.add((node, GOV.thenHolds, ID["post-slot/b"]))
    if condition:
        graph.add((ID["post-rule/must"], GOV.condition, GOV[condition]))
    graph.add((ID["person/an"], GOV.partyMember, Literal(True)))
    for number, holding in enumerate(held):
        node, post = ID[f"appointment/{number}"], ID[f"post/{number}"]
        body = ID[f"organization/{number}"]
        graph.add((node, ORG.member, ID["person/" + holding.person]))
        graph.add((node, GOV.onPost, post))
        graph.add((post, GOV.fillsPostSlot, ID["post-slot/" + holding.slot]))
        graph.add((post, ORG.postIn, body))
        graph.add((body, GOV.place, holding.place))
        holding.write(graph, node)
    return graph


def counted(adoption: Term, held: list[Holding], condition: str | None) -> set:
    """The breaches, found by looking at each day: (appointment, rule, first day)."""
    here = [(number, h) for number, h in enumerate(held) if h.place == HERE]
    breaches = set()
    for number, a in here:
        if a.slot != "a":
            continue
        others = [h for _, h in here if h.person == a.person and h.slot == "b"]
        due = condition is None or (a.person == "an" and condition == "isPartyMember")
        lacking = {
            day
            for day in DAYS
            if due
            and adoption.sure(day)
            and a.sure(day)
            and not any(b.possible(day) for b in others)
        }
        breaches |= {(number, "must", day) for day in lacking if day - 1 not in lacking}
        for b in others:
            both = [d for d in DAYS if adoption.sure(d) and a.sure(d) and b.sure(d)]
            breaches |= {(number, "mustNot", day) for day in both[:1]}
    return {
        (str(ID[f"appointment/{number}"]), str(ID["post-rule/" + rule]), str(date(day)))
        for number, rule, day in breaches
    }


def first_day(day: str, after: bool) -> str:
    """The first day of a gap that begins from or after the day given."""
    return str(dt.date.fromisoformat(day) + dt.timedelta(days=after))


def by_oxigraph(graph: Graph, shapes: Graph) -> set:
    store = pyoxigraph.Store()
    store.load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return {
        (
            row["value"].value,
            row["rule"].value,
            first_day(row["day"].value, after=constraint.endswith("-afterEnd")),
        )
        for constraint in shapes.objects(SHAPE, SH.sparql)
        for row in store.query(PREFIXES + str(shapes.value(constraint, SH.select)))
    }


@pytest.mark.parametrize("condition", [None, "isPartyMember", "isNotPartyMember"])
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(adoption=st.builds(lambda se: Term(*se), bounds()), held=st.lists(holdings, max_size=5))
def test_shape_and_count_agree(shapes, one_shape, judge, condition, adoption, held):
    graph = world(adoption, held, condition)
    expected = counted(adoption, held, condition)
    assert by_oxigraph(graph, shapes) == expected
    results = judge(graph, one_shape("PostRuleBreachShape"))
    assert {r.focus for r in results} <= {HERE}
    assert {breach(r) for r in results} == expected
    assert len(results) == len(set(results))


def breach(result) -> tuple[str, str, str]:
    """Appointment, rule and first day of a result; rule and day stand in its message."""
    when, day, rule = next(m.groups() for m in map(BREACH.match, result.messages) if m)
    return str(result.value), rule, first_day(day, after=when == "After")
