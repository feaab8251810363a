"""The page on inference speaks of every rule of OWL 2 RL, and what it leaves out is not needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from govgraph.lookup.facts import FAMILIES, OWL_RL
from govgraph.vocabulary import OWL

ROOT = Path(__file__).resolve().parents[2]
#: Table of the recommendation -> its rules.
RULES = {
    4: "eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3",
    5: "prp-ap prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2 prp-eqp1"
    " prp-eqp2 prp-pdw prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2",
    6: "cls-thing cls-nothing1 cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf cls-hv1"
    " cls-hv2 cls-maxc1 cls-maxc2 cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo",
    7: "cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc",
    8: "dt-type1 dt-type2 dt-eq dt-diff dt-not-type",
    9: "scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1"
    " scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni",
}  # fmt: skip
#: What the rules that are not needed would be called for by.
NOT_NEEDED = (
    "sameAs", "InverseFunctionalProperty", "hasKey", "intersectionOf", "oneOf", "someValuesFrom",
    "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality",
)  # fmt: skip


def stated() -> list[tuple[list[str], str, str]]:
    """The rows of the page's table."""
    page = (ROOT / "docs" / "inference.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z0-9, -]+) \| (used|left out) \| (.+) \|$", page, re.MULTILINE)
    return [(names.split(", "), used, why) for names, used, why in rows]


def test_every_rule_is_on_the_page_once() -> None:
    names = [name for row, _, _ in stated() for name in row]
    assert sorted(names) == sorted(" ".join(RULES.values()).split())


def test_used_rules_name_a_family_or_an_axiom() -> None:
    used = {name for row, verdict, _ in stated() if verdict == "used" for name in row}
    assert {name.rstrip("12") for name in used} >= {name.rstrip("12") for name in OWL_RL.values()}
    families = {word for _, _, why in stated() for word in re.findall(r"Family (\w+)", why)}
    assert families == set(FAMILIES)


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_what_is_not_needed_is_not_called_for(name: str) -> None:
    for module in (ROOT / "ontology").glob("*.ttl"):
        terms = {
            term
            for quad in parse(path=module, format=RdfFormat.TURTLE)
            for term in (quad.predicate, quad.object)
        }
        assert all(getattr(term, "value", "") != OWL + name for term in terms), module.name
