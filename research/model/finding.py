"""What analysers see, and what the store keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Value = str | float | bool | None
Attributes = tuple[tuple[str, Value], ...]
FindingKind = Literal["fact", "person", "offering", "office", "relation", "event", "signal", "presence"]
FindingStatus = Literal["new", "accepted", "edited", "rejected", "lapsed"]
ConflictKind = Literal["stale", "period", "scope", "currency", "spread", "genuine"]


def attributes(**values: Value) -> Attributes:
    """Attributes in their one canonical order (by name)."""
    return tuple(sorted(values.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A named thing in a text: `text == source[start:end]`; `label` is one of CONTRACT's entity labels."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One analyser's reading of one span of one document; `score` 0..1."""

    kind: FindingKind
    attributes: Attributes
    document_id: str
    start: int
    end: int
    score: float
    analyser: str
    version: str

    def get(self, name: str) -> Value:
        """An attribute, or None where it is not set."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span of a stored document that shows a finding; `quote_sha256` is of the span's UTF-8 bytes."""

    finding_id: str
    document_id: str
    start: int
    end: int
    quote_sha256: str
    score: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A claim about an account; `id` depends only on account, kind and normalised attributes.

    `evidence` is never empty and stands best first. `first_seen` and `last_seen` are ISO date-times.
    """

    id: str
    account_id: str
    kind: FindingKind
    attributes: Attributes
    confidence: float
    status: FindingStatus
    first_seen: str
    last_seen: str
    evidence: tuple[Evidence, ...]

    def get(self, name: str) -> Value:
        """An attribute, or None where it is not set."""
        return dict(self.attributes).get(name)

    def text(self, name: str) -> str:
        """An attribute as a string, empty where it is not set."""
        value = self.get(name)
        return "" if value is None else str(value)

    @property
    def values(self) -> Mapping[str, Value]:
        """All attributes by name."""
        return dict(self.attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Findings of one field that cannot all hold, best first, and why they differ."""

    field: str
    kind: ConflictKind
    finding_ids: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The identity gate's decision on one document, with its reason in plain words.

    `own` says that the account itself publishes the document, so that "we" there is the account.
    """

    document_id: str
    url: str
    admitted: bool
    own: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A group of findings with a label that occurs in them; `medoid` is the most typical member."""

    id: str
    label: str
    terms: tuple[str, ...]
    finding_ids: tuple[str, ...]
    medoid: str
