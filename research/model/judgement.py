"""What people decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from research.model.finding import Attributes, FindingKind

Verdict = Literal["accept", "edit", "reject", "merge", "split", "pin", "note", "undo", "add", "rule"]
"""`undo` takes the judgement that it supersedes back, `add` is a sentence of an analyst's own in a section, `rule` lets
a rejection hold for later findings."""

Reason = Literal["not_said", "not_theirs", "wrong_kind", "stale", "noise", "other"]

REASONS: Final[dict[Reason, str]] = {
    "not_said": "the page does not say this",
    "not_theirs": "it is about somebody else",
    "wrong_kind": "it is something else than stated",
    "stale": "it is no longer so",
    "noise": "true, but not worth keeping",
    "other": "another reason",
}
"""Why a finding is rejected, in words for people; training takes its rows by these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a rejection says of later findings: of this kind, with these attributes (compared folded), with nearly these
    words, on this page; what is empty says nothing."""

    kind: FindingKind
    where: tuple[tuple[str, str], ...] = ()
    words: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One decision on findings or a section, append-only; a later one may supersede it.

    The targets of a section are its name and, for one sentence, the findings that it cites. `changes` are attributes
    that an edit corrects. `base` are the words as they stood when it was decided and `inputs` what those stood on,
    target by target, so that what has moved since can be told without the past.
    """

    id: str
    account_id: str
    target_kind: Literal["finding", "section"]
    target_ids: tuple[str, ...]
    verdict: Verdict
    analyst: str
    at: str
    edit: str | None = None
    note: str | None = None
    supersedes: str | None = None
    changes: Attributes = ()
    reason: Reason | None = None
    base: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    rule: Rule | None = None
