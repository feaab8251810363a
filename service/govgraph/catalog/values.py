"""What a caller gives for a parameter, as a value for a function and as terms for a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from govgraph.catalog.entry import Entry, Parameter
from govgraph.errors import GovgraphError
from govgraph.governance.time import moment
from govgraph.lookup.entities import Context
from govgraph.vocabulary import PREFIXES

Texts = Mapping[str, Sequence[str]]
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_EXISTS = "SELECT ?entity WHERE { ?entity ?p ?o } LIMIT 1"
_LONGEST = 1000


class Value(NamedTuple):
    """One value: what a function gets, and the terms that a query has for it, by variable."""

    plain: Any
    terms: Mapping[str, NamedNode | Literal]


class Given(NamedTuple):
    """The parameters of a run: `texts` as they were given or by default, `values` for each."""

    texts: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[Value]]

    def plain(self, entry: Entry) -> dict[str, Any]:
        """Arguments for a function: None for what is not given."""
        found: dict[str, Any] = {}
        for parameter in entry.parameters:
            values = [value.plain for value in self.values.get(parameter.name, ())]
            one = next(iter(values), None)
            found[parameter.name] = (values or None) if parameter.many else one
        return found

    def terms(self) -> dict[str, tuple[NamedNode | Literal, ...]]:
        """Terms for a query, by variable."""
        found: dict[str, tuple[NamedNode | Literal, ...]] = {}
        for values in self.values.values():
            for value in values:
                for name, term in value.terms.items():
                    found[name] = (*found.get(name, ()), term)
        return found


def given(context: Context, entry: Entry, texts: Texts) -> Given:
    """Read what a caller gives. GovgraphError(invalid-parameter, invalid-date, unknown-value)."""
    known = {parameter.name for parameter in entry.parameters}
    for name in texts:
        if name not in known:
            listed = ", ".join(sorted(known))
            why = f"there is no such parameter; there are: {listed}" if known else "there are none"
            why_zh = f"没有这个参数；可用的有：{listed}" if known else "此查询没有参数"
            raise _invalid(name, why, why_zh)
    found = {p.name: _texts(p, texts.get(p.name, ())) for p in entry.parameters}
    kept = {name: texts for name, texts in found.items() if texts}
    values = {
        name: [_value(context, entry, name, text) for text in texts] for name, texts in kept.items()
    }
    return Given(kept, values)


def _texts(parameter: Parameter, texts: Sequence[str]) -> list[str]:
    """The texts for a parameter; an empty one is as good as none."""
    found = [text.strip() for text in texts if text.strip()]
    if len(found) > 1 and not parameter.many:
        raise _invalid(parameter.name, "it may be given only once", "只能出现一次")
    if any(len(text) > _LONGEST for text in found):
        raise _invalid(parameter.name, "it is too long", "太长")
    if not found and parameter.required:
        raise _invalid(parameter.name, "it is missing", "缺少该参数")
    return found or as_texts(parameter.default)


def as_texts(value: Any) -> list[str]:
    """A default or example of a header as texts: none, one or several."""
    several: Iterable[Any] = value if isinstance(value, list) else () if value is None else (value,)
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in several]


def _value(context: Context, entry: Entry, name: str, text: str) -> Value:
    parameter = entry.parameter(name)
    assert parameter is not None
    return _READERS[parameter.type](context, parameter, text)


def _entity(context: Context, parameter: Parameter, text: str) -> Value:
    node = _node(context, parameter, text)
    if not context.select(_EXISTS, entity=node.value):
        kind = parameter.kind or "entity"
        raise GovgraphError("unknown-value", name=parameter.name, kind=kind, id=text)
    return Value(node.value, {parameter.name: node})


def _node(context: Context, parameter: Parameter, text: str) -> NamedNode:
    prefix, colon, local = text.partition(":")
    if colon and not local.startswith("//") and prefix in PREFIXES:
        text = PREFIXES[prefix] + local
    elif "://" not in text:
        kind, slash, key = text.partition("/")
        if parameter.kind and not (slash and kind == parameter.kind):
            kind, key = parameter.kind, text
        text = f"{context.base}{kind}/{quote(key, safe='')}"
    try:
        return NamedNode(text)
    except ValueError:
        raise _invalid(parameter.name, "it is no identifier", "不是标识符") from None


def _date(_: Context, parameter: Parameter, text: str) -> Value:
    name, read = parameter.name, moment(text, parameter.name)
    days = {"earliest": read.first, "latest": read.last}
    terms = {f"{name}_{end}": _literal(day.isoformat(), "date") for end, day in days.items()}
    return Value(read, terms | {name: Literal(text)})


def _string(_: Context, parameter: Parameter, text: str) -> Value:
    return Value(text, {parameter.name: Literal(text)})


def _choice(_: Context, parameter: Parameter, text: str) -> Value:
    if text not in parameter.values:
        listed = ", ".join(parameter.values)
        raise _invalid(parameter.name, f"choose one of {listed}", f"应为其一：{listed}")
    if parameter.prefix is None:
        return Value(text, {parameter.name: Literal(text)})
    return Value(text, {parameter.name: NamedNode(PREFIXES[parameter.prefix] + text)})


def _boolean(_: Context, parameter: Parameter, text: str) -> Value:
    if text.lower() not in _TRUTH:
        raise _invalid(parameter.name, "write true or false", "应为 true 或 false")
    truth = _TRUTH[text.lower()]
    return Value(truth, {parameter.name: _literal(str(truth).lower(), "boolean")})


def _integer(_: Context, parameter: Parameter, text: str) -> Value:
    try:
        number = int(text) if text.removeprefix("-").isascii() else None
    except ValueError:
        number = None
    if number is None or abs(number) >= 1 << 63:
        raise _invalid(parameter.name, "write a whole number", "应为整数")
    _within(parameter, number)
    return Value(number, {parameter.name: _literal(str(number), "integer")})


def _decimal(_: Context, parameter: Parameter, text: str) -> Value:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise _invalid(
            parameter.name, "write a number such as 1000 or 0.5", "应为数字，如 1000、0.5"
        )
    _within(parameter, number)
    return Value(number, {parameter.name: _literal(f"{number:f}", "decimal")})


_READERS: Mapping[str, Callable[[Context, Parameter, str], Value]] = {
    "entity": _entity, "date": _date, "string": _string, "choice": _choice,
    "boolean": _boolean, "integer": _integer, "decimal": _decimal,
}  # fmt: skip


def _within(parameter: Parameter, number: int | Decimal) -> None:
    if parameter.min is not None and number < parameter.min:
        raise _invalid(parameter.name, f"at least {parameter.min}", f"不小于 {parameter.min}")
    if parameter.max is not None and number > parameter.max:
        raise _invalid(parameter.name, f"at most {parameter.max}", f"不大于 {parameter.max}")


def _literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))


def _invalid(name: str, why: str, why_zh: str) -> GovgraphError:
    return GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
