"""The shapes as a graph: well formed, bilingual, with examples, in step with tables and ontology."""

import json
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SH, Graph, Namespace, URIRef

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "shapes").glob("*.ttl"))
TABLES = sorted((ROOT / "loaders" / "tables").glob("*-metadata.json"))
SHACL_SHACL = ROOT.parent / "shared/conformance/suites/vocabularies/shacl-shacl.ttl"
GSH = "https://w3id.org/govgraph/shapes#"
GOV = Namespace("https://w3id.org/govgraph/ontology#")
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
# The class of a place or body comes with its type; reference concepts carry no kind.
NOT_REQUIRED_BY_SHAPE = {str(RDF.type), str(GOV.kind)}


def columns():
    """Every column of the standard tables, with its table."""
    for path in TABLES:
        table = json.loads(path.read_text(encoding="utf-8"))
        for column in table["tableSchema"]["columns"]:
            if "propertyUrl" in column:
                yield table["url"], column


def enumeration(column) -> frozenset[str]:
    """The values a column may take, as terms; empty where they are not listed."""
    datatype = column.get("datatype")
    words = datatype.get("format", "") if isinstance(datatype, dict) else ""
    if not re.fullmatch(r"\w+(\|\w+)+", words) or datatype["base"] != "string":
        return frozenset()
    template = column.get("valueUrl", "{" + column["name"] + "}")
    return frozenset(template.replace("{" + column["name"] + "}", w) for w in words.split("|"))


def targeted(shapes: Graph) -> set[URIRef]:
    return {shape for target in TARGETS for shape in shapes.subjects(target)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_file_parses_and_names_its_shapes(path):
    graph = Graph().parse(path)
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    shapes = {shape for kind in kinds for shape in graph.subjects(RDF.type, kind)}
    assert shapes
    assert all(str(shape).startswith(GSH) for shape in shapes)


def test_no_shape_is_said_twice():
    subjects = [
        subject
        for path in FILES
        for subject in set(Graph().parse(path).subjects())
        if isinstance(subject, URIRef)
    ]
    assert len(subjects) == len(set(subjects))


def test_prefixes_are_declared_once(shapes):
    assert list(shapes.subjects(SH.declare)) == [URIRef(GSH[:-1])] * 2
    assert (URIRef(GSH[:-1]), RDF.type, OWL.Ontology) in shapes


def test_shapes_keep_to_shacl(shapes, judge):
    if not SHACL_SHACL.exists():
        pytest.skip("the shapes of SHACL (../shared/conformance) are not here")
    assert judge(shapes, Graph().parse(SHACL_SHACL)) == []


def test_everything_that_can_fail_has_both_messages(shapes):
    constraints = set(shapes.objects(predicate=SH.sparql))
    carriers = set(shapes.subjects(RDF.type, SH.PropertyShape)) | constraints
    carriers |= {s for s in targeted(shapes) if set(shapes.predicates(s)) & {SH["or"], SH["not"]}}
    carriers -= set(shapes.subjects(SH.sparql))
    for carrier in carriers:
        languages = sorted(m.language for m in shapes.objects(carrier, SH.message))
        assert languages == ["en", "zh"], carrier


def test_every_targeted_shape_has_a_good_and_a_bad_example(shapes):
    names = {str(shape).removeprefix(GSH) for shape in targeted(shapes)}
    for kind in ("good", "bad"):
        examples = (ROOT / "shapes/examples").glob(f"*Shape.{kind}.ttl")
        assert {path.name.split(".")[0] for path in examples} == names


def test_every_property_shape_is_used(shapes):
    used = set(shapes.objects(predicate=SH.property))
    assert set(shapes.subjects(RDF.type, SH.PropertyShape)) <= used


def test_every_own_term_is_known_to_tables_and_ontology(shapes, ontology):
    terms = {str(t) for triple in shapes for t in triple if isinstance(t, URIRef)}
    for query in shapes.objects(predicate=SH.select):
        terms |= {str(GOV[word]) for word in re.findall(r"\bgov:(\w+)", query)}
    own = {term for term in terms if term.startswith(str(GOV))}
    assert own <= {str(subject) for subject in ontology.subjects()}
    properties = {column["propertyUrl"] for _, column in columns()}
    values = {value for _, column in columns() for value in enumeration(column)}
    bounds = {bound for _, column in columns() for bound in column.get(str(GOV.bounds), ())}
    classes = {str(c) for c in ontology.subjects(RDF.type, OWL.Class)}
    assert own <= properties | values | bounds | classes


def test_lists_of_values_are_those_of_the_tables(shapes):
    listed: dict[str, set[frozenset[str]]] = {}
    for _, column in columns():
        listed.setdefault(column["propertyUrl"], set()).add(enumeration(column))
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        values = shapes.value(shape, SH["in"])
        if values is not None:
            path = str(shapes.value(shape, SH.path))
            assert frozenset(map(str, shapes.items(values))) in listed[path], shape


def test_required_columns_are_required_by_shapes(shapes):
    required = {
        (str(kind), str(shapes.value(part, SH.path)))
        for shape, kind in shapes.subject_objects(SH.targetClass)
        for part in shapes.objects(shape, SH.property)
        if shapes.value(part, SH.minCount) is not None
    }
    kinds = {
        table: column["valueUrl"]
        for table, column in columns()
        if column.get("virtual") and column["propertyUrl"] == str(RDF.type)
    }
    for table, column in columns():
        if column.get("required") and column["propertyUrl"] not in NOT_REQUIRED_BY_SHAPE:
            assert (kinds[table], column["propertyUrl"]) in required, (table, column["name"])


def test_the_ontology_alone_conforms(shapes, ontology, validate):
    assert validate(ontology, shapes) == []


def test_the_whole_example_conforms_to_all_shapes_together(shapes, validate):
    data = Graph().parse(ROOT / "shapes/examples/community.ttl")
    assert validate(data, shapes) == []
    kinds = set(data.objects(predicate=RDF.type))
    assert {kind for _, kind in shapes.subject_objects(SH.targetClass)} - kinds <= {
        URIRef(GOV.Place),  # every place has a kind of its own
    }
