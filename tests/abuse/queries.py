"""Queries that mean harm, by what comes of them."""

from __future__ import annotations

from tests.abuse.server import BROKEN

#: A query that is stopped says which limit it met, or is cut so that its client can tell.
STOPPED = {"query-timeout", "query-memory", "query-spill", "query-ended-worker", BROKEN}


def many(text: str, count: int, between: str = " ") -> str:
    """A text so many times, with its number for each #."""
    return between.join(text.replace("#", str(number)) for number in range(count))


def nested(before: str, count: int, inside: str, after: str) -> str:
    return before * count + inside + after * count


def where(pattern: str) -> str:
    return f"SELECT * WHERE {{ {pattern} }}"


def counted(pattern: str) -> str:
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"


def selected(expression: str) -> str:
    return f"SELECT ({expression} AS ?x) WHERE {{}}"


def chained(first: str, step: str, count: int) -> str:
    """The length of a value after so many steps, each on the one before: ?it."""
    steps = "".join(
        f" BIND ({step.replace('?it', f'?x{n}')} AS ?x{n + 1})" for n in range(count)
    )  # fmt: skip
    return f"SELECT (STRLEN(?x{count}) AS ?n) WHERE {{ BIND ({first} AS ?x0){steps} }}"


#: More than the guard lets through.
REFUSED = {
    "groups": f"SELECT * WHERE {nested('{', 5000, '', '}')}",
    "groups that stay open": "SELECT * WHERE " + "{" * 90_000,
    "parentheses": where(f"FILTER({nested('(', 8192, '1', ')')})"),
    "parentheses in what looks like IRIs": where("FILTER(1" + "<(((((1>1" * 2000 + ")"),
    "negations": where("FILTER(" + "!" * 50_000 + "true)"),
    "negations in a path": where("?a " + "!" * 5000 + "<x:p> ?b"),
    "minus signs": selected("- " * 5000 + "1"),
    "union": where(many("{ ?s <x:p#> ?o }", 3000, " UNION ")),
    "star": where(many("?s <x:p#> ?o#", 1000, " . ")),
    "star of semicolons": where("?s " + many("<x:p#> ?o#", 1000, " ; ")),
    "star of commas": where("?s <x:p> " + many("?o#", 3000, ", ")),
    "sequence path": where("?s " + many("<x:p#>", 3000, "/") + " ?o"),
    "alternative path": where("?s " + many("<x:p#>", 3000, "|") + " ?o"),
    "negated property set": where("?s !(" + many("<x:p#>", 3000, "|") + ") ?o"),
    "nested path": where("?s " + nested("(", 3000, "<x:p>", ")*") + " ?o"),
    "list": where("?s ?p (" + "1 " * 3000 + ")"),
    "list of lists": where("?s ?p " + nested("(", 3000, "", ")")),
    "blank nodes": where("?s ?p " + nested("[ ?p ", 3000, "1", " ]")),
    "triple terms": where("?s ?p " + nested("<<( ?s ?p ", 3000, "1", " )>>")),
    "conjunctions": where("FILTER(" + many("?a != #", 3000, " && ") + ")"),
    "sum": selected(many("#", 3000, " + ")),
    "nested conditions": selected(nested("IF(true, ", 3000, "1", ", 2)")),
    "nested functions": selected(nested("STR(", 3000, "1", ")")),
    "nested subqueries": "SELECT * WHERE " + nested("{ SELECT * WHERE ", 200, "{}", " }"),
    "nested OPTIONAL": "SELECT * WHERE " + nested("{ ?s ?p ?o OPTIONAL ", 200, "{}", " }"),
    "nested EXISTS": where(nested("FILTER EXISTS { ?s ?p ?o ", 200, "", "}")),
    "nested MINUS": where(nested("?s ?p ?o MINUS { ", 200, "", "}")),
    "nested GRAPH": where(nested("GRAPH ?g { ", 200, "", "}")),
    "many OPTIONAL": where(many("OPTIONAL { ?s <x:p#> ?o# }", 1000)),
    "many FILTER": where("FILTER(true) " * 5000),
    "many BIND": where(many("BIND(# AS ?v#)", 5000)),
    "many VALUES": where(many("VALUES ?v# { 1 }", 5000)),
    "wide VALUES": where("VALUES (" + many("?v#", 2000) + ") { (" + "UNDEF " * 2000 + ") }"),
    "many HAVING": "SELECT ?s WHERE { ?s ?p ?o } GROUP BY ?s HAVING " + "(COUNT(*) > 1) " * 5000,
    "a template of thousands": "CONSTRUCT { " + many("?s <x:p#> ?o .", 5000) + " } WHERE {}",
    "a VALUES of 100,000 rows": where("VALUES ?x { " + many("#", 100_000) + " }"),
    "a long text": "SELECT * WHERE {} # " + "x" * 500_000,
    "quotes": selected('"' * 150_000),
    "strings that stay open": selected("'a " * 60_000),
    "less-than signs": where("<" * 190_000),
    "dots": where("?s ?p " + "." * 190_000),
    "an IRI of steps upwards": where("<http://x/" + "../" * 60_000 + "> ?p ?o"),
}

