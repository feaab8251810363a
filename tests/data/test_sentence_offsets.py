"""The sentences of data/xiyuan point at the right characters of the right document."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "xiyuan"
SEED = ROOT.parent / "shared" / "seed"
pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason="needs ../shared/seed")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sentences_agree_with_the_seed() -> None:
    ours = [
        (row["number"], row["document"], row["paragraph"], row["begin"], row["end"])
        for row in read(DATA / "sentences.csv")
    ]
    theirs = [
        (row["id"], row["document_id"], row["paragraph"], row["char_start"], row["char_end"])
        for row in read(SEED / "facts" / "sentences.csv")
    ]
    assert ours == theirs


def test_ids_are_made_from_the_numbers() -> None:
    rows = read(DATA / "sentences.csv")
    assert [row["id"] for row in rows] == [f"xiyuan-{row['number']}" for row in rows]


def test_offsets_cut_the_article_into_its_sentences() -> None:
    article = (SEED / "article.txt").read_text(encoding="utf-8")
    cut = [article[int(r["begin"]) : int(r["end"])] for r in read(DATA / "sentences.csv")]
    assert cut == [row["text"] for row in read(SEED / "facts" / "sentences.csv")]
    assert "".join(cut) == article.replace("\n", "")


def test_the_document_is_the_seed_article() -> None:
    (document,) = read(DATA / "documents.csv")
    article = (SEED / "article.txt").read_bytes()
    assert document["sha256"] == hashlib.sha256(article).hexdigest()
    assert int(document["char_count"]) == len(article.decode("utf-8"))
    assert document["file"] == "article.txt"


def test_no_sentence_text_is_stored() -> None:
    assert set(read(DATA / "sentences.csv")[0]) == {
        "id",
        "number",
        "document",
        "paragraph",
        "begin",
        "end",
    }
