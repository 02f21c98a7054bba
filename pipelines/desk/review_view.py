"""A finding as the review page shows it: what it says, why it is believed, and where it stands in the captured text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.board import Board
from pipelines.judging import CHOICES
from research.export.notes import Quote, describe, in_words, quote_in_context, safe_link
from research.model.document import Document
from research.model.finding import Admission, Evidence, Finding
from research.model.judgement import REASONS, Judgement
from research.review.alike import subject
from research.review.judgements import ANALYST_TEXT, CORRECTABLE, PINNED, Reviewed
from research.review.queue import WHY, Entry
from research.review.rules import say_rule
from research.review.threeway import Mark, Merged, differences, merge_words
from research.store.captures import load_capture
from research.store.connect import Store
from research.store.documents import load_documents
from research.text.hashing import sha256_text

AROUND: Final = 900  # letters of the captured text before and after the quote: about a screen
QUOTE_MOST: Final = 6000  # of one quote: a table or a card may be long, and a page has its limit
OTHERS: Final = 8  # further pieces of evidence; more of them prove no more
NEAR: Final = 25  # near-duplicates listed
_DETAIL: Final = tuple("field role relation period type holder date product basis description current of".split())
_VERDICTS: Final = {
    "accept": "accepted",
    "edit": "worded",
    "reject": "rejected",
    "merge": "merged",
    "split": "split",
    "pin": "pinned",
    "note": "noted on",
    "undo": "took back a decision on",
    "add": "added a sentence to",
    "rule": "made a rule from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One decision in words."""

    id: str
    who: str
    when: str
    did: str
    words: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The best evidence inside the captured page's text."""

    before: str
    marked: str
    after: str
    cut_before: bool
    cut_after: bool
    title: str
    url: str
    link: str
    published: str
    seen: str
    identity: str
    document: str
    start: int
    end: int
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What changed under a decision: the old words, the new ones, and for an analyst's words both changes in one."""

    old: str
    new: str
    marks: tuple[tuple[Mark, str], ...]
    human: str = ""
    merged: Merged | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that the review page says of one finding."""

    id: str
    kind: str
    described: str
    what: str
    words: str
    details: tuple[tuple[str, str], ...]
    figure: str
    confidence: str
    reasons: tuple[str, ...]
    status: str
    pinned: bool
    decision: Said | None
    ruled: str
    notes: tuple[Said, ...]
    disputes: tuple[Said, ...]
    moved: Moved | None
    conflicts: tuple[str, ...]
    absorbed: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str, str, str], ...]
    near_more: int
    corrections: tuple[tuple[str, str, tuple[str, ...]], ...]
    passage: Passage | None
    others: tuple[Quote, ...]
    others_more: int
    seen: int


def say(judgement: Judgement) -> Said:
    """A decision in words."""
    reason = REASONS[judgement.reason] if judgement.reason and judgement.verdict == "reject" else ""
    return Said(
        id=judgement.id,
        who=judgement.analyst,
        when=judgement.at[:16].replace("T", " "),
        did=_VERDICTS[judgement.verdict],
        words=judgement.edit or "",
        why=": ".join(part for part in (reason, judgement.note or "") if part),
    )


def card(board: Board, one: Reviewed, store: Store) -> Card:
    """The card of one finding, with its evidence read from the store."""
    finding = one.finding
    documents = {d.id: d for d in load_documents(store, _needed(finding, one))}
    known = [e for e in finding.evidence if e.document_id in documents]
    shown, others = known[:1], _distinct(known)[1 : OTHERS + 1]
    near = [board.by_id[i] for i in _near(board, finding.id) if i in board.by_id]
    dispute = board.disputes.get(finding.id)
    return Card(
        id=finding.id,
        kind=finding.kind,
        described=describe(finding),
        what=subject(finding) or finding.kind,
        words=finding.text(ANALYST_TEXT),
        details=tuple((name, finding.text(name)) for name in _DETAIL if finding.text(name)),
        figure=f"{finding.confidence:.2f}",
        confidence=in_words(one.raw),
        reasons=_reasons(finding, documents),
        status=finding.status,
        pinned=bool(finding.get(PINNED)),
        decision=say(one.decision) if one.decision else None,
        ruled=_ruled(one),
        notes=tuple(say(j) for j in one.notes),
        disputes=tuple(say(j) for j in dispute.judgements) if dispute else (),
        moved=_moved(one),
        conflicts=tuple(c.explanation for c in board.ground.conflicts if finding.id in c.finding_ids),
        absorbed=tuple((i, subject(board.raw[i])) for i in one.absorbed),
        near=tuple((r.finding.id, subject(r.finding), _differs(r.finding), r.finding.status) for r in near[:NEAR]),
        near_more=max(0, len(near) - NEAR),
        corrections=tuple((n, finding.text(n), CHOICES[n]) for n in CORRECTABLE.get(finding.kind, ())),
        passage=_passage(shown[0], documents, board.ground.admissions, store) if shown else None,
        others=tuple(_quote(e, documents, store) for e in others),
        others_more=max(0, len(known) - 1 - len(others)),
        seen=board.seen((finding.id,)),
    )


def line(entry: Entry) -> tuple[str, str, str, str, int]:
    """A place in the queue: id, what it says, what it is, why it is there, and how many are folded behind it."""
    what = entry.finding.text(ANALYST_TEXT) or subject(entry.finding) or entry.finding.kind
    return (entry.finding.id, what[:240], describe(entry.finding), WHY[entry.why], len(entry.alike))


def _needed(finding: Finding, one: Reviewed) -> list[str]:
    evidence = [*finding.evidence[: 4 * OTHERS], *(old.evidence[0] for old in one.heir_of)]
    return list(dict.fromkeys(e.document_id for e in evidence))


def _distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best of each wording: a footer on forty pages is one."""
    return list({e.quote_sha256: e for e in reversed(evidence)}.values())[::-1]


