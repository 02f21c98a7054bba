"""What every analyser is given: a document cut into blocks, sentences and mentions, all in document offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from research.model.account import Account
from research.model.document import Document, Passage
from research.model.finding import Mention, Observation
from research.text.suspicion import suspicion


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: `text == document.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One passage with its sentences and mentions, offsets into the document."""

    passage: Passage
    text: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]

    def mentions_in(self, start: int, end: int, label: str | None = None) -> tuple[Mention, ...]:
        """The mentions that lie wholly in `start:end`, of one label or of all."""
        return tuple(
            m for m in self.mentions if start <= m.start and m.end <= end and (label is None or m.label == label)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as analysers see it; `own` says that the account itself publishes it."""

    document: Document
    account: Account
    own: bool
    blocks: tuple[Block, ...]

    def sentences(self, *, main_only: bool = False) -> Iterator[tuple[Block, Sentence]]:
        """Every sentence with its block, in document order."""
        for block in self.blocks:
            if block.passage.main or not main_only:
                for sentence in block.sentences:
                    yield block, sentence


def outside_suspicious(observations: Iterable[Observation], document: Document) -> tuple[Observation, ...]:
    """The observations that neither rest on a passage that addresses a model nor say such a thing themselves."""
    flagged = document.suspicious
    spans = [(p.start, p.end) for p in document.passages if p.ordinal in flagged]
    return tuple(
        o
        for o in observations
        if not any(o.start < end and start < o.end for start, end in spans)
        and not any(isinstance(value, str) and suspicion(value) for _, value in o.attributes)
    )


Analyse = Callable[[Reading], tuple[Observation, ...]]