#: As much as the guard lets through, and not more than an engine can plan or answer in time.
ALLOWED = {
    "a chain of patterns": where(many("?v# <x:p> ?w# . ?w# <x:p> ?v#", 39, " . ")),
    "a union": where(many("{ ?s <x:p#> ?o }", 79, " UNION ")),
    "an alternative path": where("?s " + many("<x:p#>", 290, "|") + " ?o"),
    "negations": where("?a ?b ?c FILTER(" + "!" * 290 + "(?a = 1))"),
    "nested conditions": selected(nested("IF(?x, ", 60, "1", ", 2)")),
    "a chain of BIND": where(
        "BIND(1 AS ?v0) " + " ".join(f"BIND(?v{n} + ?v{n} AS ?v{n + 1})" for n in range(60))
    ),
    "an IRI of 64 kB": where("<x:" + "a" * 65_536 + "> ?p ?o"),
    "a string of 190 kB": selected('"' + "a" * 190_000 + '"'),
    "backslashes": selected('"' + r"\\" * 90_000 + '"'),
    "an endless number": selected("1" * 190_000),
    "an endless exponent": selected("1" * 100_000 + "e" + "9" * 80_000),
    "an endless path from a constant": where("<x:1> <x:n>* ?y"),
    "a regular expression that backtracks": selected(f'REGEX("{"a" * 60_000}b", "^(a+)+$")'),
    "alternatives that backtrack": selected(f'REPLACE("{"a" * 60_000}", "(a|a)*?b", "x")'),
    "repeats of repeats": selected('REGEX("a", "(((((a{100}){100}){100}){100}){100})")'),
    "parentheses of a regular expression": selected(f'REGEX("a", "{nested("(", 20_000, "a", ")")}")'),
    "references back": selected(r'REGEX("aa", "(a)\\1")'),
    "a graph that is a file": "SELECT * FROM <file:///etc/passwd> WHERE { ?a ?b ?c }",
    "offsets beyond the end": where("?s ?p ?o") + " LIMIT 9223372036854775807 OFFSET 9223372036854775807",
    "a zero byte": selected('"a\\u0000b"'),
    "right to left": selected('"\u202e"'),
    "functions that nobody has": selected("<urn:govgraph:triple>(0)"),
    "a resource of marks": selected(r"""IRI('a b<>"{}|\\^`')"""),
}  # fmt: skip

#: What is no SPARQL.
INVALID = {
    "inverses": where("?a " + "^" * 5000 + "<x:p> ?b"),
    "a limit beyond numbers": where("?s ?p ?o") + " LIMIT " + "9" * 30,
    "a limit of 100,000 digits": where("?s ?p ?o") + " LIMIT " + "9" * 100_000,
    "a limit below zero": where("?s ?p ?o") + " LIMIT -1",
    "half a character": selected(r'"\uD800"'),
    "beyond all characters": selected(r'"\U00110000"'),
    "a language of 100 kB": selected("'a'@" + "a-" * 50_000 + "a"),
    "an update": "DROP ALL",
    "names of dots": "PREFIX x: <x:> " + where("?s ?p x:" + "a." * 90_000),
}