def _near(board: Board, finding_id: str) -> tuple[str, ...]:
    for head, members in board.ground.groups.items():
        group = (head, *members)
        if finding_id in group and members:
            return tuple(i for i in group if i != finding_id)
    return ()


def _differs(finding: Finding) -> str:
    return ", ".join(finding.text(name) for name in _DETAIL if finding.text(name) and name not in ("of", "description"))


def _reasons(finding: Finding, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Why the figure is what it is, in plain words: a noisy-or over the distinct texts that show the finding."""
    texts, pages = {e.quote_sha256 for e in finding.evidence}, {e.document_id for e in finding.evidence}
    best = max((e.score for e in finding.evidence), default=0.0)
    found = [f"The surest reading of a single text is {best:.2f}; 1 would be certain."]
    if len(texts) > 1:
        found.append(f"{len(texts)} different texts say it, and each makes it likelier that one of them is read right.")
    if len(pages) > len(texts):
        found.append(f"It stands on {len(pages)} pages, but the same words again prove no more.")
    if len(pages) == 1:
        found.append("Only one page says it.")
    if any(d.trust == "low" for d in documents.values()):
        found.append("A document behind it could not be taken apart surely.")
    dates = sorted(d.published[:10] for d in documents.values() if d.published)
    found.append(f"The youngest dated page is of {dates[-1]}." if dates else "No page behind it states a date.")
    return tuple(found)


def _ruled(one: Reviewed) -> str:
    if one.ruled is None or one.ruled.rule is None:
        return ""
    return f"{say_rule(one.ruled.rule)} ({one.ruled.analyst}, {one.ruled.at[:10]})"


def _moved(one: Reviewed) -> Moved | None:
    if not one.moved or one.decision is None:
        return None
    old, new = _old_words(one), subject(one.raw) if one.raw.status != "lapsed" else ""
    human = one.finding.text(ANALYST_TEXT)
    merged = merge_words(old, human, new) if human and old and new else None
    return Moved(old=old, new=new, marks=differences(old, new), human=human, merged=merged)


def _old_words(one: Reviewed) -> str:
    if one.heir_of:
        return subject(one.heir_of[0])
    decision = one.decision
    if decision is not None and one.raw.id in decision.target_ids and len(decision.base) == len(decision.target_ids):
        return decision.base[decision.target_ids.index(one.raw.id)]
    return ""


def _passage(
    evidence: Evidence, documents: Mapping[str, Document], admissions: Mapping[str, Admission], store: Store
) -> Passage:
    document = documents[evidence.document_id]
    text, start = document.text, evidence.start
    end = min(evidence.end, start + QUOTE_MOST)
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    admission = admissions.get(document.id)
    path = next((p.heading_path for p in document.passages if p.start <= start < p.end), ())
    whole = sha256_text(text[evidence.start : evidence.end]) == evidence.quote_sha256
    return Passage(
        before=text[first:start],
        marked=text[start:end] if whole else "",
        after=text[end:last],
        cut_before=first > 0,
        cut_after=last < len(text),
        title=document.title or document.url,
        url=document.url,
        link=safe_link(document.url),
        published=(document.published or "")[:10],
        seen=_fetched(document, store),
        identity=_identity(admission),
        document=document.id,
        start=evidence.start,
        end=evidence.end,
        heading=" › ".join(path),
    )


def _identity(admission: Admission | None) -> str:
    if admission is None:
        return "an earlier version of a page that was taken for the account's"
    own = "The account itself speaks here" if admission.own else "Somebody else speaks of the account here"
    return f"{own}: {admission.reason}"


def _fetched(document: Document, store: Store) -> str:
    capture = load_capture(store, document.capture_id)
    return capture.fetched_at[:10] if capture else ""


def _quote(evidence: Evidence, documents: Mapping[str, Document], store: Store) -> Quote:
    document = documents[evidence.document_id]
    return quote_in_context(evidence, document, _fetched(document, store))
