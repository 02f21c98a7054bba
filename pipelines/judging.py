"""What an analyst asks for, checked and turned into judgements; forms, the API and imports all come through here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from pipelines.board import Board
from research.errors import UsageError
from research.model.finding import Attributes
from research.model.judgement import REASONS, Judgement, Reason, Verdict
from research.review.alike import subject
from research.review.judgements import CORRECTABLE, STATUS, inputs_of
from research.review.rules import SCOPES, Scope, rule_for
from research.store.connect import Store
from research.store.judgements import UNDECIDING, Saved, decide_all
from research.text.hashing import short_id

MOST_TARGETS: Final = 500  # findings in one decision: more at once is no review
MOST_LETTERS: Final = 4000  # of words and notes
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "type": ("pain", "goal", "remedy"),
    "holder": ("account", "customer", "industry", "other"),
    "relation": tuple(
        "competitor customer partner supplier investor acquired subsidiary parent product other none".split()
    ),
}
"""What an edit may correct, and the values of the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One decision as it was asked for: `key` is the same for a repeated request, `seen` the token of the page on which
    it was made, `scope` how far a rejection reaches."""

    key: str
    analyst: str
    verdict: str
    targets: tuple[str, ...]
    target_kind: Literal["finding", "section"] = "finding"
    seen: int | None = None
    edit: str = ""
    note: str = ""
    reason: str = ""
    scope: str = "same"
    changes: Attributes = ()
    supersedes: str = ""


def save(ask: Ask, board: Board, store: Store, now: str) -> Saved:
    """Save what was asked for, with the rule that it makes; UsageError where it does not fit, StaleError where somebody
    else decided after the analyst had looked."""
    repeated = next((j for j in board.judgements if j.id == ask.key), None)
    if repeated is not None and repeated.verdict == ask.verdict and ask.verdict in ("split", "undo"):
        return Saved(judgement=repeated, again=True)
    made = judgements_for(ask, board, now)
    return decide_all(store, made, ask.seen)[0]


def judgements_for(ask: Ask, board: Board, now: str) -> tuple[Judgement, ...]:
    """The judgement that was asked for, and behind it the rule of a rejection that reaches further; pure."""
    _check(ask)
    if ask.verdict == "undo":
        return _undo(ask, board, now)
    judgement = _on_section(ask, board, now) if ask.target_kind == "section" else _on_findings(ask, board, now)
    rule = _rule(ask, board, judgement)
    return (judgement, rule) if rule is not None else (judgement,)


def last_of(board: Board, analyst: str) -> Judgement | None:
    """What an undo of this analyst takes back: their last decision that holds."""
    own = (j for j in reversed(board.live) if j.analyst == analyst and j.verdict not in ("undo", "rule"))
    return next(own, None)


def _check(ask: Ask) -> None:
    if not _KEY.fullmatch(ask.key):
        raise UsageError("a decision needs a key of 8 to 64 letters, digits, - or _ that no other one has")
    if not ask.analyst:
        raise UsageError("a decision carries a name: say who you are first")
    if not ask.targets or len(ask.targets) > MOST_TARGETS:
        raise UsageError(f"a decision is on 1 to {MOST_TARGETS} findings, not on {len(ask.targets)}")
    if ask.seen is None and ask.verdict not in (*UNDECIDING, "add"):
        raise UsageError("a decision says up to which one the earlier decisions were seen: reload the page")
    if len(set(ask.targets)) != len(ask.targets):
        raise UsageError("a decision names each finding once")
    if max(len(ask.edit), len(ask.note)) > MOST_LETTERS:
        raise UsageError(f"words and notes have {MOST_LETTERS:,} letters at most")


def _on_findings(ask: Ask, board: Board, now: str) -> Judgement:
    verdict, reason = _verdict(ask), _reason(ask)
    targets = [board.require(target).raw for target in ask.targets]
    if verdict == "merge" and len(targets) < 2:
        raise UsageError("merging takes two findings or more: mark those that say the same")
    if verdict == "merge" and len({finding.kind for finding in targets}) > 1:
        raise UsageError("only findings of one kind can be merged")
    if verdict == "edit" and len(targets) != 1:
        raise UsageError("words are of one finding")
    if verdict == "edit" and not (ask.edit or ask.changes):
        raise UsageError("the words are empty: write what the finding should say, or reject it")
    if verdict == "note" and not ask.note:
        raise UsageError("the note is empty")
    split = _split_off(ask, board) if verdict == "split" else ask.targets
    changes = _changes(ask, targets[0].kind) if verdict == "edit" else ()
    return Judgement(
        id=ask.key,
        account_id=board.ground.account.id,
        target_kind="finding",
        target_ids=split,
        verdict=verdict,
        analyst=ask.analyst,
        at=now,
        edit=ask.edit or None if verdict == "edit" else None,
        note=ask.note or None,
        changes=changes,
        reason=reason,
        base=tuple(subject(finding) for finding in targets) if verdict in STATUS else (),
        inputs=tuple(inputs_of(finding) for finding in targets) if verdict in STATUS else (),
    )


def _split_off(ask: Ask, board: Board) -> tuple[str, ...]:
    absorbed = tuple(other for target in ask.targets for other in board.require(target).absorbed)
    if not absorbed:
        raise UsageError("nothing was merged into this finding: there is nothing to split")
    return absorbed


def _verdict(ask: Ask) -> Verdict:
    for known in ("accept", "edit", "reject", "merge", "split", "pin", "note"):
        if ask.verdict == known:
            return known
    raise UsageError(f"{ask.verdict!r} is no verdict: accept, edit, reject, merge, split, pin, note or undo")


def _reason(ask: Ask) -> Reason | None:
    if ask.verdict != "reject":
        return None
    for known in REASONS:
        if ask.reason == known:
            return known
    raise UsageError(f"a rejection has a reason: {', '.join(REASONS)}")


def _changes(ask: Ask, kind: str) -> Attributes:
    for name, value in ask.changes:
        if name not in CORRECTABLE.get(kind, ()) or value not in CHOICES[name]:
            raise UsageError(f"{name} = {value!r} cannot be corrected on a {kind}")
    return tuple(sorted(ask.changes))


def _rule(ask: Ask, board: Board, judgement: Judgement) -> Judgement | None:
    """The rule beside a rejection of one finding; a rejection of many is of these alone."""
    if judgement.verdict != "reject" or judgement.target_kind != "finding" or len(judgement.target_ids) != 1:
        return None
    scope: Scope | None = next((known for known in SCOPES if known == ask.scope), None)
    if scope is None:
        raise UsageError(f"a rejection reaches as far as one of {', '.join(SCOPES)}")
    finding = board.raw[judgement.target_ids[0]]
    rule = rule_for(finding, scope, board.ground.pages.get(finding.evidence[0].document_id, ""))
    if rule is None:
        return None
    return Judgement(
        id=short_id(judgement.id, "rule"),
        account_id=judgement.account_id,
        target_kind="finding",
        target_ids=judgement.target_ids,
        verdict="rule",
        analyst=judgement.analyst,
        at=judgement.at,
        note=judgement.note or REASONS[judgement.reason or "other"],
        reason=judgement.reason,
        rule=rule,
    )


def _undo(ask: Ask, board: Board, now: str) -> tuple[Judgement, ...]:
    """What takes a decision back, and with a rejection the rule that it made."""
    target = next((j for j in board.judgements if j.id == ask.supersedes), None)
    if target is None:
        raise UsageError("there is no such decision to take back: reload the page")
    undo = Judgement(
        id=ask.key,
        account_id=target.account_id,
        target_kind=target.target_kind,
        target_ids=target.target_ids,
        verdict="undo",
        analyst=ask.analyst,
        at=now,
        note=ask.note or None,
        supersedes=target.id,
    )
    rule = next((j for j in board.live if j.id == short_id(target.id, "rule")), None)
    return (undo, replace(undo, id=short_id(undo.id, "rule"), supersedes=rule.id)) if rule else (undo,)


def _on_section(ask: Ask, board: Board, now: str) -> Judgement:
    if ask.verdict not in ("accept", "edit", "reject", "add"):
        raise UsageError(f"{ask.verdict!r} is nothing that can be done to a section: accept, edit, reject or add")
    name, *cited = ask.targets
    carried, drafted = board.carried_over(name), board.drafted(name)
    unknown = [finding_id for finding_id in cited if finding_id not in board.raw]
    if unknown:
        raise UsageError(f"there is no finding {unknown[0]} to cite")
    if ask.verdict in ("edit", "add") and not ask.edit:
        raise UsageError("the sentence is empty: write it, or strike it out")
    if ask.verdict in ("edit", "reject") and not cited and not ask.supersedes:
        raise UsageError("name the sentence by the findings that it cites")
    if ask.verdict == "accept" and not cited:
        base, inputs = "\n".join(claim.text for claim in carried.section.claims), drafted.inputs_sha256
    else:
        base, inputs = next((c.text for c in drafted.claims if c.finding_ids == tuple(cited)), ""), ""
    return Judgement(
        id=ask.key,
        account_id=board.ground.account.id,
        target_kind="section",
        target_ids=ask.targets,
        verdict=ask.verdict,  # type: ignore[arg-type]  # one of the four above
        analyst=ask.analyst,
        at=now,
        edit=ask.edit or None,
        note=ask.note or None,
        supersedes=ask.supersedes or None,
        base=(base,) if base else (),
        inputs=(inputs,) if inputs else (),
    )
