"""What people decided, applied to findings: a pure function of findings and judgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from research.model.finding import Attributes, Finding, FindingStatus, Value
from research.model.judgement import Judgement, Verdict
from research.review.alike import successors
from research.review.rules import first_hit, live_rules
from research.text.hashing import canonical_json, sha256_text

ANALYST_TEXT: Final = "analyst_text"
ANALYST: Final = "analyst"  # whose words they are
PINNED: Final = "pinned"
STATUS: Final[Mapping[Verdict, FindingStatus]] = {"accept": "accepted", "edit": "edited", "reject": "rejected"}
DECIDING: Final = frozenset({"accept", "edit", "reject", "merge", "split", "undo", "add"})
"""The verdicts that a second analyst must have seen before saving one of their own."""
OF_A_FINDING: Final = frozenset({"accept", "edit", "reject", "merge", "split", "pin", "note", "rule"})
CORRECTABLE: Final[Mapping[str, tuple[str, ...]]] = {"signal": ("type", "holder"), "relation": ("relation",)}
"""What an edit may correct beside the words: what no quote spells out, and what the models learn."""
_GONE: Final = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A finding under people's decisions, and how it came to stand so.

    `decision` is the one that counts, `words` the edit whose words are locked. `moved`: what it was decided on is no
    longer what the finding stands on. `heir_of` are lapsed findings in whose place it stands and from which it has the
    decision; `ruled` is the rule that rejects it; `absorbed` are findings merged into it.
    """

    finding: Finding
    raw: Finding
    decision: Judgement | None = None
    words: Judgement | None = None
    moved: bool = False
    heir_of: tuple[Finding, ...] = ()
    ruled: Judgement | None = None
    absorbed: tuple[str, ...] = ()
    notes: tuple[Judgement, ...] = ()


