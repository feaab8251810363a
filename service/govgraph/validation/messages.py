"""The sentences of a finding, Chinese and English: the shape's own, or what the constraint says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from govgraph.engine.base import Term
from govgraph.validation import shapes as s
from govgraph.validation.findings import Finding
from govgraph.validation.paths import sparql

_CHINESE = re.compile("[\u4e00-\u9fff]")
_BLANK = re.compile(r"\{[?$](\w+)\}")
#: constraint -> (Chinese, English); {0} and {1} are its first fields
_DEFAULTS = {
    "Class": ("值须是 {0} 的实例", "A value is an instance of {0}"),
    "Datatype": ("值须是 {0} 类型的合式文字", "A value is a well-formed literal of {0}"),
    "NodeKind": ("值须是 {0}", "A value is of the kind {0}"),
    "MinExclusive": ("值须大于 {2}", "A value is more than {2}"),
    "MinInclusive": ("值不得小于 {2}", "A value is at least {2}"),
    "MaxExclusive": ("值须小于 {2}", "A value is less than {2}"),
    "MaxInclusive": ("值不得大于 {2}", "A value is at most {2}"),
    "MinLength": ("值至少 {2} 个字符", "A value has at least {2} characters"),
    "MaxLength": ("值至多 {2} 个字符", "A value has at most {2} characters"),
    "Pattern": ("值须符合 {0}", "A value matches {0}"),
    "LanguageIn": ("值的语言须在列表中", "The language of a value is in the list"),
    "In": ("值须在列表中", "A value is in the list"),
    "MinCount": ("至少 {1} 个值", "There are at least {1} values"),
    "MaxCount": ("至多 {1} 个值", "There are at most {1} values"),
    "UniqueLang": ("每种语言至多一个值", "There is at most one value per language"),
    "HasValue": ("须有值 {0}", "There is the value {0}"),
    "Equals": ("值须与 {1} 的值相同", "The values are those of {1}"),
    "Disjoint": ("值不得与 {1} 的值相同", "No value is one of {1}"),
    "LessThan": ("值须小于 {1} 的值", "A value is less than those of {1}"),
    "LessThanOrEquals": ("值不得大于 {1} 的值", "A value is not more than those of {1}"),
    "Closed": ("不得有其他属性", "There are no other properties"),
    "Node": ("值须符合所指的形状", "A value conforms to the shape"),
    "Not": ("值不得符合所指的形状", "A value does not conform to the shape"),
    "And": ("值须符合全部形状", "A value conforms to all shapes"),
    "Or": ("值须符合至少一个形状", "A value conforms to one of the shapes at least"),
    "Xone": ("值须恰好符合一个形状", "A value conforms to exactly one of the shapes"),
    "QualifiedMinCount": (
        "至少 {1} 个值符合所指的形状",
        "At least {1} values conform to the shape",
    ),
    "QualifiedMaxCount": (
        "至多 {1} 个值符合所指的形状",
        "At most {1} values conform to the shape",
    ),
}
_SPARQL = ("不满足 SPARQL 约束", "The SPARQL constraint is not satisfied")


def messages(finding: Finding) -> dict[str, str]:
    """Language ("zh", "en" …) to text. A message without a language tag is told by its script."""
    stated = getattr(finding.constraint, "messages", ()) or finding.shape.messages
    found: dict[str, str] = {}
    if bound := finding.row.get("message"):
        stated = (bound,)
    for message in stated:
        text = _filled(message.value, finding)
        language = getattr(message, "language", None) or _script(text)
        found.setdefault(language.partition("-")[0], text)
    return found or default(finding.constraint)


def default(constraint: s.Constraint) -> dict[str, str]:
    """What a constraint asks for, in both languages."""
    if isinstance(constraint, s.Sparql):
        return dict(zip(("zh", "en"), _SPARQL, strict=True))
    name = getattr(constraint, "name", type(constraint).__name__)
    fields = [getattr(constraint, field) for field in type(constraint).__slots__]
    return {
        language: text.format(*map(_text, fields), "", "")
        for language, text in zip(("zh", "en"), _DEFAULTS[name], strict=True)
    }


def _filled(text: str, finding: Finding) -> str:
    """A SPARQL constraint's template with what its query bound (§5.2.1)."""
    if not isinstance(finding.constraint, s.Sparql):
        return text
    words: Mapping[str, Term] = finding.row
    path = sparql(finding.path) if finding.path is not None else ""

    def word(match: re.Match[str]) -> str:
        if match[1] in ("PATH", "path") and match[1] not in words:
            return path
        term = words.get(match[1])
        return match[0] if term is None else term.value

    return _BLANK.sub(word, text)


def _script(text: str) -> str:
    return "zh" if _CHINESE.search(text) else "en"


def _text(value: object) -> str:
    return str(getattr(value, "value", value))
