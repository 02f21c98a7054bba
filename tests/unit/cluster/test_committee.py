"""Readers and linear models together: what is blended, what is saved, and what is chosen on held-out rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from research.cluster.blending import choose_blend
from research.cluster.committee import Committee
from research.cluster.encoder import Dense, load_encoder
from research.cluster.fitting import mean_f1
from research.cluster.linear import Block as LinearBlock
from research.cluster.linear import Model
from research.cluster.reader import Blend, Head, Reader, by_label, read_reader, save_reader, table
from research.errors import DossierError
from research.text.parts import Part

LABELS = ("none", "pain")


def plain(share: float) -> Blend:
    return Blend(share=share, shift=(0.0, 0.0), temperature=1.0)


def test_a_share_of_one_is_the_reader_and_of_nought_the_linear_model() -> None:
    reader, linear = np.array([[0.9, 0.1]]), np.array([[0.2, 0.8]])
    assert np.allclose(plain(1.0)(reader, linear), reader)
    assert np.allclose(plain(0.0)(reader, linear), linear)
    assert np.allclose(plain(0.5)(reader, linear), [[0.6, 0.4]])  # sqrt(.9 * .2) : sqrt(.1 * .8) = 3 : 2


def test_a_blend_leans_on_whoever_is_right() -> None:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 2, 400)
    sure = np.where(truth[:, None] == np.arange(2), 0.9, 0.1)
    guess = rng.dirichlet((1, 1), 400)
    good_reader = choose_blend(sure, guess, truth, [1])
    good_linear = choose_blend(guess, sure, truth, [1])
    assert good_reader.share > good_linear.share
    assert (good_reader(sure, guess).argmax(axis=1) == truth).mean() > 0.97


def test_a_blend_shifts_its_answers_only_where_it_is_asked_to() -> None:
    rng = np.random.default_rng(5)
    truth = (rng.random(400) < 0.3).astype(int)
    shy = np.where(truth == 1, rng.uniform(0.2, 0.5, 400), rng.uniform(0.0, 0.3, 400))  # never says "one"
    told = np.stack([1 - shy, shy], axis=1)
    shifted = choose_blend(told, told, truth, [1], shifted=True)
    straight = choose_blend(told, told, truth, [1])
    assert straight.shift == (0.0, 0.0)
    assert straight(told, told).argmax(axis=1).max() == 0
    assert mean_f1(shifted(told, told), truth, [1]) > 0.7


def a_reader(tmp_path: Path, bias: float) -> Reader:
    encoder = load_encoder()
    width = 2 * encoder.words.shape[1]
    head = Head(
        labels=LABELS,
        dense=Dense(weight=np.zeros((width, 2), np.float32), bias=np.array([0.0, bias], np.float32)),
        blend=plain(0.5),
    )
    save_reader(tmp_path / "x_reader.npz", encoder.layers[1:], {"signals": head}, {"name": "x"})
    return read_reader((tmp_path / "x_reader.npz").read_bytes(), encoder)


def test_a_reader_comes_back_as_it_was_saved_and_answers_in_order(tmp_path: Path) -> None:
    reader = a_reader(tmp_path, bias=np.log(3))
    texts = ("a", "a much longer sentence that is read in another batch order", "mid length here")
    told = reader.read([(Part(text=text, most=30, slot=1),) for text in texts])
    assert np.allclose(told["signals"], [[0.25, 0.75]] * 3, atol=1e-6)
    assert (tmp_path / "x_reader.json").read_text().startswith("{")
    with pytest.raises(DossierError, match="train them again"):
        read_reader((tmp_path / "x_reader.npz").read_bytes()[:0] + _other_npz(), load_encoder())


def _other_npz() -> bytes:
    import io

    buffer = io.BytesIO()
    np.savez(buffer, something=np.zeros(1))
    return buffer.getvalue()


def test_a_committee_blends_by_label_whatever_the_order_of_labels(tmp_path: Path) -> None:
    linear = Model(
        labels=("pain", "none"),
        blocks=(LinearBlock(name="w", weight=1.0),),
        names=("w=x",),
        idf=np.ones(1),
        weights=np.zeros((1, 2)),
        bias=np.log([0.75, 0.25]),
        shift=np.zeros(2),
        temperature=1.0,
        card={},
    )
    committee = Committee(reader=a_reader(tmp_path, bias=np.log(3)), linear={"signals": linear})
    ((row),) = committee.answer([{}], [(Part(text="a", most=3, slot=1),)])
    assert list(row["signals"]) == ["pain", "none"]
    assert row["signals"]["pain"] == pytest.approx(0.75, abs=1e-5)
    assert committee.answer([], []) == []


def test_tables_and_labels_are_each_others_inverse() -> None:
    rows = [{"pain": 0.7, "none": 0.3}]
    assert by_label(table(rows, LABELS), LABELS) == [{"pain": 0.7, "none": 0.3}]
    assert table([], LABELS).shape == (0, 2)
