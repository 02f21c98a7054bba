"""The trained models that the stages are handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from pipelines.bootstrap import Workspace
from research.analyse.annotate import Annotator
from research.analyse.features_signals import ClassifySignals, SentenceContext, SignalAnswer, signal_features
from research.analyse.parts import relation_parts, signal_parts
from research.analyse.relation_model import Pair, relation_features
from research.analyse.wording import told_holders, told_kinds
from research.cluster.committee import Committee, Probabilities
from research.cluster.linear import digest_of, load, weights_digest
from research.cluster.reader import load_reader
from research.text.hashing import sha256_text

NONE: Final = "none"
_KIND, _HOLDER, _RELATION = "signals", "holders", "relations"
# Where the linear model is this sure that a sentence says nothing, the reader is not asked: see docs/quality.md.
_SURELY_NONE: Final = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The language model, and the classifier of signals; `digest` changes when any classifier's weights do."""

    annotator: Annotator
    signals: ClassifySignals
    digest: str


def load_models(workspace: Workspace) -> Models:
    """The models that the settings name; each is read when it is first needed: where nothing changed, none is."""
    return models_of(workspace.settings.nlp.model)


@cache
def models_of(name: str | None) -> Models:
    """The models with the language model NAME (None: the best that is installed), one set a process."""
    signals = LazySignals()
    return Models(annotator=Annotator(name), signals=signals, digest=signals.digest)


class LazySignals:
    """The shipped classifier of sentences, read at its first question."""

    def __call__(self, contexts: Sequence[SentenceContext]) -> list[SignalAnswer]:
        """As `SignalModels`; where nothing is asked, nothing is read."""
        return self._loaded(contexts) if contexts else []

    @cached_property
    def _loaded(self) -> SignalModels:
        return load_signals()

    @cached_property
    def digest(self) -> str:
        """What `SignalModels.digest` would be."""
        linear = "".join(digest_of(name) for name in sorted((_KIND, _HOLDER)))
        return sha256_text(weights_digest("sentences_reader.npz") + linear)


@dataclass(frozen=True, kw_only=True)
class SignalModels:
    """Kind and holder of sentences: a linear model sets aside what is surely nothing, the committee reads the rest."""

    committee: Committee

    @property
    def digest(self) -> str:
        """Changes when any member's weights do."""
        return self.committee.digest

    def __call__(self, contexts: Sequence[SentenceContext]) -> list[SignalAnswer]:
        """One answer a sentence, in order."""
        features = [signal_features(context) for context in contexts]
        first = self.committee.linear[_KIND].classify(features)
        doubtful = [at for at, kinds in enumerate(first) if kinds.get(NONE, 0.0) < _SURELY_NONE]
        answers = [SignalAnswer(kinds=kinds, holders={}) for kinds in first]
        read = self.committee.answer(
            [features[at] for at in doubtful],
            [signal_parts(contexts[at]) for at in doubtful],
            {_KIND: [first[at] for at in doubtful]},
        )
        for at, told in zip(doubtful, read, strict=True):
            kinds, holders = told_kinds(contexts[at], told[_KIND]), told_holders(contexts[at], told[_HOLDER])
            answers[at] = SignalAnswer(kinds=kinds, holders=holders)
        return answers


@dataclass(frozen=True, kw_only=True)
class RelationModels:
    """What one company is to another."""

    committee: Committee

    def __call__(self, pairs: Sequence[Pair]) -> list[Probabilities]:
        """For each pair the probability of every relation, the likeliest first."""
        told = self.committee.answer([relation_features(p) for p in pairs], [relation_parts(p) for p in pairs])
        return [row[_RELATION] for row in told]


def load_signals() -> SignalModels:
    """The shipped classifier of sentences."""
    linear = {name: load(name) for name in (_KIND, _HOLDER)}
    return SignalModels(committee=Committee(reader=load_reader("sentences"), linear=linear))


def load_relations() -> RelationModels:
    """The shipped classifier of pairs."""
    return RelationModels(committee=Committee(reader=load_reader("pairs"), linear={_RELATION: load(_RELATION)}))
