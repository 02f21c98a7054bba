"""A linear model that is fitted, saved and loaded says the same as before, and only named features count."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from research.cluster.fitting import Recipe, Sample, choose_shift, choose_temperature, cross_validate, fit, split
from research.cluster.linear import Block, decide, load, unpack
from research.errors import DossierError

RECIPE = Recipe(
    blocks=(Block(name="w", weight=1.0), Block(name="f", weight=0.5, text=False)),
    min_rows=2,
    inner_folds=2,
    targets=("bad",),
)


def make_sample() -> Sample:
    rows, labels, groups = [], [], []
    for company in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"):
        for word, label in (("outage", "bad"), ("delay", "bad"), ("growth", "good"), ("record", "good")):
            rows.append({f"w={word}": 1.0, "w=the": 2.0, f"w={company}": 1.0, f"f=tone {label}": 1.0, "z=ignored": 1.0})
            labels.append(label)
            groups.append(company)
    return Sample(rows=rows, labels=labels, groups=groups)


def test_fitted_model_separates_and_gives_probabilities() -> None:
    model = fit(make_sample(), RECIPE, {})
    probabilities = model.predict_proba([{"w=outage": 1.0}, {"w=growth": 1.0}])
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert [label for label, _ in decide(model.classify([{"w=outage": 1.0}, {"w=growth": 1.0}]))] == ["bad", "good"]


def test_only_features_that_companies_share_and_blocks_of_the_recipe_are_kept() -> None:
    names = fit(make_sample(), RECIPE, {}).names
    assert "w=outage" in names
    assert "w=alpha" not in names  # one company alone
    assert not any(name.startswith("z=") for name in names)


def test_unknown_features_change_nothing() -> None:
    model = fit(make_sample(), RECIPE, {})
    known = {"w=outage": 1.0, "f=tone bad": 1.0}
    assert np.array_equal(model.logits([known]), model.logits([known | {"w=never seen": 5.0, "q=x": 1.0}]))


def test_saved_model_says_the_same_and_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    first, second = fit(make_sample(), RECIPE, {"name": "x"}), fit(make_sample(), RECIPE, {"name": "x"})
    first.save(tmp_path / "a.npz")
    second.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = unpack((tmp_path / "a.npz").read_bytes(), json.loads((tmp_path / "a.json").read_text()))
    row = [{"w=outage": 1.0, "w=the": 3.0, "f=tone bad": 1.0}]
    assert np.allclose(first.predict_proba(row), again.predict_proba(row), atol=1e-9)
    assert again.digest == first.digest
    assert again.card == {"name": "x"}


def test_no_company_is_on_both_sides_of_a_fold() -> None:
    sample = make_sample()
    tested: list[int] = []
    for train, test in split(sample, 3):
        assert not {sample.groups[i] for i in train} & {sample.groups[i] for i in test}
        tested.extend(test)
    assert sorted(tested) == list(range(len(sample.labels)))


def test_extra_rows_are_trained_on_and_never_scored() -> None:
    sample = make_sample()
    extra = Sample(
        rows=[*sample.rows, {"w=crash": 1.0}],
        labels=[*sample.labels, "bad"],
        groups=[*sample.groups, "own"],
        extra=frozenset({len(sample.labels)}),
    )
    assert all(len(sample.labels) in train for train, _ in split(extra, 2))
    assert set(cross_validate(extra, RECIPE, 2)) == set(range(len(sample.labels)))


def test_cross_validation_finds_what_companies_share() -> None:
    held_out = cross_validate(make_sample(), RECIPE, 4)
    labels = make_sample().labels
    assert all(max(p, key=lambda label: p[label]) == labels[row] for row, p in held_out.items())


def test_shift_helps_a_rare_label_and_temperature_tempers_what_is_too_sure() -> None:
    truth = np.array([0] * 6 + [1] * 3)
    logits = np.array([[1.0, -1.0]] * 6 + [[0.4, 0.0]] * 3)
    shift = choose_shift(logits, truth, [1])
    assert ((logits + shift).argmax(axis=1) == truth).all()
    sure_but_wrong = np.array([[4.0, 0.0]] * 4)
    assert choose_temperature(sure_but_wrong, np.array([0, 1, 0, 1])) > 1.0


def test_broken_weights_are_told_in_words() -> None:
    with pytest.raises(DossierError, match="train them again"):
        unpack(b"no zip", {})
    with pytest.raises(DossierError, match="dossier train nothing"):
        load("nothing")
