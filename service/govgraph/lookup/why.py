"""Why a release holds a triple, as a document: facts, rules, axioms, cells and labels."""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple

from govgraph.errors import GovgraphError
from govgraph.inference.rule import terms
from govgraph.inference.why import why
from govgraph.lookup.entities import Context
from govgraph.lookup.facts import FactDocument, Json, rule_files
from govgraph.lookup.terms import plainest, read_term, short


def explain(context: Context, subject: str, predicate: str, object_: str) -> Json:
    """The document for a triple given by texts, see `terms.read_term`.

    `facts` begins with the triple; premises are named by their place in it. GovgraphError
    (invalid-parameter; not-in-release if the release does not hold the triple).
    """
    triple = _triple(context, subject, predicate, object_)
    same = Triple(triple.subject, triple.predicate, plainest(triple.object))  # type: ignore[arg-type]
    tried = (why(context.engine, each, rule_files(context.base)) for each in {triple: 0, same: 0})
    found = next((explained for explained in tried if explained), None)
    if found is None:
        shown = " ".join(short(term, context.base) for term in terms(triple))
        raise GovgraphError("not-in-release", triple=shown)
    document = FactDocument(context, list(found.facts.values())).as_dict()
    return {"asserted": document["facts"][0]["asserted"]} | document


def _triple(context: Context, subject: str, predicate: str, object_: str) -> Triple:
    s, p, o = (
        read_term(text, name, context.base)
        for text, name in ((subject, "s"), (predicate, "p"), (object_, "o"))
    )
    for name, term in (("s", s), ("p", p)):
        if not isinstance(term, NamedNode):
            why, why_zh = "a literal stands only at the end of a triple", "字面量只能作客体"
            raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return Triple(s, p, o)  # type: ignore[arg-type]
