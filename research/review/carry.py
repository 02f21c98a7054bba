"""A section after a refresh: the new draft, an analyst's words, and what the draft was when they were written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from research.model.draft import Claim, Section
from research.model.judgement import Judgement
from research.review.judgements import effective
from research.review.threeway import Merged, merge_words

_DECIDING = ("edit", "reject", "accept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A sentence of an analyst's whose ground has moved: theirs stays until they decide; `new_text` is None where the
    new draft has no such sentence any more, `merged` is both changes in one text."""

    finding_ids: tuple[str, ...]
    old_text: str | None
    human_text: str
    new_text: str | None
    merged: Merged | None
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """The section to show, what must be proposed to its analyst, and the acceptance that no longer holds because what
    the section stands on has changed; `accepted` is the one that holds."""

    section: Section
    proposals: tuple[Proposal, ...]
    reopened: Judgement | None = None
    accepted: Judgement | None = None


def carry_over(draft: Section, judgements: Iterable[Judgement]) -> CarriedOver:
    """The merge of a new `draft` with people's words, which are never overwritten.

    A judgement on a section has the section's name as its first target; further targets are the finding ids of the one
    sentence that it edits or rejects. An `accept` without further targets is of the whole section; an `add` is a
    sentence of an analyst's own, with the findings that it cites or none. What the draft was when they decided stands
    in the judgement itself.
    """
    ours = [j for j in effective(judgements) if j.target_kind == "section" and j.target_ids[:1] == (draft.name,)]
    decided = {j.target_ids[1:]: j for j in ours if len(j.target_ids) > 1 and j.verdict in _DECIDING}
    edits = {ids: j for ids, j in decided.items() if j.verdict == "edit" and j.edit}
    dropped = {ids for ids, j in decided.items() if j.verdict == "reject"}
    added = [_own(j, j.target_ids[1:]) for j in ours if j.verdict == "add" and j.edit]
    claims = (*_merged(draft.claims, edits, dropped), *added)
    whole = next((j for j in reversed(ours) if j.verdict == "accept" and len(j.target_ids) == 1), None)
    moved = whole is not None and whole.inputs not in ((), (draft.inputs_sha256,))
    return CarriedOver(
        section=replace(
            draft, claims=claims, drafter=f"{draft.drafter}+analyst" if claims != draft.claims else draft.drafter
        ),
        proposals=_proposals(draft.claims, edits),
        reopened=whole if moved else None,
        accepted=None if moved else whole,
    )


def _own(judgement: Judgement, finding_ids: tuple[str, ...]) -> Claim:
    return Claim(text=judgement.edit or "", finding_ids=finding_ids, analyst=judgement.analyst, written=judgement.at)


def _merged(
    claims: Sequence[Claim], edits: dict[tuple[str, ...], Judgement], dropped: set[tuple[str, ...]]
) -> tuple[Claim, ...]:
    kept: list[Claim] = []
    said: set[tuple[str, ...]] = set()
    for claim in claims:
        ids = claim.finding_ids
        if ids in edits and ids not in said:  # two drafted sentences on the same findings: the words stand once
            kept.append(_own(edits[ids], ids))
        elif ids not in edits and ids not in dropped:
            kept.append(claim)
        said.add(ids)
    return (*kept, *(_own(judgement, ids) for ids, judgement in edits.items() if ids not in said))


def _proposals(claims: Sequence[Claim], edits: dict[tuple[str, ...], Judgement]) -> tuple[Proposal, ...]:
    drafted = {claim.finding_ids: claim.text for claim in reversed(claims)}
    found = []
    for ids, judgement in edits.items():
        old, new = next(iter(judgement.base), None), drafted.get(ids)
        if judgement.edit and judgement.base and new not in (old, judgement.edit):
            found.append(
                Proposal(
                    finding_ids=ids,
                    old_text=old,
                    human_text=judgement.edit,
                    new_text=new,
                    merged=merge_words(old, judgement.edit, new) if old is not None and new is not None else None,
                    judgement=judgement,
                )
            )
    return tuple(found)
