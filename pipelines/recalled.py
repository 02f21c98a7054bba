"""A classifier of sentences that recalls what it answered to the same page before: of a page with one new paragraph
only that paragraph, and what stands beside it, is read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from pipelines.models import Models
from research.analyse import signals
from research.analyse.features_signals import ClassifySignals, SentenceContext, SignalAnswer
from research.model.finding import Observation
from research.run.fingerprint import fingerprint
from research.text.hashing import short_id
from research.text.patterns import words_digest

Stored = tuple[Mapping[str, float], Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the analysers saw in a document, and the JSON of what the classifier of sentences answered to it."""

    observations: tuple[Observation, ...]
    answers: str


def answers_version(models: Models) -> str:
    """All that an answer depends on beside the sentence and what surrounds it."""
    return fingerprint("", signals.NAME, signals.VERSION, {"models": models.digest, "words": words_digest()})


class Recalled:
    """Asks `classify` for what `known`, the answers of an earlier reading of the page, does not hold."""

    def __init__(self, classify: ClassifySignals, known: str | None) -> None:
        self._classify = classify
        self._known: Mapping[str, Stored] = _read(known)
        self._told: dict[str, Stored] = {}

    def __call__(self, contexts: Sequence[SentenceContext]) -> list[SignalAnswer]:
        """One answer a sentence, in order."""
        keys = [short_id(*astuple(context)) for context in contexts]
        new = {key: context for key, context in zip(keys, contexts, strict=True) if key not in self._known}
        fresh = zip(new, self._classify(list(new.values())), strict=True)
        told = {**self._known, **{key: (answer.kinds, answer.holders) for key, answer in fresh}}
        self._told |= {key: told[key] for key in keys}
        return [SignalAnswer(kinds=told[key][0], holders=told[key][1]) for key in keys]

    def told(self) -> str:
        """The JSON of every answer that was given; of others, the page no longer shows the sentence."""
        return json.dumps({key: (dict(kinds), dict(holders)) for key, (kinds, holders) in self._told.items()})


def _read(known: str | None) -> Mapping[str, Stored]:
    """The answers that `told` wrote; none where they are of another form."""
    try:
        raw = json.loads(known or "{}")
        stored = {key: (dict(kinds), dict(holders)) for key, (kinds, holders) in raw.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
    sound = all(kinds and _likely(kinds) and _likely(holders) for kinds, holders in stored.values())
    return stored if sound else {}


def _likely(answer: Mapping[str, float]) -> bool:
    """Whether all of it are probabilities, give or take what rounding does to them."""
    return all(type(value) in (float, int) and -0.01 <= value <= 1.01 for value in answer.values())
