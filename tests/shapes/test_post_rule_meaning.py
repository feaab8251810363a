"""The generic post-rule shape means what a day-by-day count says, on both SPARQL engines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rdflib import SH, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

GOV = Namespace("https://w3id.org/govgraph/ontology#")
ORG = Namespace("http://www.w3.org/ns/org#")
ID = Namespace("https://w3id.org/govgraph/id/")
SHAPE = URIRef("https://w3id.org/govgraph/shapes#PostRuleBreachShape")
HERE, THERE = ID["place/here"], ID["place/there"]
PREFIXES = f"PREFIX gov: <{GOV}> PREFIX org: <{ORG}>\n"
DAYS = range(1, 14)  # one more than the last day that data may name

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
    """Start and end of a term of some days, exact, uncertain or not dated."""
    first = draw(st.integers(1, 6))
    last = first + draw(st.integers(0, 5))
    middle = (first + last) // 2
    start = draw(st.sampled_from([(first, first)] * 3 + [(first, middle), (None, None)]))
    end = draw(st.sampled_from([(last, last)] * 3 + [(middle, last), (None, None)]))
    return start, end


def holding(
    people: list[str], slots: list[str], places: list[URIRef]
) -> st.SearchStrategy[Holding]:
    choices = (st.sampled_from(options) for options in (people, slots, places))
    return st.builds(lambda term, *rest: Holding(*term, *rest), bounds(), *choices)


# Most adoptions are long, so that the holdings decide.
adoptions = st.one_of(
    st.just(Term((1, 1), (None, None))), st.builds(lambda term: Term(*term), bounds())
)
# One person holds a and, as a rule, b; others come in between.
held_together = st.tuples(
    holding(["an"], ["a"], [HERE]),
    holding(["an"], ["b"], [HERE]),
    st.lists(
        holding(["an", "an", "bo"], ["a", "b", "b", "b"], [HERE, HERE, HERE, THERE]), max_size=3
    ),
).map(lambda parts: [*parts[:2], *parts[2]])


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


@pytest.fixture(scope="session")
def constraints(shapes) -> list[tuple[bool, str, Query]]:
    """Per SPARQL constraint: whether its gaps begin after the day, its text, and the text parsed."""
    return [
        (str(node).endswith("-afterEnd"), text, prepareQuery(text))
        for node in shapes.objects(SHAPE, SH.sparql)
        for text in [PREFIXES + str(shapes.value(node, SH.select))]
    ]


def breaches(after: bool, rows: Iterable[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Appointment, rule and first day of the gap; a gap begins on the day found or after it."""
    return {
        (appointment, rule, str(dt.date.fromisoformat(day) + dt.timedelta(days=after)))
        for appointment, rule, day in rows
    }


def by_oxigraph(graph: Graph, constraints) -> set:
    store = pyoxigraph.Store()
    store.load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return {
        breach
        for after, text, _ in constraints
        for breach in breaches(
            after, ([row[v].value for v in ("value", "rule", "day")] for row in store.query(text))
        )
    }


def by_rdflib(graph: Graph, constraints) -> set:
    """As pySHACL does: each focus node is bound to $this beforehand."""
    return {
        breach
        for after, _, query in constraints
        for breach in breaches(
            after,
            (
                [str(row[v]) for v in ("value", "rule", "day")]
                for row in graph.query(query, initBindings={"this": HERE})
            ),
        )
    }


@pytest.mark.parametrize("condition", [None, "isPartyMember", "isNotPartyMember"])
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(  # the required post was given up before the model was adopted
    adoption=Term((6, 6), (None, None)),
    held=[
        Holding((2, 2), (None, None), "an", "a", HERE),
        Holding((1, 1), (3, 3), "an", "b", HERE),
    ],
)
@example(  # two terms back to back, then none
    adoption=Term((1, 1), (None, None)),
    held=[
        Holding((2, 2), (None, None), "an", "a", HERE),
        Holding((1, 1), (3, 3), "an", "b", HERE),
        Holding((4, 4), (6, 6), "an", "b", HERE),
    ],
)
@given(adoption=adoptions, held=held_together)
def test_queries_and_count_agree(constraints, condition, adoption, held):
    graph = world(adoption, held, condition)
    expected = counted(adoption, held, condition)
    assert by_oxigraph(graph, constraints) == expected
    assert by_rdflib(graph, constraints) == expected
