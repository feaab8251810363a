"""Built-in functions (§17.4): name -> (scope, arguments) -> value; here those on terms.

An argument of the wrong kind has NULL facets, so its result is NULL, an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.arithmetic import ROUNDING
from govgraph.engine.columnar.compare import same_term
from govgraph.engine.columnar.computed import Computed, Known, string, truth
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.fresh import FRESH
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.stored import Stored
from govgraph.engine.columnar.strings import STRINGS, simple
from govgraph.engine.columnar.terms import XSD, quoted
from govgraph.engine.columnar.times import CALENDAR

Function = Callable[..., Value]
_ABSOLUTE = "^[A-Za-z][A-Za-z0-9+.-]*:"
_NOT_IN_IRI = '[\\x00-\\x20<>"{}|\\\\^`]'


def _str(scope: Scope, v: Value) -> Value:
    if v.tags == t.STRING:
        return v
    if v.tags & t.DOUBLE and not isinstance(v, Stored | Known):
        raise NotCompiled("lexical form of a computed double")
    made = string(scope, v.when(t.ALL & ~t.BLANK, v.lex) if v.tags & t.BLANK else v.lex)
    made.nullable = v.nullable or bool(v.tags & t.BLANK)
    made.rank = v.rank
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


FUNCTIONS: Mapping[str, Function] = {
    "STR": _str,
    "LANG": _lang,
    "DATATYPE": _datatype,
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
    **STRINGS,
    **CALENDAR,
    **ROUNDING,
    **FRESH,
}
