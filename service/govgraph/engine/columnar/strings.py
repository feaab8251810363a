"""Built-in functions on strings (§17.4.3).

An argument of the wrong kind has NULL facets, so its result is NULL, an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.computed import (
    Computed,
    error,
    in_language_of,
    integer,
    string,
    truth,
)
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.patterns import matches_empty, pattern, replacement
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import quoted

Function = Callable[..., Value]
#: Letters whose other case is more than one letter, or depends on the next one.
_SPECIAL_UPPER = "[ßŉǰΐΰևẖ-ẚẞἀ-ῼﬀ-ﬗ]"
_SPECIAL_LOWER = "[İΣ]"


def text(v: Value) -> str:
    """The lexical form of a string argument, NULL for anything else."""
    return v.lex if not v.tags & ~t.TEXT else v.when(t.TEXT, v.lex)


def simple(v: Value) -> str:
    """The lexical form of a simple literal argument."""
    return v.lex if v.tags == t.STRING else v.when(t.STRING, v.lex)


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
    if matches_empty(regex):
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


def _digest(function: str) -> Function:
    def digest(scope: Scope, v: Value) -> Value:
        scope.context.columns.know_hashes()
        return string(scope, f"{function}({simple(v)})")

    return digest


def _of_texts(function: Function, count: int) -> Function:
    """An error outright where one of the first `count` arguments is never a string: some functions
    of a constant NULL are more than DuckDB's optimizer can bind."""

    def checked(scope: Scope, *values: Value) -> Value:
        if all(v.tags & t.TEXT for v in values[:count]):
            return function(scope, *values)
        return error(scope)

    return checked


_STRINGS: Mapping[str, tuple[Function, int]] = {
    "LANGMATCHES": (_lang_matches, 2),
    "STRLEN": (_strlen, 1),
    "SUBSTR": (_substr, 1),
    "UCASE": (_cased("upper", _SPECIAL_UPPER), 1),
    "LCASE": (_cased("lower", _SPECIAL_LOWER), 1),
    "STRSTARTS": (_test("starts_with"), 2),
    "STRENDS": (_test("ends_with"), 2),
    "CONTAINS": (_test("contains"), 2),
    "STRBEFORE": (_around(before=True), 2),
    "STRAFTER": (_around(before=False), 2),
    "ENCODE_FOR_URI": (_encode_for_uri, 1),
    "CONCAT": (_concat, 0),
    "REGEX": (_regex, 1),
    "REPLACE": (_replace, 1),
    "MD5": (_hash("md5"), 1),
    "SHA1": (_hash("sha1"), 1),
    "SHA256": (_hash("sha256"), 1),
    "SHA384": (_digest("sha384"), 1),
    "SHA512": (_digest("sha512"), 1),
}
STRINGS: Mapping[str, Function] = {
    name: _of_texts(function, count) for name, (function, count) in _STRINGS.items()
}
