"""What became of an account's claims since a day, in words and with the quotes before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from research.errors import UsageError
from research.model.account import Account
from research.model.change import ClaimChange, Difference, News, ToldChange
from research.model.document import Document
from research.model.finding import Conflict, Evidence, Finding
from research.resolve.changes import Ground, differences, subject_of
from research.review import judgements as review
from research.review.judgements import ANALYST_TEXT
from research.store.documents import load_documents
from research.store.drafts import load_draft
from research.store.history import State, events_since, last_noted, state_at, state_now, steps_since
from research.store.judgements import judgements_of
from research.store.meetings import last_meeting
from research.store.observations import latest_observations
from research.text.hashing import short_id

LAST_MEETING: Final = "last-meeting"
_NAMES: Final = ("value", "name", "company", "phrase", "summary", "place")


def list_changes(account: str, since: str, workspace: Workspace) -> list[ToldChange]:
    """The changes at or after `since` (an ISO date or date-time, or `last-meeting`), the most important first."""
    return list(news_of(require_account(workspace, account), since, workspace).changes)


def start_of(account: Account, since: str, workspace: Workspace) -> str:
    """The date that `since` means for an account; UsageError where its last meeting is not known."""
    if since != LAST_MEETING:
        return since
    day = last_meeting(workspace.store, account.id, workspace.today)
    if day is None:
        raise UsageError(
            f"no meeting with {account.name} is known before {workspace.today}: give one with "
            f"`dossier accounts meeting {account.id} DATE`, or a date in place of {LAST_MEETING}"
        )
    return day


def news_of(account: Account, since: str, workspace: Workspace) -> News:
    """What changed of an account since a day, told once for the whole time."""
    store = workspace.store
    start = start_of(account, since, workspace)
    events = events_since(store, account.id, start)
    then, now = state_at(store, account.id, start), state_now(store, account.id)
    if not events and then.documents == now.documents:  # the usual case costs no comparison
        return News(since=start, changes=())
    difference, ground = _differ(account, then, now, workspace)
    told = _tell(difference, ground, last_noted(events), workspace.clock())
    return News(since=start, changes=told, folded=len(difference.folded))


def steps_of(account: Account, since: str, workspace: Workspace) -> tuple[ToldChange, ...]:
    """Every change since a day at the moment when it was noted, newest first: a later change of the same claim is told
    beside the earlier one, so that what was told once never changes."""
    told: list[ToldChange] = []
    for step in steps_since(workspace.store, account.id, start_of(account, since, workspace)):
        difference, ground = _differ(account, step.before, step.after, workspace)
        told += _tell(difference, ground, {}, step.at)
    return tuple(sorted(told, key=lambda c: (c.at, c.importance), reverse=True))


def _differ(account: Account, then: State, now: State, workspace: Workspace) -> tuple[Difference, Ground]:
    store = workspace.store
    decided = judgements_of(store, account.id)
    before = [f for f in review.apply(then.findings, decided) if f.status != "rejected"]
    after = [f for f in review.apply(now.findings, decided) if f.status != "rejected"]
    noted = then.documents is not None and now.documents is not None
    left = (then.documents or frozenset()) - (now.documents or frozenset()) if noted else None
    come = (now.documents or frozenset()) - (then.documents or frozenset()) if noted else None
    observed = latest_observations(store, (left or frozenset()) | (come or frozenset()))
    gone = _subjects(observed, left or ()) - _subjects(observed, come or ())
    standing = (then.documents or frozenset()) & (now.documents or frozenset()) if gone else frozenset()
    for key, found in latest_observations(store, standing).items():
        observed[key] = tuple(o for o in found if subject_of(o) in gone)
    relevant = frozenset(key for key in standing if observed.get(key))
    cited = _cited(before, after, gone)
    documents = load_documents(store, sorted(cited | relevant | (left or frozenset()) | (come or frozenset())))
    ground = Ground(
        then=before,
        now=after,
        today=workspace.today,
        documents={d.id: d for d in documents},
        left=left,
        come=come,
        observed=observed,
        standing=relevant,
        conflicts=load_draft(store, account.id, Conflict) or (),
    )
    return differences(ground), ground


def _subjects(observed: dict[str, Any], documents: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(s for key in documents for o in observed.get(key, ()) if (s := subject_of(o)))


def _cited(then: Sequence[Finding], now: Sequence[Finding], gone: frozenset[tuple[str, ...]]) -> set[str]:
    """The documents that a comparison has to look into: those of findings that differ, of people who hold a post, and
    of what a page no longer shows."""
    earlier, later = {f.id: f for f in then}, {f.id: f for f in now}
    looked = [f for f in (*then, *now) if earlier.get(f.id) != later.get(f.id)]
    looked += [f for f in now if f.kind == "person" or subject_of(f) in gone]
    return {e.document_id for f in looked for e in f.evidence}


def _tell(difference: Difference, ground: Ground, noted: dict[str, str], now: str) -> tuple[ToldChange, ...]:
    return tuple(_told(change, ground, noted.get(change.subject.id, now)) for change in difference.changes)


def _told(change: ClaimChange, ground: Ground, at: str) -> ToldChange:
    before, after = change.before, change.after
    first, second = _best(before, ground.left), _best(after, ground.come)
    ids = (before.id if before else "", after.id if after else "")
    return ToldChange(
        id=short_id(change.subject.account_id, change.type, *ids, at),
        finding_id=change.subject.id,
        at=at,
        change=change.type,
        kind=change.subject.kind,
        topic=change.topic,
        importance=change.importance,
        before=say(before),
        after=say(after),
        quote_before=_quote(first, ground),
        quote_after=_quote(second, ground),
        url_before=_url(first, ground),
        url_after=_url(second, ground),
        finding_before=ids[0],
        note=change.note,
    )


def _best(finding: Finding | None, among: frozenset[str] | None) -> Evidence | None:
    """The evidence to quote: the best on a page that came or went, else the best of all."""
    if finding is None:
        return None
    moved = (e for e in finding.evidence if among and e.document_id in among)
    return next(moved, finding.evidence[0])


def _quote(evidence: Evidence | None, ground: Ground) -> str:
    document = _document(evidence, ground)
    return document.text[evidence.start : evidence.end] if document and evidence else ""


def _url(evidence: Evidence | None, ground: Ground) -> str:
    document = _document(evidence, ground)
    return document.url if document else ""


def _document(evidence: Evidence | None, ground: Ground) -> Document | None:
    return ground.documents.get(evidence.document_id) if evidence else None


def say(finding: Finding | None) -> str:
    """A finding in a few words: what it is of, and its value, or an analyst's words in their place."""
    if finding is None:
        return ""
    value = next((finding.text(name) for name in (ANALYST_TEXT, *_NAMES) if finding.get(name)), "")
    of = finding.text("field") or finding.text("relation") or finding.text("type") or finding.text("role")
    period = f" ({finding.text('period')})" if finding.get("period") else ""
    return f"{of}: {value}{period}" if of else value


def as_dict(change: ToldChange) -> dict[str, Any]:
    """The change as a JSON object."""
    return asdict(change)
