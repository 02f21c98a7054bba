"""An account's findings under people's decisions, as the desk shows them; kept until the store changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Final

from research.errors import UsageError
from research.model.account import Account
from research.model.draft import Section
from research.model.finding import Admission, Conflict, Finding, Theme
from research.model.judgement import Judgement
from research.review.agreement import Disagreement, disagreements
from research.review.alike import near_duplicates
from research.review.carry import CarriedOver, carry_over
from research.review.judgements import Reviewed, effective, review
from research.review.patch import patch
from research.review.queue import Entry, queue, urgency
from research.store.accounts import load_account
from research.store.connect import Store
from research.store.documents import addresses_of
from research.store.drafts import draft_stamp, load_draft
from research.store.findings import findings_stamp, load_findings
from research.store.judgements import UNDECIDING, judgements_since, keys_of

KEPT: Final = 8  # accounts: a board of 5,000 findings takes about 30 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What runs made of an account, without any decision; `pages` gives the address of each document."""

    account: Account
    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    admissions: Mapping[str, Admission]
    pages: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Board:
    """The ground with every decision on it; `numbered` are the judgements with their numbers, oldest first."""

    ground: Ground
    numbered: tuple[tuple[int, Judgement], ...]
    reviewed: tuple[Reviewed, ...]
    entries: tuple[Entry, ...]
    disputes: Mapping[str, Disagreement]
    carried: tuple[CarriedOver, ...]
    tokens: Mapping[str, int] = field(repr=False)

    @cached_property
    def by_id(self) -> Mapping[str, Reviewed]:
        """Every finding that stands for itself by its id."""
        return {one.finding.id: one for one in self.reviewed}

    @cached_property
    def raw(self) -> Mapping[str, Finding]:
        """Every finding by its id, merged ones too, without any decision."""
        return {finding.id: finding for finding in self.ground.findings}

    @cached_property
    def live(self) -> tuple[Judgement, ...]:
        """The judgements that hold, oldest first."""
        return tuple(effective(judgement for _, judgement in self.numbered))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every judgement in the order in which they were added."""
        return tuple(judgement for _, judgement in self.numbered)

    def seen(self, keys: Iterable[str]) -> int:
        """The token of having seen this board's decisions on some targets."""
        return max((self.tokens.get(key, 0) for key in keys), default=0)

    def host_of(self, finding_id: str) -> str:
        """The finding into which one was merged, else this one."""
        return next((one.finding.id for one in self.reviewed if finding_id in one.absorbed), finding_id)

    def require(self, finding_id: str) -> Reviewed:
        """The finding; UsageError where there is none, or it was merged into another one."""
        found = self.by_id.get(finding_id)
        if found is None:
            raise UsageError(f"there is no finding {finding_id} on this account's desk: reload the queue")
        return found

    def carried_over(self, name: str) -> CarriedOver:
        """A section with people's words; UsageError where there is none of that name."""
        found = next((c for c in self.carried if c.section.name == name), None)
        if found is None:
            raise UsageError(f"there is no section {name!r} of this account")
        return found

    def drafted(self, name: str) -> Section:
        """A section as it was drafted."""
        return next(section for section in self.ground.sections if section.name == name)


class Boards:
    """Boards by account, each made anew only where runs or people changed something; safe for many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._grounds: OrderedDict[str, tuple[object, Ground]] = OrderedDict()
        self._boards: dict[str, tuple[object, Board]] = {}

    def board(self, store: Store, account_id: str) -> Board:
        """The account's board as the store stands now; UsageError where there is no such account."""
        with store.snapshot():
            stamp = (findings_stamp(store, account_id), draft_stamp(store, account_id))
            with self._lock:
                kept_ground, kept_board = self._grounds.get(account_id), self._boards.get(account_id)
            ground = kept_ground[1] if kept_ground and kept_ground[0] == stamp else lay_ground(store, account_id)
            before = kept_board[1].numbered if kept_board else ()
            newer = judgements_since(store, account_id, before[-1][0] if before else 0)
        if kept_board and kept_board[0] == stamp and not newer:
            return kept_board[1]
        board = make_board(ground, (*before, *newer))
        with self._lock:
            self._keep(account_id, stamp, board)
        return board

    def _keep(self, account_id: str, stamp: object, board: Board) -> None:
        self._grounds[account_id] = (stamp, board.ground)
        self._grounds.move_to_end(account_id)
        self._boards[account_id] = (stamp, board)
        while len(self._grounds) > KEPT:
            oldest, _ = self._grounds.popitem(last=False)
            self._boards.pop(oldest, None)


def lay_ground(store: Store, account_id: str) -> Ground:
    """What the store holds of an account without people's decisions."""
    account = load_account(store, account_id)
    if account is None:
        raise UsageError(f"there is no account {account_id!r}")
    findings = load_findings(store, account_id, include_lapsed=True)
    ordered = sorted(findings, key=lambda f: (f.status == "lapsed", -urgency(f), f.id))
    return Ground(
        account=account,
        findings=findings,
        conflicts=load_draft(store, account_id, Conflict) or (),
        themes=load_draft(store, account_id, Theme) or (),
        sections=load_draft(store, account_id, Section) or (),
        admissions={a.document_id: a for a in load_draft(store, account_id, Admission) or ()},
        pages=addresses_of(store, account_id),
        groups=near_duplicates(ordered),
    )


def _shown(ground: Ground) -> frozenset[str]:
    """The findings that a drafted sentence says something of."""
    return frozenset(i for section in ground.sections for claim in section.claims for i in claim.finding_ids)


def make_board(ground: Ground, numbered: tuple[tuple[int, Judgement], ...]) -> Board:
    """The board of a ground and the judgements on it; pure."""
    judgements = [judgement for _, judgement in numbered]
    results = review(ground.findings, judgements, ground.pages)
    disputes = {d.finding_id: d for d in disagreements(judgements)}
    disputed = [finding_id for finding_id, dispute in disputes.items() if not dispute.settled]
    standing = {one.finding.id: one.finding for one in results}
    tokens: dict[str, int] = {}
    for number, judgement in numbered:
        if judgement.verdict not in UNDECIDING:
            whole = judgement.target_ids[:1] if judgement.target_kind == "section" else ()
            tokens.update(dict.fromkeys((*keys_of(judgement), *whole), number))
    return Board(
        ground=ground,
        numbered=numbered,
        reviewed=results,
        entries=queue(results, ground.conflicts, disputed, ground.groups, _shown(ground)),
        disputes=disputes,
        carried=tuple(carry_over(patch(section, standing), judgements) for section in ground.sections),
        tokens=tokens,
    )