_PRODUCT = many("?a# ?b# ?c#", 4, " . ")
#: Work without an end, or with one that nobody lives to see.
ENDLESS = {
    "count of a product": counted(_PRODUCT),
    "count of a filtered product": counted(_PRODUCT + ' FILTER(CONCAT(STR(?a0), STR(?c3)) = "x")'),
    "distinct rows of a product": f"SELECT (COUNT(DISTINCT *) AS ?n) WHERE {{ {_PRODUCT} }}",
    "order of a product": where(_PRODUCT) + " ORDER BY ?c0 ?c1 ?c2 LIMIT 1",
    "the end of a product": where(_PRODUCT) + " OFFSET 1000000000000 LIMIT 1",
    "groups of a product": f"SELECT ?a0 (COUNT(*) AS ?n) WHERE {{ {_PRODUCT} }} GROUP BY ?a0",
    "a product, row by row": where(_PRODUCT),
    "a graph of a product": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} WHERE {{ {_PRODUCT} }}",
    "a description of a product": f"DESCRIBE ?a0 WHERE {{ {_PRODUCT} FILTER(?c0 != ?c3) }}",
    "a product in an optional": counted(f"OPTIONAL {{ {_PRODUCT} }} OPTIONAL {{ ?a0 ?x ?y . ?u ?v ?w }}"),
    "graphs of graphs": counted(many("GRAPH ?g# { ?a# ?b# ?c# }", 5) + " FILTER(?a0 != ?c3)"),
    "pairs in a clique": counted("?x ((!<x:n>|^!<x:n>)/(!<x:n>|^!<x:n>))* ?y . ?y (!<x:n>|^!<x:n>)* ?z"),
    "repeats of repeats": counted("?x " + nested("(", 60, "!<x:n>|^!<x:n>", ")*") + " ?y . ?z ?u ?v . ?w ?t ?y"),
    "a star of variables": where(many("?s ?p# ?o#", 79, " . ")),
    "patterns of variables": where(many("?a# ?b# ?c#", 79, " . ")),
    "a sequence of anything": counted("?s " + many("!<x:p#>", 140, "/") + " ?o"),
    "everything in one text": 'SELECT (STRLEN(GROUP_CONCAT(?t)) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i'
    " BIND(CONCAT(STR(?a), STR(?f), STR(?i)) AS ?t) }",
    "a separator of 100 kB": f'SELECT (GROUP_CONCAT(?c; separator="{"x" * 100_000}") AS ?n)'
    " WHERE { ?a ?b ?c . ?d ?e ?f }",
    "texts that double": chained('"x"', "CONCAT(?it, ?it)", 40),
    "texts that are replaced": chained('"xxxx"', f'REPLACE(?it, "x", "{"$0" * 16}")', 9),
    "texts that are encoded": chained('"%"', "ENCODE_FOR_URI(CONCAT(?it, ?it))", 34),
    "patterns from the data": counted(
        "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(STR(?c), CONCAT(STR(?f), STR(?i))))"
    ),
    "values times values": counted(many(f"VALUES ?v# {{ {many('#', 1000)} }}", 6) + " FILTER(?v0 + ?v5 = -1)"),
    "a lateral product": where("?s ?p ?o LATERAL { SELECT * { ?s ?a ?b . ?c ?d ?e . ?f ?g ?h } }"),
    "keys of thousands": counted(_PRODUCT) + " GROUP BY " + many("(CONCAT(STR(?a0), '#'))", 3000),
    "bases on bases": "BASE <http://x/>\n" + "BASE <a/>\n" * 10_000 + counted(_PRODUCT),
    "prefixes of thousands": many("PREFIX p#: <x:#>\n", 5000) + counted(_PRODUCT),
}  # fmt: skip

#: What may be too much, and is if it takes too long.
EITHER = {
    "EXISTS of a product": counted(f"?s ?p ?o FILTER EXISTS {{ {many('?a# ?b# ?c#', 4, ' . ')} }}"),
    "values without a bound": counted(f"VALUES (?x ?y) {{ {many('(UNDEF #)', 700)} }} " * 4),
    "thousands of graphs": "SELECT * " + many("FROM NAMED <x:g#> ", 8000) + where(_PRODUCT).removeprefix("SELECT *"),
    "columns of thousands": "SELECT " + many("(# AS ?v#)", 5000) + " WHERE { ?s ?p ?o } LIMIT 10",
    "a list of thousands": where("?a ?b ?c FILTER(?a IN (" + many("<x:#>", 10_000, ",") + "))"),
    "variables of thousands": "SELECT " + many("?v#", 20_000) + " WHERE { ?s ?p ?o } LIMIT 10",
    "an order of thousands": where("?s ?p ?o") + " ORDER BY " + many("(CONCAT(STR(?s), '#'))", 3000),
    "a list of variables": where("?s ?p (" + many("?v#", 79) + ")"),
    "rows of thousands": counted("VALUES ?x { " + many("#", 30_000) + " }"),
}  # fmt: skip
