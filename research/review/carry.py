"""A section after a refresh: the new draft, an analyst's words, and what the draft was when they were written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from research.model.draft import Claim, Section
from research.model.judgement import Judgement
from research.review.judgements import effective


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A sentence of an analyst's whose ground has moved: theirs stays until they decide; `new_text` is None where the
    new draft has no such sentence any more."""

    finding_ids: tuple[str, ...]
    old_text: str | None
    human_text: str
    new_text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """The section to show, what must be proposed to its analyst, and whether an accepted section needs another look."""

    section: Section
    proposals: tuple[Proposal, ...]
    reopened: bool


def carry_over(old: Section, new: Section, judgements: Iterable[Judgement]) -> CarriedOver:
    """The three-way merge of `old` draft, people's words and `new` draft; people's words are never overwritten.

    A judgement on a section has the section's name as its first target; further targets are the finding ids of the one
    sentence that it edits or rejects. An `accept` without further targets is of the whole section.
    """
    ours = [j for j in effective(judgements) if j.target_kind == "section" and j.target_ids[:1] == (new.name,)]
    decided = {j.target_ids[1:]: j for j in ours if len(j.target_ids) > 1 and j.verdict in ("edit", "reject", "accept")}
    edits = {ids: j.edit for ids, j in decided.items() if j.verdict == "edit" and j.edit}
    dropped = {ids for ids, j in decided.items() if j.verdict == "reject"}
    claims = _merged(new.claims, edits, dropped)
    accepted = any(j.verdict == "accept" and len(j.target_ids) == 1 for j in ours)
    return CarriedOver(
        section=replace(new, claims=claims, drafter=f"{new.drafter}+analyst" if claims != new.claims else new.drafter),
        proposals=_proposals(old.claims, new.claims, edits),
        reopened=accepted and old.inputs_sha256 != new.inputs_sha256,
    )


def _merged(
    claims: Sequence[Claim], edits: dict[tuple[str, ...], str], dropped: set[tuple[str, ...]]
) -> tuple[Claim, ...]:
    kept = [replace(c, text=edits.get(c.finding_ids, c.text)) for c in claims if c.finding_ids not in dropped]
    there = {claim.finding_ids for claim in claims}
    orphans = [Claim(text=text, finding_ids=ids) for ids, text in edits.items() if ids not in there]
    return (*kept, *orphans)


def _proposals(old: Sequence[Claim], new: Sequence[Claim], edits: dict[tuple[str, ...], str]) -> tuple[Proposal, ...]:
    before = {claim.finding_ids: claim.text for claim in old}
    after = {claim.finding_ids: claim.text for claim in new}
    return tuple(
        Proposal(finding_ids=ids, old_text=before.get(ids), human_text=text, new_text=after.get(ids))
        for ids, text in edits.items()
        if before.get(ids) != after.get(ids) and text != after.get(ids)
    )
