"""A comparison as tables, a value in a field: cells, citations, codebook; and the wide one."""

from __future__ import annotations

from collections.abc import Iterator

from govgraph.governance.models.exports.document import Comparison
from govgraph.governance.models.nodes import Words

Field = str | int | bool | None
Table = list[list[Field]]

#: Every column of the cells with what it means.
CELLS = {
    "dimension": ("比较维度的标识", "identifier of the dimension of comparison"),
    "dimension_zh": ("比较维度", "dimension, in Chinese"),
    "dimension_en": ("比较维度（英文）", "dimension, in English"),
    "kind": (
        "行的种类：dimension 整个维度，body 组织位，post 岗位，rule 规则，staffing 人员配备，practice 采用地的实际",
        "kind of row: dimension (as a whole), body, post, rule, staffing, practice (where it is adopted)",
    ),
    "item": ("行所代表的组织位、岗位或规则；整个维度为空", "the slot or rule that names the row, if any"),
    "item_zh": ("行的名称", "name of the row, in Chinese"),
    "item_en": ("行的名称（英文）", "name of the row, in English"),
    "subject": ("模式或地点的标识", "identifier of the model or place"),
    "subject_zh": ("模式或地点", "model or place, in Chinese"),
    "subject_en": ("模式或地点（英文）", "model or place, in English"),
    "state": ("格子的状态，见下", "state of the cell, see below"),
    "basis": (
        "怎样得知：stated 原文，inferred 推断，interpreted 解读，computed 计算，synthetic 虚构，generalKnowledge 常识",
        "how it is known: stated, inferred, interpreted, computed, synthetic, generalKnowledge",
    ),
    "disputed": ("资料是否互相矛盾", "whether sources contradict each other"),
    "value_zh": ("所说的内容", "what is said, in Chinese"),
    "value_en": ("所说的内容（英文）", "what is said, in English"),
    "verbatim": ("记录的原话，多条以 | 分隔", "the recorded wording, values parted by |"),
    "codes": ("归类，以 | 分隔；是本数据集的解读", "codes parted by |: our reading"),
    "citations": ("引文编号，以空格分隔", "numbers of citations, parted by blanks"),
}  # fmt: skip
CITATIONS = {
    "number": ("编号", "number"),
    "entity": ("所引的实体", "the entity that is cited"),
    "title_zh": ("资料名称", "title of the source, in Chinese"),
    "title_en": ("资料名称（英文）", "title of the source, in English"),
    "address": ("资料地址，按记录", "address of the source, as recorded"),
    "rows": ("数据行", "rows of tables"),
    "sentences": ("来源句", "sentences"),
}


def cells(shown: Comparison) -> Table:
    """The long table, a row for each cell, with its heading."""
    return [list(CELLS), *_cells(shown)]


def _cells(shown: Comparison) -> Iterator[list[Field]]:
    for row in shown.rows:
        dimension, item = row.dimension.names, row.names.filled()
        for subject in shown.found.subjects:
            cell, label = shown.found.cell(subject, row), shown.named[subject]
            yield [
                row.dimension.iri, dimension.zh, dimension.en, row.kind,
                row.item, item.zh, item.en,
                subject, label.zh, label.en, cell.state, cell.basis, cell.disputed,
                cell.text("zh"), cell.text("en"), cell.verbatim,
                "|".join(sorted(code.rpartition("#")[2] for code in cell.codes)),
                " ".join(map(str, shown.cited(cell))),
            ]  # fmt: skip


def wide(shown: Comparison) -> Table:
    """The table that people read: a row for each row, three columns for each subject."""
    subjects = shown.found.subjects
    parts = (("状态 state"), ("中文 zh"), ("英文 en"))
    names = [_both(shown.named[subject]) for subject in subjects]
    head: list[Field] = ["维度", "dimension", "项", "item"]
    rows: Table = [[*head, *(f"{name} · {part}" for name in names for part in parts)]]
    for row in shown.rows:
        dimension, item = row.dimension.names, row.names.filled()
        line: list[Field] = [dimension.zh, dimension.en]
        line += [item.zh, item.en] if row.kind != "dimension" else [None, None]
        for subject in subjects:
            cell = shown.found.cell(subject, row)
            line += [cell.state, cell.text("zh"), cell.text("en")]
        rows.append(line)
    return rows


def cited(shown: Comparison) -> Table:
    """The citations with their heading."""
    rows: Table = [
        [
            each.number, each.entity, each.title.zh, each.title.en, each.address,
            " ".join(each.rows), " ".join(each.sentences),
        ]
        for each in shown.citations
    ]  # fmt: skip
    return [list(CITATIONS), *rows]


def codebook(shown: Comparison) -> Table:
    """What columns, states, dimensions and codes mean, in both languages."""
    rows: Table = [["kind", "name", "中文", "English"]]
    for sheet, columns in (("cells", CELLS), ("citations", CITATIONS)):
        rows += [[f"column of {sheet}", name, zh, en] for name, (zh, en) in columns.items()]
    for state, (label, definition) in shown.states.items():
        rows.append(
            ["state", state, _said(label.zh, definition.zh), _said(label.en, definition.en)]
        )
    dimensions = {row.dimension.iri: row.dimension for row in shown.rows}
    for iri, each in dimensions.items():
        zh = _said(each.names.zh, each.definition.zh)
        rows.append(["dimension", iri, zh, _said(each.names.en, each.definition.en)])
    codes = sorted(set(shown.named) - set(shown.found.subjects))
    for code in codes:
        words = shown.named[code]
        rows.append(["code", code.rpartition("#")[2], words.zh, words.en])
    rows.append(["coverage", shown.coverage.code, shown.coverage.zh, shown.coverage.en])
    rows.append(["release", shown.release, None, None])
    return rows


def _both(words: Words) -> str:
    return " ".join(dict.fromkeys(text for text in (words.zh, words.en) if text))


def _said(label: str | None, definition: str | None) -> str:
    return f"{label or ''}: {definition or ''}"
