"""The parser's cursor over the tokens, and the terms: variables, IRIs, literals."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import Var
from govgraph.engine.columnar.iri import resolve
from govgraph.engine.columnar.notcompiled import NotCompiled, SparqlSyntaxError
from govgraph.engine.columnar.tokens import split_name, tokenize, unquote

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NUMBERS = {kind: NamedNode(XSD + kind) for kind in ("integer", "decimal", "double")}
BOOLEAN = NamedNode(XSD + "boolean")
#: The deepest nesting of brackets, and the most operators and patterns that nest by association:
#: together they bound the height of the algebra, so that walking it cannot exhaust the stack.
DEEPEST, TALLEST = 50, 250


class Terms:
    """The lowest floor of the grammar. The floors above inherit, each in its own module."""

    def __init__(self, text: str, base: str | None, prefixes: Mapping[str, str]) -> None:
        self.tokens = tokenize(text)
        self.kinds, self.texts = self.tokens.kinds, self.tokens.texts
        self.at = 0
        self.kind = self.kinds[0]
        self.base = base
        self.prefixes = dict(prefixes)
        self.names: dict[str, NamedNode] = {}
        self.depth = self.height = self.made = 0

    # -- the cursor ------------------------------------------------------------------------------

    def take(self) -> str:
        """The current token's text; moves on."""
        text = self.texts[self.at]
        self.at += 1
        self.kind = self.kinds[self.at]
        return text

    def accept(self, kind: str) -> bool:
        """Whether the current token is of this kind; if so, moves on."""
        if self.kind != kind:
            return False
        self.at += 1
        self.kind = self.kinds[self.at]
        return True

    def expect(self, kind: str) -> str:
        """The text of the current token, which must be of this kind; moves on."""
        if self.kind != kind:
            raise self.error(f"expected {kind}")
        return self.take()

    def follows(self, kind: str) -> bool:
        """Whether the token after the current one is of this kind."""
        return self.kinds[self.at + 1] == kind

    def error(self, reason: str) -> SparqlSyntaxError:
        """The error to raise at the current token."""
        return self.tokens.error(self.at, f"{reason}, found {self.texts[self.at] or 'the end'}")

    def enter(self) -> None:
        """One bracket deeper; `leave` undoes it."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotCompiled(f"more than {DEEPEST} levels of nesting")

    def leave(self) -> None:
        self.depth -= 1

    def grow(self) -> None:
        """One more operator or pattern that makes the algebra higher."""
        self.height += 1
        if self.height > TALLEST:
            raise NotCompiled(f"more than {TALLEST} operators and patterns")

    # -- terms -----------------------------------------------------------------------------------

    def fresh(self) -> Var:
        """A hidden variable. No blank node label begins with a dot, so none is met twice."""
        self.made += 1
        return Var(f"_:.{self.made}")

    def variable(self) -> Var:
        return Var(self.expect("var"))

    def iri(self) -> NamedNode:
        """An IRI reference or a prefixed name."""
        if self.kind != "pname" and self.kind != "iri":
            raise self.error("expected an IRI")
        text = self.texts[self.at]
        node = self.names.get(text)
        if node is None:
            node = self.names[text] = self._named(text)
        self.take()
        return node

    def resolved(self, reference: str) -> str:
        """The IRI of a reference without its angle brackets."""
        iri = resolve(reference, self.base)
        if iri is None:
            raise self.error("a relative IRI without a base")
        return iri

    def _named(self, text: str) -> NamedNode:
        if text[0] == "<":
            iri = self.resolved(text[1:-1])
        else:
            prefix, local = split_name(text)
            if prefix not in self.prefixes:
                raise self.error(f"no prefix {prefix}:")
            iri = self.prefixes[prefix] + local
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise self.error(str(error)) from None

    def literal(self) -> Literal:
        """A string, number or boolean; numbers keep their lexical form, sign included."""
        kind = self.kind
        if kind == "string":
            return self._string()
        if kind in NUMBERS:
            return Literal(self.take(), datatype=NUMBERS[kind])
        if self.signed():
            sign, kind = self.take(), self.kind
            return Literal(sign + self.take(), datatype=NUMBERS[kind])
        if kind == "TRUE" or kind == "FALSE":
            return Literal(self.take().lower(), datatype=BOOLEAN)
        raise self.error("expected a term")

    def signed(self) -> bool:
        """Whether a sign and a number without space between them are next."""
        at = self.at
        return (
            (self.kind == "-" or self.kind == "+")
            and self.kinds[at + 1] in NUMBERS
            and self.tokens.ends[at + 1] == self.tokens.ends[at] + len(self.texts[at + 1])
        )

    def _string(self) -> Literal:
        value = unquote(self.take())
        if self.accept("^^"):
            return Literal(value, datatype=self.iri())
        if self.kind != "lang":
            return Literal(value)
        if "--" in self.texts[self.at]:
            raise NotCompiled("a base direction of SPARQL 1.2")
        try:
            return Literal(value, language=self.texts[self.at])
        except ValueError as error:
            raise self.error(str(error)) from None
        finally:
            self.take()
