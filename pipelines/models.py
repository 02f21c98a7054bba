"""The trained models that the stages are handed."""

from __future__ import annotations

from dataclasses import dataclass

from research.analyse.signals import Classify

from research.analyse.annotate import Annotator


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The language model, and the classifiers of signals; `digest` changes when any classifier's weights do."""

    annotator: Annotator
    kinds: Classify
    holders: Classify
    digest: str
