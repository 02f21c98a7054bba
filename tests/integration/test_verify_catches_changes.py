"""Every drafted sentence of the sample is changed in one thing, and the verifier must refuse it."""

from __future__ import annotations

import pytest

from pipelines.mutants import CHANGES
from pipelines.scoring_verify import Trial, try_sentences

from .conftest import SampleRun

# What the verifier is held to: of a hundred changed sentences this many are refused.
LEAST = {"number": 0.99, "name": 0.99, "date": 0.99, "negation": 0.90, "modality": 0.90}


@pytest.fixture(scope="module")
def trial(sample: SampleRun) -> Trial:
    return try_sentences(sample.outcome.brief)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_sentence_is_refused(trial: Trial, change: str) -> None:
    caught, missed = trial.caught.get(change, 0), trial.missed.get(change, 0)
    assert caught + missed >= 100
    passed = [error["changed"] for error in trial.errors if error["kind"] == change]
    assert caught / (caught + missed) >= LEAST[change], passed


def test_a_true_sentence_is_kept(trial: Trial) -> None:
    assert trial.true > 150
    assert trial.refused / trial.true <= 0.01, [error for error in trial.errors if error["kind"] == "refused"]
