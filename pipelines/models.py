"""The trained models that the stages are handed."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.bootstrap import Workspace
from research.analyse.annotate import Annotator
from research.analyse.features_text import Classify
from research.cluster.linear import load
from research.text.hashing import sha256_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The language model, and the classifiers of signals; `digest` changes when any classifier's weights do."""

    annotator: Annotator
    kinds: Classify
    holders: Classify
    digest: str


def load_models(workspace: Workspace) -> Models:
    """The models that the settings name; the language model itself is read when it is first needed."""
    kinds, holders = load("signals"), load("holders")
    return Models(
        annotator=Annotator(workspace.settings.nlp.model),
        kinds=kinds.classify,
        holders=holders.classify,
        digest=sha256_text(kinds.digest + holders.digest),
    )
