"""Training is repeatable and leaves a card; shipped weights load and label what is plain; bad rows are named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipelines.held_out import read_held_out, write_held_out
from pipelines.label import label_rows
from pipelines.relations import relate_rows
from pipelines.train import render_training, train_model
from pipelines.train_judgements import JudgedRows
from pipelines.train_reader import PAIRS, SENTENCES, train_blends, train_readers
from pipelines.train_samples import default_folder, read_gold, relation_groups
from research.cluster.encoder import load_encoder
from research.cluster.linear import load
from research.cluster.reader import read_reader
from research.errors import DossierError, UsageError

COMPANIES = ("Quillon", "Bramble", "Thistle", "Sedge", "Fern", "Heather", "Rowan", "Alder")
RELATED = (
    ("{a} competes with {b} on price.", "competitor"),
    ("{a} acquired {b} last year.", "acquired"),
    ("{a} supplies parts to {b} every week.", "customer"),
    ("{a} and {b} met once.", "none"),
)


def write_gold(folder: Path) -> Path:
    sentences = [
        {"id": f"{c}{n}", "account": c, "url": "https://x.example/about", "title": c, "prev": "", "next": ""}
        | {"sentence": text, "kind": kind, "holder": holder, "phrase": None}
        for c in COMPANIES
        for n, (text, kind, holder) in enumerate(
            (
                ("We suffer from frequent outages and delays.", "pain", "account"),
                ("Your teams struggle with outages.", "pain", "customer"),
                ("We plan to expand into new markets.", "goal", "account"),
                ("We have implemented new controls to reduce risk.", "remedy", "account"),
                ("The office stands beside the river.", "none", None),
            )
        )
    ]
    relations = [
        {"id": f"{a}{n}", "sentence": text.format(a=a, b=b), "subject": a, "object": b, "relation": relation}
        for a, b in zip(COMPANIES, COMPANIES[1:] + COMPANIES[:1], strict=True)
        for n, (text, relation) in enumerate(RELATED)
    ]
    for name, rows in (
        ("sentences.train", sentences[:30]),
        ("sentences.dev", sentences[30:]),
        ("relations.train", relations),
    ):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.mark.parametrize("kind", ["holders", "relations"])
def test_judgements_are_trained_on_and_never_scored(kind: str, tmp_path: Path) -> None:
    data = write_gold(tmp_path)
    sentence = {
        "id": "judged 1", "account": "Larch", "url": "", "title": "", "prev": "", "next": "", "kind": "pain",
        "sentence": "Rust eats our bridges and outages follow.", "holder": "account", "phrase": None,
    }  # fmt: skip
    pair = {
        "id": "judged 2",
        "sentence": "Larch outbids Yew.",
        "subject": "Larch",
        "object": "Yew",
        "relation": "competitor",
    }
    judged = JudgedRows(sentences=(sentence,) * 3, relations=(pair,) * 3, sha256="digest")
    plain = train_model(kind, data, tmp_path / "plain", "2025-06-01", folds=2)
    more = train_model(kind, data, tmp_path / "more", "2025-06-01", folds=2, judged=judged)
    assert more.rows == plain.rows
    assert more.weights_sha256 != plain.weights_sha256
    card = json.loads(more.path.with_suffix(".json").read_text())
    assert (card["judgements"], card["judgements_sha256"]) == (3, "digest")


@pytest.mark.parametrize("kind", ["holders", "relations"])
def test_the_same_data_give_the_same_bytes_and_a_card(kind: str, tmp_path: Path) -> None:
    data = write_gold(tmp_path)
    first = train_model(kind, data, tmp_path / "one", "2025-06-01", folds=2)
    second = train_model(kind, data, tmp_path / "two", "2025-06-01", folds=2)
    assert first.path.read_bytes() == second.path.read_bytes()
    card = json.loads(first.path.with_suffix(".json").read_text())
    assert card == json.loads(second.path.with_suffix(".json").read_text())
    assert card["trained"] == "2025-06-01"
    assert len(card["data_sha256"]) == 64
    assert card["cross_validation"]["by"] == "company"
    assert first.bytes_written < 3_000_000
    assert str(first.path) in render_training(first)


def test_other_data_give_another_digest(tmp_path: Path) -> None:
    data = write_gold(tmp_path)
    before = json.loads(
        train_model("relations", data, tmp_path / "o", "2025-06-01", folds=2).path.with_suffix(".json").read_text()
    )
    rows = (data / "relations.train.jsonl").read_text().splitlines()
    (data / "relations.train.jsonl").write_text("\n".join(rows[:-1]) + "\n")
    after = json.loads(
        train_model("relations", data, tmp_path / "o", "2025-06-01", folds=2).path.with_suffix(".json").read_text()
    )
    assert before["data_sha256"] != after["data_sha256"]
    assert after["rows"] == before["rows"] - 1


def test_wrong_kind_missing_data_and_broken_lines_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="choose signals, holders, relations, readers or blends"):
        train_model("moods", tmp_path, None, "2025-06-01")
    with pytest.raises(UsageError, match="jsonl is missing"):
        train_model("relations", tmp_path, None, "2025-06-01")
    (tmp_path / "relations.train.jsonl").write_text('{"id": 1}\nnonsense\n')
    with pytest.raises(UsageError, match="line 2"):
        train_model("relations", tmp_path, None, "2025-06-01")


def test_blends_are_chosen_anew_and_nothing_else_of_a_reader_changes(tmp_path: Path) -> None:
    """A reader that is always right beside a linear model that never is: the blend asks the reader as much as it may."""
    data, folder = write_gold(tmp_path), tmp_path / "weights"
    shutil.copytree(default_folder(), folder)
    for subject in (SENTENCES, PAIRS):
        rows, digest = read_gold(data, subject.files)
        for name, (field, labels, _) in subject.questions.items():
            right = {row["id"]: {row[field]: 0.9} if row[field] else {} for row in rows}
            wrong = {row["id"]: {labels[labels.index(row[field]) - 1]: 0.5} if row[field] else {} for row in rows}
            write_held_out(
                folder / f"{name}_read.npz", dict.fromkeys(right, dict.fromkeys(labels, 0.0)) | right, digest
            )
            write_held_out(folder / f"{name}.npz", dict.fromkeys(wrong, dict.fromkeys(labels, 0.0)) | wrong, digest)
    before = read_reader((folder / "sentences_reader.npz").read_bytes(), load_encoder())
    sentences, pairs = train_blends(data, folder, folds=2)
    after = read_reader((folder / "sentences_reader.npz").read_bytes(), load_encoder())
    assert sentences.scores["signals macro f1"] == pairs.scores["relations accuracy"] == 1.0
    assert after.heads["signals"].blend.share > 0.5
    assert after.heads["signals"].blend != before.heads["signals"].blend
    np.testing.assert_array_equal(after.heads["signals"].dense.weight, before.heads["signals"].dense.weight)
    np.testing.assert_array_equal(after.layers[-1].outer.weight, before.layers[-1].outer.weight)
    card = json.loads((folder / "sentences_reader.json").read_text())
    assert card["cross_validation"]["signals macro f1"] == 1.0
    blended = read_held_out("signals_blend", folder).rows
    truth = {row["id"]: row["kind"] for row in read_gold(data, SENTENCES.files)[0]}
    assert {key: max(row, key=row.__getitem__) for key, row in blended.items()} == truth


def test_blends_of_other_gold_or_of_readers_that_left_no_answers_are_refused(tmp_path: Path) -> None:
    data, folder = write_gold(tmp_path), tmp_path / "weights"
    with pytest.raises(DossierError, match=r"signals_read\.held_out\.json is missing: run `dossier train readers`"):
        train_blends(data, folder)
    folder.mkdir()
    write_held_out(folder / "signals_read.npz", {"Quillon0": {"pain": 1.0}}, "another")
    with pytest.raises(UsageError, match="held-out answers are of other gold"):
        train_blends(data, folder)


@pytest.mark.parametrize("stale", ["holders", "relations"])
def test_linear_models_of_other_gold_are_refused_before_a_reader_is_taught(
    tmp_path: Path, monkeypatch, stale: str
) -> None:
    data, folder = write_gold(tmp_path), tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setattr("pipelines.train_reader.read_by_folds", lambda task: pytest.fail("taught in vain"))
    for subject in (SENTENCES, PAIRS):
        rows, digest = read_gold(data, subject.files)
        for name in subject.questions:
            held_out = {row["id"]: {"none": 1.0} for row in rows}
            write_held_out(folder / f"{name}.npz", held_out, "another" if name == stale else digest)
    with pytest.raises(UsageError, match=f"{stale}: its held-out answers are of other gold than this: train it first"):
        train_readers(data, folder, "2026-01-01", folds=2)


def test_one_company_is_in_one_group() -> None:
    rows = [
        {"sentence": "A", "subject": "Quillon Inc", "object": "x"},
        {"sentence": "B", "subject": "Quillon", "object": "y"},
        {"sentence": "B", "subject": "the company", "object": "z"},
        {"sentence": "C", "subject": "the company", "object": "z"},
    ]
    groups = relation_groups(rows)
    assert groups[0] == groups[1] == groups[2] != groups[3]


def test_shipped_classifiers_label_what_is_plain() -> None:
    rows = [
        {
            "id": 1,
            "account": "Quillon",
            "url": "10-K/QUIL",
            "title": "Form 10-K",
            "sentence": "Our results were adversely affected by shortages of components and higher costs.",
        },
        {
            "id": 2,
            "url": "10-K/QUIL",
            "title": "Form 10-K",
            "sentence": "Our strategy is to expand our presence in emerging markets and to invest in innovation.",
        },
        {"id": "3", "url": "10-K/QUIL", "title": "Form 10-K", "sentence": "See Note 5 for further details."},
    ]
    found = list(label_rows(rows, "Quillon"))
    assert [(r["id"], r["kind"], r["holder"]) for r in found] == [
        (1, "pain", "account"),
        (2, "goal", "account"),
        ("3", "none", None),
    ]
    assert all(set(r) == {"id", "kind", "holder", "phrase", "score"} and 0 <= r["score"] <= 1 for r in found)
    assert found[0]["phrase"] in rows[0]["sentence"]
    assert found[2]["phrase"] is None


def test_shipped_relations_classifier_knows_plain_statements() -> None:
    rows = [
        {"id": 1, "sentence": "We compete with Bramble and Thistle.", "subject": "we", "object": "Bramble"},
        {"id": 2, "sentence": "Quillon acquired Bramble in 2019.", "subject": "Quillon", "object": "Bramble"},
    ]
    found = list(relate_rows(rows))
    assert [(r["id"], r["relation"]) for r in found] == [(1, "competitor"), (2, "acquired")]
    assert all(set(r) == {"id", "relation", "score"} for r in found)


def test_a_row_that_asks_of_one_relation_is_answered_of_that_alone() -> None:
    row = {"id": 1, "sentence": "We compete with Bramble and Thistle.", "subject": "we", "object": "Bramble"}
    asked = [row, row | {"candidate": "competitor"}, row | {"candidate": "supplier"}]
    free, rival, supplier = relate_rows(asked)
    assert rival == free
    assert supplier["relation"] == "none"
    assert supplier["score"] > 0.5
    with pytest.raises(UsageError, match="row 1: candidate 'friend' is no relation"):
        list(relate_rows([row | {"candidate": "friend"}]))


def test_a_row_without_its_fields_is_named() -> None:
    with pytest.raises(UsageError, match="row 2 lacks sentence"):
        list(label_rows([{"id": 1, "sentence": "We plan to grow."}, {"id": 2}]))
    with pytest.raises(UsageError, match="row 1 lacks subject, object"):
        list(relate_rows([{"id": 1, "sentence": "x"}]))
    assert list(label_rows([])) == []


@pytest.mark.parametrize("name", ["signals", "holders", "relations"])
def test_shipped_weights_are_small_and_have_their_card(name: str) -> None:
    model = load(name)
    assert model.card["name"] == name
    assert model.card["cross_validation"]["folds"] == 5
    assert len(model.names) == model.weights.shape[0]
