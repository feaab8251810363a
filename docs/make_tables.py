"""Writes docs/tables.md from the CSVW declarations of the standard tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent / "loaders" / "tables"
PREFIXES = {
    "https://w3id.org/govgraph/ontology#": "gov:",
    "http://www.w3.org/ns/org#": "org:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://xmlns.com/foaf/0.1/": "foaf:",
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#": "nif:",
    "https://w3id.org/govgraph/id/": "",
}
GOV = "https://w3id.org/govgraph/ontology#"


def page() -> str:
    """The whole page as Markdown: the introduction by hand, the tables generated."""
    tables = [json.loads(path.read_text("utf-8")) for path in sorted(TABLES.glob("*.json"))]
    return (HERE / "tables.intro.md").read_text("utf-8") + "".join(map(_table, tables))


def _table(table: dict[str, Any]) -> str:
    titles = {title["@language"]: title["@value"] for title in table["dc:title"]}
    schema = table["tableSchema"]
    head = f"\n## {table['url']}\n{titles['zh']} · {titles['en']}  \n`{_short(schema['aboutUrl'])}`\n\n"
    rows = [_row(column, schema) for column in schema["columns"] if not column.get("virtual")]
    return head + "| column | 列名 | states | value |\n| --- | --- | --- | --- |\n" + "".join(rows)


def _row(column: dict[str, Any], schema: dict[str, Any]) -> str:
    name = column["name"] + (" *" if column.get("required") else "")
    states = f"`{_short(column['propertyUrl'])}`" if "propertyUrl" in column else "identifier"
    value = _value(column, schema).replace("|", "\\|")
    return f"| {name} | {column['titles']['zh']} | {states} | {value} |\n"


def _value(column: dict[str, Any], schema: dict[str, Any]) -> str:
    parts = [_kind(column, schema)]
    if "separator" in column:
        parts.append("list, separated by |")
    if column.get(GOV + "numerals") == "zh":
        parts.append("万 and 亿 allowed")
    if GOV + "bounds" in column:
        parts.append("also writes " + ", ".join(_short(iri) for iri in column[GOV + "bounds"]))
    if "default" in column:
        parts.append(f"{column['default']} if empty")
    return "; ".join(parts)


def _kind(column: dict[str, Any], schema: dict[str, Any]) -> str:
    for key in schema.get("foreignKeys", []):
        if key["columnReference"] == column["name"]:
            return f"id in {key['reference']['resource']}"
    if column.get(GOV + "mustExist"):
        return "any entity, as type/id"
    datatype = column.get("datatype", "string")
    if isinstance(datatype, str):
        return f"text, {column['lang']}" if "lang" in column else datatype
    if "@id" in datatype:
        return "EDTF date (2012, 2012-06, 2012-06-01, ..)"
    words = str(datatype.get("format", ""))
    plain = words.replace("|", "").isalnum()
    return f"one of {words.replace('|', ', ')}" if plain else f"{datatype['base']} `{words}`"


def _short(iri: str) -> str:
    for namespace, prefix in PREFIXES.items():
        iri = iri.replace(namespace, prefix)
    return iri


if __name__ == "__main__":
    (HERE / "tables.md").write_text(page(), "utf-8")
