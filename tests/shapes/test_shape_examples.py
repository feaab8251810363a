"""Every shape accepts its good example and finds exactly the planted faults in its bad one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, URIRef

EXAMPLES = Path(__file__).parents[2] / "shapes" / "examples"
BASE = "https://w3id.org/govgraph/id/"
GOOD = sorted(EXAMPLES.glob("*Shape.good.ttl"))
BAD = sorted(EXAMPLES.glob("*Shape.bad.ttl"))
# The parameters of SHACL that the shapes use, with their components.
PARAMETERS = (
    "class datatype nodeKind in hasValue minCount maxCount minInclusive minLength pattern "
    "uniqueLang equals lessThan lessThanOrEquals not or"
)
COMPONENTS = {
    SH[word]: SH[word[0].upper() + word[1:] + "ConstraintComponent"] for word in PARAMETERS.split()
} | {SH.sparql: SH.SPARQLConstraintComponent}
BREACH = re.compile(r"(From|After) (\S+) (\S+) breaks post rule (\S+): appointment")


def name(path: Path) -> str:
    return path.name.split(".")[0]


def notes(path: Path, keyword: str) -> set[tuple[str, ...]]:
    """The words of the comment lines `# keyword: …` of an example."""
    lines = re.findall(rf"^# {keyword}: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == len(set(lines)), "a fault is noted twice"
    return {tuple(line.split()) for line in lines}


@pytest.fixture(scope="session")
def found(validate, one_shape) -> Callable[[Path], list]:
    """The results of an example under its own shape, computed once."""
    cache: dict[Path, list] = {}

    def results(path: Path) -> list:
        if path not in cache:
            cache[path] = validate(Graph().parse(path), one_shape(name(path)))
        return cache[path]

    return results


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_good_example_gives_no_result(path, found):
    assert found(path) == []


@pytest.mark.parametrize("path", BAD, ids=name)
def test_bad_example_gives_exactly_the_planted_faults(path, found):
    actual = {
        (
            str(result.focus).removeprefix(BASE),
            result.path or "-",
            result.component.fragment.removesuffix("ConstraintComponent"),
            result.severity.fragment,
        )
        for result in found(path)
    }
    assert actual == notes(path, "expect")
    assert actual, "a bad example without a fault"


def test_every_result_speaks_both_languages(found):
    for path in BAD:
        for result in found(path):
            chinese = [m for m in result.messages if re.search("[\u4e00-\u9fff]", m)]
            assert len(chinese) == 1, (path.name, result)
            assert len(result.messages) == 2, (path.name, result)
            assert not any("{" in m for m in result.messages), (path.name, result)


def test_breach_names_appointment_rule_person_and_day(found):
    path = EXAMPLES / "PostRuleBreachShape.bad.ttl"
    actual = set()
    for result in found(path):
        when, day, person, rule = next(m.groups() for m in map(BREACH.match, result.messages) if m)
        breach = (result.value, rule, person, when, day)
        actual.add(tuple(str(word).removeprefix(BASE) for word in breach))
    assert actual == notes(path, "breach")


def test_every_constraint_is_broken_by_some_bad_example(shapes, found):
    """No constraint that an example cannot make fail: each (shape, component) is in a report."""
    stated = {
        (shape, COMPONENTS[predicate])
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if kind == SH.PropertyShape or targets(shapes, shape)
        for predicate in shapes.predicates(shape)
        if predicate in COMPONENTS
    }
    broken = {(r.shape, r.component) for path in BAD for r in found(path)}
    assert stated - broken == set()


def targets(shapes: Graph, shape: URIRef) -> list:
    return [
        target
        for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
        for target in shapes.objects(shape, predicate)
    ]
