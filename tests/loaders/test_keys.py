"""Keys across tables against a naive reference: duplicates, lost references, cascades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "c", "d", "e", ""])
PARENTS = st.lists(st.tuples(KEYS, KEYS, st.sampled_from(["1", "x"])), max_size=7)
CHILDREN = st.lists(st.tuples(KEYS, st.lists(KEYS.filter(bool), max_size=3)), max_size=7)


def foreign_key(column: str, resource: str) -> dict[str, Any]:
    return {"columnReference": column, "reference": {"resource": resource, "columnReference": "id"}}


METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "tables": [
        {
            "url": "parents.csv",
            "tableSchema": {
                "columns": [{"name": "id"}, {"name": "up"}, {"name": "n", "datatype": "integer"}],
                "primaryKey": "id",
                "foreignKeys": [foreign_key("up", "parents.csv")],
            },
        },
        {
            "url": "children.csv",
            "tableSchema": {
                "columns": [{"name": "id"}, {"name": "up", "separator": "|"}],
                "foreignKeys": [foreign_key("up", "parents.csv")],
            },
        },
    ],
}


def reference(
    parents: list[tuple[str, str, str]], children: list[tuple[str, list[str]]]
) -> tuple[set[int], set[int]]:
    """The rows that stand, found the slow way."""
    good = {i for i, row in enumerate(parents) if row[2] != "x"}
    seen: set[str] = set()
    for i, (key, _, _) in enumerate(parents):
        if key in seen:
            good.discard(i)
        seen.add(key)
    kids = set(range(len(children)))
    while True:
        keys = {parents[i][0] for i in good}
        still = {i for i in good if not parents[i][1] or parents[i][1] in keys}
        alive = {i for i in kids if all(up in keys for up in children[i][1])}
        if (still, alive) == (good, kids):
            return good, kids
        good, kids = still, alive


def loaded_rows(loaded: Any, table: str) -> set[int]:
    """0-based numbers of the rows whose own node is in the graph."""
    return {
        int(q.object.value) - 1
        for q in loaded.quads
        if q.predicate.value.endswith("#rownum") and f"{table}#row=" in q.subject.value
    }


@given(PARENTS, CHILDREN)
def test_keys_agree_with_a_naive_reference(
    load_files: Callable[..., Any],
    parents: list[tuple[str, str, str]],
    children: list[tuple[str, list[str]]],
) -> None:
    files = {
        "parents.csv": "id,up,n\n" + "".join(f"{a},{b},{n}\n" for a, b, n in parents),
        "children.csv": "id,up\n" + "".join(f"{a},{'|'.join(ups)}\n" for a, ups in children),
        "csv-metadata.json": METADATA,
    }
    loaded = load_files(files)
    good, kids = reference(parents, children)
    assert loaded_rows(loaded, "parents.csv") == good
    assert loaded_rows(loaded, "children.csv") == kids
    for table, rows, kept in (("parents.csv", parents, good), ("children.csv", children, kids)):
        blamed = {p.row - 1 for p in loaded.problems if p.table == table}
        assert blamed == set(range(len(rows))) - kept


def test_one_table_twice_is_refused(tmp_path: Any, tables: Any) -> None:
    """Two folders of one name would write one graph."""
    import pytest

    from govgraph_loaders import find_sources, ingest

    sources = []
    for parent in ("x", "y"):
        folder = tmp_path / parent / "ds"
        folder.mkdir(parents=True)
        (folder / "places.csv").write_text("id,type\n")
        sources += find_sources(folder, tables)[0]
    with pytest.raises(ValueError, match="one table"):
        ingest(sources, tmp_path / "out")


def test_standard_tables_of_all_datasets_are_one(tmp_path: Any, tables: Any) -> None:
    from govgraph_loaders import find_sources, ingest

    texts = {
        "one": {"places.csv": "id,type\np,Village\n", "organizations.csv": "id,type,place\no,PartyBranch,q\n"},
        "two": {"places.csv": "id,type\np,Village\nq,Village\n"},
    }  # fmt: skip
    sources = []
    for name, files in texts.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
        sources += find_sources(tmp_path / name, tables)[0]
    result = ingest(sources, tmp_path / "out")
    assert [(p.code, p.dataset, p.row, p.value) for p in result.problems] == [
        ("duplicate-key", "two", 1, "p")
    ]


def test_a_row_without_a_key_is_told_once(load_files: Callable[..., Any]) -> None:
    """Its key is not that of another row without one; what is missing is the whole problem."""
    loaded = load_files({"persons.csv": "id,label_zh\np,甲\n,乙\n,丙\n,丁\n"})
    assert loaded.found == [
        ["required-cell-empty", "persons.csv", row, row + 1, "id", ""] for row in (2, 3, 4)
    ]


def test_a_part_that_a_key_needs_is_told_once(load_files: Callable[..., Any]) -> None:
    """A needed part is one that is required or names the row; an empty one of another kind counts."""
    columns = [{"name": "a", "required": True}, {"name": "b"}, {"name": "c"}]
    schema = {"columns": columns, "primaryKey": ["a", "b", "c"], "aboutUrl": "http://e.org/{b}"}
    metadata = {"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": schema}
    text = "a,b,c\n" + "".join(line + "\n" + line + "\n" for line in (",1,2", "1,,2", "1,2,"))
    loaded = load_files({"t.csv": text, "csv-metadata.json": metadata})
    assert [found[:3] for found in loaded.found] == [
        ["required-cell-empty", "t.csv", 1], ["required-cell-empty", "t.csv", 2],
        ["missing-identifier", "t.csv", 3], ["missing-identifier", "t.csv", 4],
        ["duplicate-key", "t.csv", 6],
    ]  # fmt: skip


def test_hints_name_the_nearest_key_or_entity(load_files: Callable[..., Any]) -> None:
    """Texts of keys are read again for them, of columns and of what rows describe."""
    loaded = load_files(
        {
            "places.csv": "id,type,parent\n长乐坊,Village,\n甲,Village,长乐\n",
            "relations.csv": "id,subject,predicate,object\nr,place/长乐方,funds,place/长乐坊\n",
        }
    )
    assert [(p.code, p.table, p.column, p.value) for p in loaded.problems] == [
        ("unresolved-reference", "places.csv", "parent", "长乐"),
        ("unresolved-reference", "relations.csv", "subject", "place/长乐方"),
    ]
    assert "did you mean 长乐坊?" in loaded.problems[0].message_en
    assert "place/长乐坊?" in loaded.problems[1].message_en
