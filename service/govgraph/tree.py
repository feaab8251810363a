"""The explanation of a triple as a tree for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.tree import Tree

from govgraph.printed import safe

Json = dict[str, Any]


def print_why(console: Console, document: Json, release: str) -> None:
    """The triple, below it how it is derived, down to the cells of tables. What has been explained
    above is only named again."""
    facts = document["facts"]
    root = Tree(_heading(facts[0], document["labels"]))
    _grow(root, facts[0], document, {0})
    console.print(root, highlight=False)
    console.print(f"[dim]release {safe(release)}[/dim]", highlight=False)


def _grow(tree: Tree, fact: Json, document: Json, explained: set[int]) -> None:
    for cell in fact["cells"]:
        tree.add(_cell(cell))
    if fact["asserted"] and not fact["cells"]:
        for graph in fact["graphs"]:
            tree.add(f"[green]陈述 stated[/green] {safe(graph)}")
    if not fact["asserted"] and not fact["derivations"]:
        tree.add("[yellow]推导过长，未能展开 its derivation is too long to be shown[/yellow]")
    for number, derivation in enumerate(fact["derivations"], 1):
        way = f" {number}/{len(fact['derivations'])}" if len(fact["derivations"]) > 1 else ""
        step = tree.add(_rule(derivation, way))
        for premise in derivation["premises"]:
            add_fact(step, document["facts"][premise], document, explained)


def add_fact(step: Tree, fact: Json, document: Json, explained: set[int]) -> None:
    """A fact below another, or below what rests on it."""
    if fact["id"] in explained:
        step.add(f"{safe(fact['text'])} [dim]见上 see above[/dim]")
        return
    explained.add(fact["id"])
    _grow(step.add(_heading(fact, document["labels"])), fact, document, explained)


def _heading(fact: Json, labels: Json) -> str:
    """A triple, with the labels of its terms where they have any."""
    named = [labels.get(fact[part]["value"], {}) for part in "spo"]
    zh = " · ".join(label["zh"] for label in named if "zh" in label)
    return safe(fact["text"]) + (f"  [dim]{safe(zh)}[/dim]" if zh else "")


def _rule(derivation: Json, way: str) -> str:
    name = derivation["name"]
    axioms = ", ".join(axiom["text"] for axiom in derivation["axioms"])
    rule = f"[cyan]推得 inferred{way}[/cyan] {safe(name['zh'])} {safe(name['en'])}"
    return rule + (f": {safe(axioms)}" if axioms else "")


def _cell(cell: Json) -> str:
    place = f"{cell['dataset']}/{cell['table']} 第 {cell['row']} 行 row (line {cell['line']})"
    said = " ".join(sentence["number"] or "" for sentence in cell["sentences"])
    return f"[green]{safe(place)} {safe(cell['column'] or '')}[/green] {safe(said)}".rstrip()