def effective(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that hold, oldest first: no other one that holds takes them back.

    An undo takes back one judgement, so that an undone undo gives it its force again; any other judgement that
    supersedes one replaces all that this one had replaced, too.
    """
    every = sorted(judgements, key=_order)
    by_id = {judgement.id: judgement for judgement in every}
    dead: set[str] = set()
    for judgement in reversed(every):
        if judgement.id in dead:
            continue
        target = by_id.get(judgement.supersedes or "")
        while target is not None and target.id not in dead and _order(target) < _order(judgement):
            dead.add(target.id)
            target = None if judgement.verdict == "undo" else by_id.get(target.supersedes or "")
    return [judgement for judgement in every if judgement.id not in dead]


def inputs_of(finding: Finding) -> str:
    """What a decision on a finding stands on: its attributes, its best quote, and whether it lapsed."""
    quote = finding.evidence[0].quote_sha256[:16] if finding.evidence else ""
    return f"{_attributes_hash(finding)}:{quote}:{_GONE if finding.status == _GONE else ''}"


def apply(
    findings: Sequence[Finding], judgements: Iterable[Judgement], pages: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Findings as people left them: `review` without the reasons."""
    return tuple(reviewed.finding for reviewed in review(findings, judgements, pages))


def review(
    findings: Sequence[Finding], judgements: Iterable[Judgement], pages: Mapping[str, str] | None = None
) -> tuple[Reviewed, ...]:
    """Findings as people left them: status, locked words, pins, merges and rules; the latest judgement on a point wins.

    A merged finding is folded into the first target of its merge; a lapsed one stays lapsed unless it is rejected, and
    hands its decision on to the finding that stands in its place. A rule rejects what nobody decided on. Judgements on
    findings that are not there have no effect. `pages` gives the address of each document.
    """
    known = pages or {}
    ours = [j for j in effective(judgements) if j.target_kind == "finding" and j.verdict in OF_A_FINDING]
    on = _by_target(ours)
    into = _merges(ours, {finding.id for finding in findings})
    folded = _fold(findings, into)
    heirs = _heirs([f for f, _ in folded], on, known) | _orphans(findings, into)
    ruled = first_hit(live_rules(ours), known)
    results = []
    for finding, absorbed in folded:
        reviewed = _decided(finding, on.get(finding.id, ()), heirs.get(finding.id, ()), on)
        if reviewed.decision is None and (rule := ruled(finding)) is not None:
            reviewed = replace(reviewed, ruled=rule, finding=replace(reviewed.finding, status="rejected"))
        results.append(replace(reviewed, absorbed=absorbed))
    return tuple(results)


def _order(judgement: Judgement) -> tuple[str, str]:
    return (judgement.at, judgement.id)


def _by_target(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        for finding_id in dict.fromkeys(judgement.target_ids):
            found.setdefault(finding_id, []).append(judgement)
    return found


def _heirs(
    findings: Sequence[Finding], on: Mapping[str, Sequence[Judgement]], pages: Mapping[str, str]
) -> dict[str, tuple[Finding, ...]]:
    """By finding that nobody decided on, the decided and lapsed ones whose place it has taken."""

    def is_decided(finding: Finding) -> bool:
        return any(j.verdict in STATUS for j in on.get(finding.id, ()))

    gone = [f for f in findings if f.status == _GONE and is_decided(f)]
    if not gone:
        return {}
    return successors(gone, [f for f in findings if f.status != _GONE and not is_decided(f)], pages)


def _decided(
    raw: Finding, judgements: Sequence[Judgement], heir_of: Sequence[Finding], on: Mapping[str, Sequence[Judgement]]
) -> Reviewed:
    inherited = sorted((j for old in heir_of for j in on.get(old.id, ()) if j.verdict in STATUS), key=_order)
    decisions = [j for j in judgements if j.verdict in STATUS] or inherited
    last = decisions[-1] if decisions else None
    words = next((j for j in reversed(decisions) if j.verdict == "edit" and j.edit), None)
    edits = [j for j in decisions if j.verdict == "edit"]
    corrected = {name: value for j in edits for name, value in j.changes if name in CORRECTABLE.get(raw.kind, ())}
    moved = bool(inherited and not any(j.verdict in STATUS for j in judgements)) or _moved(raw, last)
    added: dict[str, Value] = {**corrected, **({ANALYST_TEXT: words.edit, ANALYST: words.analyst} if words else {})}
    if any(j.verdict == "pin" for j in judgements):
        added[PINNED] = True
    status = _status(raw, last, inherited=last in inherited)
    return Reviewed(
        finding=replace(raw, status=status, attributes=_with(raw.attributes, added)),
        raw=raw,
        decision=last,
        words=words,
        moved=moved,
        heir_of=tuple(heir_of),
        notes=tuple(j for j in judgements if j.note and j.verdict in ("note", "accept", "edit", "pin")),
    )


def _status(raw: Finding, last: Judgement | None, *, inherited: bool) -> FindingStatus:
    if last is None:
        return raw.status
    status = STATUS[last.verdict]
    if inherited and status == "accepted":
        return "new"  # other words than those that were accepted: a person looks again
    return _GONE if raw.status == _GONE and status != "rejected" else status


def _moved(raw: Finding, last: Judgement | None) -> bool:
    """Whether attributes changed, or the quote that was seen is no longer among the evidence; unknown is unmoved."""
    if last is None or len(last.inputs) != len(last.target_ids) or raw.id not in last.target_ids:
        return False
    attributes, quote, gone = last.inputs[last.target_ids.index(raw.id)].split(":")
    if (raw.status == _GONE) != bool(gone):
        return True
    seen = any(e.quote_sha256.startswith(quote) for e in raw.evidence)
    return not seen or attributes != _attributes_hash(raw)


def _attributes_hash(finding: Finding) -> str:
    return sha256_text(canonical_json(finding.attributes))[:16]


def _with(attributes: Attributes, added: Mapping[str, Value]) -> Attributes:
    return tuple(sorted({**dict(attributes), **added}.items())) if added else attributes


def _merges(judgements: Sequence[Judgement], known: set[str]) -> dict[str, str]:
    """Where each merged finding went; a later split of a finding takes it out again."""
    into: dict[str, str] = {}
    for judgement in judgements:
        if judgement.verdict not in ("merge", "split"):
            continue
        present = [finding_id for finding_id in judgement.target_ids if finding_id in known]
        if judgement.verdict == "merge" and len(present) > 1:
            root = _root(present[0], into)
            into.update({finding_id: root for finding_id in present[1:] if _root(finding_id, into) != root})
        elif judgement.verdict == "split":
            for finding_id in present:
                into.pop(finding_id, None)
    return into


def _root(finding_id: str, into: Mapping[str, str]) -> str:
    while finding_id in into:
        finding_id = into[finding_id]
    return finding_id


def _fold(findings: Sequence[Finding], into: Mapping[str, str]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Hosts with their guests; a guest that lapsed brings no evidence, and a living one leaves a host that lapsed."""
    by_id = {finding.id: finding for finding in findings}
    guests: dict[str, list[Finding]] = {}
    staying: set[str] = set()
    for finding in findings:
        if finding.id in into:
            host = by_id[_root(finding.id, into)]
            if host.status == _GONE and finding.status != _GONE:
                staying.add(finding.id)
            else:
                guests.setdefault(host.id, []).append(finding)
    return [
        (
            _joined(finding, [g for g in guests.get(finding.id, ()) if g.status != _GONE or finding.status == _GONE]),
            tuple(guest.id for guest in guests.get(finding.id, ())),
        )
        for finding in findings
        if finding.id not in into or finding.id in staying
    ]


def _orphans(findings: Sequence[Finding], into: Mapping[str, str]) -> dict[str, tuple[Finding, ...]]:
    """By living finding that was merged into one that has lapsed since, that one: its decision goes on here."""
    by_id = {finding.id: finding for finding in findings}
    return {
        f.id: (by_id[_root(f.id, into)],)
        for f in findings
        if f.id in into and f.status != _GONE and by_id[_root(f.id, into)].status == _GONE
    }


def _joined(finding: Finding, guests: Sequence[Finding]) -> Finding:
    if not guests:
        return finding
    every = (finding, *guests)
    spans = {
        (e.document_id, e.start, e.end): replace(e, finding_id=finding.id) for f in every[::-1] for e in f.evidence
    }
    return replace(
        finding,
        confidence=max(f.confidence for f in every),
        first_seen=min(f.first_seen for f in every),
        last_seen=max(f.last_seen for f in every),
        evidence=tuple(sorted(spans.values(), key=lambda e: (-e.score, e.document_id, e.start))),
    )
