"""Which rules of OWL 2 RL a release is closed under, for those who are to rely on it.

Not declared: an entailment regime as a whole. RDFS would have domains and ranges make types, which
would cover a missing type that the shapes are to report; docs/inference.md has the reasons for each
rule that is left out.
"""

from __future__ import annotations

_FEATURE = "https://w3id.org/govgraph/feature#owl-rl-"
#: rule -> what it adds, in Chinese and English
RULES: dict[str, tuple[str, str]] = {
    "prp-symp": ("对称属性的另一方向", "The other direction of a symmetric property"),
    "prp-trp": ("传递属性的闭包", "The closure of a transitive property"),
    "prp-spo1": ("上位属性", "The property above"),
    "prp-spo2": ("属性链所得的属性", "The property that a chain amounts to"),
    "prp-eqp1": ("等价属性", "The equivalent property"),
    "prp-eqp2": ("等价属性(反向)", "The equivalent property, the other way round"),
    "prp-inv1": ("逆属性；宾语为文字值时除外", "The inverse property, not of a literal"),
    "prp-inv2": ("逆属性(反向)；宾语为文字值时除外", "The inverse, the other way round, not of a literal"),
    "cax-sco": ("上位类；owl:Thing 除外", "The class above, but for owl:Thing"),
    "cax-eqc1": ("等价类", "The equivalent class"),
    "cax-eqc2": ("等价类(反向)", "The equivalent class, the other way round"),
}  # fmt: skip


def feature(rule: str) -> str:
    """The IRI by which the service description names a rule."""
    return _FEATURE + rule
