"""What people decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["accept", "edit", "reject", "merge", "split", "pin", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One decision on findings or a section, append-only; a later one may supersede it."""

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
