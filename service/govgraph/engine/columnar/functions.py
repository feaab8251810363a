"""Built-in functions on terms and strings (§17.4): name -> (scope, arguments) -> value.

An argument of the wrong kind has NULL facets, so its result is NULL, an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.arithmetic import rounded
from govgraph.engine.columnar.compare import same_term
from govgraph.engine.columnar.computed import (
    Computed,
    Known,
    error,
    in_language_of,
    integer,
    string,
    truth,
)
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.patterns import pattern, replacement
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import XSD, quoted
from govgraph.engine.columnar.times import now, part, seconds, timezone, tz

Function = Callable[..., Value]
#: Letters whose other case is more than one letter, or depends on the next one.
_SPECIAL_UPPER = "[ßŉǰΐΰևẖ-ẚẞἀ-ῼﬀ-ﬗ]"
_SPECIAL_LOWER = "[İΣ]"
_ABSOLUTE = "^[A-Za-z][A-Za-z0-9+.-]*:"
_NOT_IN_IRI = '[\\x00-\\x20<>"{}|\\\\^`]'


def text(v: Value) -> str:
    """The lexical form of a string argument, NULL for anything else."""
    return v.lex if not v.tags & ~t.TEXT else v.when(t.TEXT, v.lex)


def simple(v: Value) -> str:
    """The lexical form of a simple literal argument."""
    return v.lex if v.tags == t.STRING else v.when(t.STRING, v.lex)


# -- terms ---------------------------------------------------------------------------------------


def _str(scope: Scope, v: Value) -> Value:
    if v.tags == t.STRING:
        return v
    made = string(scope, v.when(t.ALL & ~t.BLANK, v.lex) if v.tags & t.BLANK else v.lex)
    made.nullable = v.nullable or bool(v.tags & t.BLANK)
    made.rank = v.rank
    if any(type(part).__name__ == "Computed" and part.tags & t.DOUBLE for part in (v,)):
        raise NotCompiled("lexical form of a computed double")
    return made


def _lang(scope: Scope, v: Value) -> Value:
    made = string(scope, v.when(t.LITERAL, v.lang))
    made.nullable = v.nullable or bool(v.tags & t.RESOURCE)
    return made


def _datatype(scope: Scope, v: Value) -> Value:
    return string(scope, v.when(t.LITERAL, v.dt), tag=2)


def _kind(mask: int) -> Function:
    def test(scope: Scope, v: Value) -> Value:
        hit = v.has(mask)
        known = f"CASE WHEN {v.tag} IS NOT NULL THEN {hit} END"
        return truth(scope, known if v.nullable else hit)

    return test


def _same_term(scope: Scope, a: Value, b: Value) -> Value:
    return truth(scope, same_term(a, b))


def _iri(scope: Scope, v: Value) -> Value:
    if v.tags == t.IRI:
        return v
    lex = v.when(t.IRI | t.STRING, v.lex)
    base = scope.context.base
    relative = refuse("relative IRI") if base is None else _relative(lex, base)
    illegal = f"regexp_matches({lex}, {quoted(_NOT_IN_IRI)})"
    absolute = f"regexp_matches({lex}, '{_ABSOLUTE}')"
    arms = [
        (illegal, refuse("character not in an IRI")),
        (absolute, lex),
        (f"{lex} IS NOT NULL", relative),
    ]
    return string(scope, case(arms), tag=2)


def _relative(lex: str, base: str) -> str:
    """Resolution of a plain relative path; other references end the run."""
    folder = base[: base.rindex("/") + 1] if base.count("/") > 2 else base + "/"
    plain = f"regexp_full_match({lex}, '[A-Za-z0-9_~-][A-Za-z0-9_~.-]*')"
    return case([(plain, f"{quoted(folder)} || {lex}")], refuse("relative IRI"))


def _strdt(scope: Scope, v: Value, datatype: Value) -> Value:
    if not isinstance(datatype, Known) or datatype.tags != t.IRI:
        raise NotCompiled("STRDT with a computed datatype")
    iri, lex = datatype.value.value, simple(v)
    if iri == XSD + "string":
        return string(scope, lex)
    if iri.startswith((XSD, "http://www.w3.org/1999/02/22-rdf-syntax-ns#")):
        return _strdt_known(scope, v, iri)
    tag = f"CASE WHEN {lex} IS NOT NULL THEN 15 END"
    return Computed(scope, t.OTHER, tag=tag, lex=lex, dt=quoted(iri))


def _strdt_known(scope: Scope, v: Value, iri: str) -> Value:
    if iri != XSD + "integer" or v.constant is not None:
        raise NotCompiled("STRDT with a datatype that has values")
    lex = simple(v)
    number = f"CASE WHEN regexp_full_match({lex}, '[+-]?[0-9]+') THEN {lex} END"
    number = scope.share(f"CAST({number} AS DECIMAL(38,0))")
    tag = f"CASE WHEN {number} IS NOT NULL THEN 7 WHEN {lex} IS NOT NULL THEN 15 END"
    return Computed(scope, t.INTEGER_TERM | t.OTHER, scale=0, tag=tag, num=number,
                    lex=lex, dt=quoted(iri))  # fmt: skip


def _strlang(scope: Scope, v: Value, language: Value) -> Value:
    tag_text = simple(language)
    valid = f"regexp_full_match({tag_text}, '[A-Za-z]{{1,8}}(-[A-Za-z0-9]{{1,8}})*')"
    lex = scope.share(f"CASE WHEN {valid} THEN {simple(v)} END")
    tag = f"CASE WHEN {lex} IS NOT NULL THEN 4 END"
    return Computed(scope, t.LANGUAGE, tag=tag, lex=lex, lang=f"lower({tag_text})")


# -- strings -------------------------------------------------------------------------------------


def _compatible(a: Value, b: Value, result: str) -> str:
    """§17.4.3.1.2: the second argument is simple, or in the language of the first."""
    if b.tags == t.STRING:
        return result
    same = f"{a.tag}=4 AND {b.tag}=4 AND {a.lang}={b.lang}"
    return case([(b.has(t.STRING), result), (same, result)])


def _test(function: str) -> Function:
    def test(scope: Scope, a: Value, b: Value) -> Value:
        return truth(scope, _compatible(a, b, f"{function}({text(a)}, {text(b)})"))

    return test


def _cased(function: str, special: str) -> Function:
    def change(scope: Scope, v: Value) -> Value:
        lex = text(v)
        hard = f"regexp_matches({lex}, '{special}')"
        changed = case([(hard, refuse("letter with a special case"))], f"{function}({lex})")
        return in_language_of(scope, v, changed)

    return change


def _strlen(scope: Scope, v: Value) -> Value:
    return integer(scope, f"length({text(v)})")


def _substr(scope: Scope, v: Value, start: Value, length: Value | None = None) -> Value:
    for number in (start, length):
        if number is not None and number.tags & t.NUMERIC & ~t.INTEGERS:
            raise NotCompiled("SUBSTR by a number that may be no integer")
    first = f"CAST({start.num} AS BIGINT)"
    begin = f"greatest({first}, 1)"
    if length is None:
        lex = f"CASE WHEN {first} IS NOT NULL THEN substring({text(v)}, {begin}) END"
    else:
        end = f"({first} + CAST({length.num} AS BIGINT))"
        count = f"greatest({end} - {begin}, 0)"
        lex = f"CASE WHEN {end} IS NOT NULL THEN substring({text(v)}, {begin}, {count}) END"
    return in_language_of(scope, v, lex)


def _around(before: bool) -> Function:
    def cut(scope: Scope, a: Value, b: Value) -> Value:
        place = scope.share(_compatible(a, b, f"strpos({text(a)}, {text(b)})"))
        found = (
            f"left({text(a)}, {place} - 1)"
            if before
            else f"substring({text(a)}, {place} + length({text(b)}))"
        )
        lex = scope.share(f"CASE WHEN {place} = 0 THEN '' WHEN {place} > 0 THEN {found} END")
        tag = f"CASE WHEN {place} = 0 THEN 3 WHEN {place} > 0 THEN {a.tag} END"
        lang = f"CASE WHEN {place} = 0 THEN '' ELSE {a.lang} END"
        tags = a.tags & t.TEXT | t.STRING
        return Computed(scope, tags, tag=tag, lex=lex, lang=lang if tags & t.LANGUAGE else "''")

    return cut


def _concat(scope: Scope, *values: Value) -> Value:
    if not values:
        return string(scope, "''")
    lex = scope.share("(" + " || ".join(text(v) for v in values) + ")")
    if not all(v.tags & t.LANGUAGE for v in values):
        return string(scope, lex)
    first = values[0]
    same = [v.has(t.LANGUAGE) for v in values] + [f"{v.lang}={first.lang}" for v in values[1:]]
    together = scope.share(" AND ".join(same))
    tag = f"CASE WHEN {lex} IS NULL THEN NULL WHEN {together} THEN 4 ELSE 3 END"
    lang = f"CASE WHEN {together} THEN {first.lang} ELSE '' END"
    return Computed(scope, t.TEXT, tag=tag, lex=lex, lang=lang)


def _regex(scope: Scope, v: Value, expression: Value, flags: Value | None = None) -> Value:
    return truth(scope, f"regexp_matches({text(v)}, {quoted(pattern(expression, flags))})")


def _replace(
    scope: Scope, v: Value, expression: Value, by: Value, flags: Value | None = None
) -> Value:
    regex = pattern(expression, flags)
    if re.search(regex.replace("(?-s)", ""), ""):
        raise NotCompiled("REPLACE of the empty string")
    lex = f"regexp_replace({text(v)}, {quoted(regex)}, {quoted(replacement(by, flags))}, 'g')"
    return in_language_of(scope, v, lex)


def _lang_matches(scope: Scope, v: Value, wanted: Value) -> Value:
    language, extent = f"lower({simple(v)})", f"lower({simple(wanted)})"
    if wanted.constant is not None and wanted.constant.value == "*":
        return truth(scope, f"{language} <> ''")
    narrower = f"starts_with({language}, {extent} || '-')"
    exact = f"{language} = {extent} OR {narrower}"
    return truth(scope, f"CASE WHEN {extent} = '*' THEN {language} <> '' ELSE {exact} END")


def _encode_for_uri(scope: Scope, v: Value) -> Value:
    return string(scope, f"url_encode({text(v)})")


def _hash(function: str) -> Function:
    return lambda scope, v: string(scope, f"{function}({simple(v)})")


def _number(name: str) -> Function:
    return lambda scope, v: rounded(scope, name, v)


def _uncompiled(name: str) -> Function:
    def refused(_scope: Scope, *_values: Value) -> Value:
        raise NotCompiled(f"function {name}")

    return refused


FUNCTIONS: dict[str, Function] = {
    "STR": _str,
    "LANG": _lang,
    "DATATYPE": _datatype,
    "LANGMATCHES": _lang_matches,
    "IRI": _iri,
    "URI": _iri,
    "STRDT": _strdt,
    "STRLANG": _strlang,
    "SAMETERM": _same_term,
    "ISIRI": _kind(t.IRI),
    "ISURI": _kind(t.IRI),
    "ISBLANK": _kind(t.BLANK),
    "ISLITERAL": _kind(t.LITERAL),
    "ISNUMERIC": _kind(t.NUMERIC),
    "STRLEN": _strlen,
    "SUBSTR": _substr,
    "UCASE": _cased("upper", _SPECIAL_UPPER),
    "LCASE": _cased("lower", _SPECIAL_LOWER),
    "STRSTARTS": _test("starts_with"),
    "STRENDS": _test("ends_with"),
    "CONTAINS": _test("contains"),
    "STRBEFORE": _around(before=True),
    "STRAFTER": _around(before=False),
    "ENCODE_FOR_URI": _encode_for_uri,
    "CONCAT": _concat,
    "REGEX": _regex,
    "REPLACE": _replace,
    "ABS": _number("ABS"),
    "CEIL": _number("CEIL"),
    "FLOOR": _number("FLOOR"),
    "ROUND": _number("ROUND"),
    "YEAR": part("year"),
    "MONTH": part("month"),
    "DAY": part("day"),
    "HOURS": part("hour"),
    "MINUTES": part("minute"),
    "SECONDS": seconds,
    "TIMEZONE": timezone,
    "TZ": tz,
    "NOW": now,
    "MD5": _hash("md5"),
    "SHA1": _hash("sha1"),
    "SHA256": _hash("sha256"),
}
__all__ = ["FUNCTIONS", "error"]
