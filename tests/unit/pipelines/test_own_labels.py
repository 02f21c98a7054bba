"""Own labels name places in documents; the sentence and its neighbours are read anew, and lost ones are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.own_labels import DIGITS, label_entries, read_own_labels, read_unlabelled
from pipelines.single import read_document
from research.text.hashing import sha256_text

PAGE = """<html><head><title>Quillon news</title></head><body><main><h1>News of the mill</h1>
<p>The mill has stood here since the spring of 1950. Late deliveries cost us two large orders this year.</p>
<p>We plan to build a second line before the next winter comes.</p></main></body></html>"""


@pytest.fixture
def entry(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "page.html").write_text(PAGE)
    text = read_document(tmp_path / "page.html").text
    labels = []
    for sentence, kind in (("Late deliveries cost us two large orders this year.", "pain"),):
        start = text.index(sentence)
        labels.append([start, start + len(sentence), sha256_text(sentence)[:DIGITS], kind, "account"])
    return {"file": "page.html", "url": "https://quillon.example/news", "account": "Quillon", "labels": labels}


def test_a_label_finds_its_sentence_and_what_stands_around_it(tmp_path: Path, entry: dict[str, Any]) -> None:
    read = read_own_labels(tmp_path, [entry])
    (row,) = read.rows
    assert read.lost == 0
    assert row["sentence"] == "Late deliveries cost us two large orders this year."
    assert row["prev"] == "The mill has stood here since the spring of 1950."
    assert row["next"] == "We plan to build a second line before the next winter comes."
    assert (row["kind"], row["holder"], row["title"]) == ("pain", "account", "Quillon news")


def test_labels_whose_text_has_changed_or_gone_are_counted(tmp_path: Path, entry: dict[str, Any]) -> None:
    (tmp_path / "page.html").write_text(PAGE.replace("two large orders", "six large orders"))
    assert read_own_labels(tmp_path, [entry]) == read_own_labels(tmp_path / "nowhere", [entry])
    assert read_own_labels(tmp_path, [entry]).lost == 1


def test_the_shipped_labels_hold_places_and_no_text() -> None:
    entries = label_entries()
    assert sum(len(entry["labels"]) for entry in entries) > 5000
    for entry in entries:
        for start, end, digits, kind, holder in entry["labels"]:
            assert 0 <= start < end
            assert len(digits) == DIGITS
            assert int(digits, 16) >= 0
            assert kind in ("none", "pain", "goal", "remedy")
            assert (holder is None) == (kind == "none")


def test_an_unlabelled_sentence_keeps_its_number_where_another_has_lost_its_text(
    tmp_path: Path, entry: dict[str, Any]
) -> None:
    lost, *_ = entry["labels"]
    text = read_document(tmp_path / "page.html").text
    sentence = "We plan to build a second line before the next winter comes."
    start = text.index(sentence)
    places = [[*lost[:2], "00000000"], [start, start + len(sentence), sha256_text(sentence)[:DIGITS]]]
    document = {key: entry[key] for key in ("file", "url", "account")}
    read = read_unlabelled(tmp_path, [document | {"sentences": places[:1]}, document | {"sentences": places}])
    assert (read.numbers, read.lost) == ((2,), 2)
    (row,) = read.rows
    assert (row["sentence"], row["account"], row["title"]) == (sentence, "Quillon", "Quillon news")
    assert not {"kind", "holder"} & set(row)
