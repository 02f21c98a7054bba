"""What people decided, applied to findings: a pure function of findings and judgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from research.model.finding import Attributes, Finding, FindingStatus, Value
from research.model.judgement import Judgement, Verdict

ANALYST_TEXT = "analyst_text"
PINNED = "pinned"
_STATUS: Mapping[Verdict, FindingStatus] = {"accept": "accepted", "edit": "edited", "reject": "rejected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Analysts who decided differently on one finding: the last decision of each, oldest first."""

    finding_id: str
    judgements: tuple[Judgement, ...]


def effective(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that no other one supersedes, oldest first."""
    every = list(judgements)
    superseded = {judgement.supersedes for judgement in every}
    return sorted((j for j in every if j.id not in superseded), key=lambda j: (j.at, j.id))


def apply(findings: Sequence[Finding], judgements: Iterable[Judgement]) -> tuple[Finding, ...]:
    """Findings as people left them: status, locked words, pins and merges; the latest judgement on each point wins.

    A merged finding is folded into the first target of its merge; a lapsed one stays lapsed unless it is rejected.
    Judgements on findings that are not there have no effect.
    """
    ours = [j for j in effective(judgements) if j.target_kind == "finding"]
    merged = _fold(findings, _merges(ours, {finding.id for finding in findings}))
    return tuple(_decided(finding, [j for j in ours if finding.id in j.target_ids]) for finding in merged)


def disagreements(judgements: Iterable[Judgement]) -> tuple[Disagreement, ...]:
    """Findings on which analysts' last decisions differ in verdict, or in the words of an edit."""
    last: dict[str, dict[str, Judgement]] = {}
    for judgement in effective(judgements):
        if judgement.target_kind == "finding" and judgement.verdict in _STATUS:
            for finding_id in judgement.target_ids:
                last.setdefault(finding_id, {})[judgement.analyst] = judgement
    return tuple(
        Disagreement(finding_id=finding_id, judgements=tuple(sorted(by_analyst.values(), key=lambda j: (j.at, j.id))))
        for finding_id, by_analyst in sorted(last.items())
        if len({(j.verdict, j.edit) for j in by_analyst.values()}) > 1
    )


def _decided(finding: Finding, judgements: Sequence[Judgement]) -> Finding:
    decisions = [j for j in judgements if j.verdict in _STATUS]
    words = next((j.edit for j in reversed(decisions) if j.verdict == "edit" and j.edit), None)
    status = _STATUS[decisions[-1].verdict] if decisions else finding.status
    if finding.status == "lapsed" and status != "rejected":
        status = "lapsed"
    added: dict[str, Value] = {ANALYST_TEXT: words} if words else {}
    if any(j.verdict == "pin" for j in judgements):
        added[PINNED] = True
    return replace(finding, status=status, attributes=_with(finding.attributes, added))


def _with(attributes: Attributes, added: Mapping[str, Value]) -> Attributes:
    return tuple(sorted({**dict(attributes), **added}.items())) if added else attributes


def _merges(judgements: Sequence[Judgement], known: set[str]) -> dict[str, str]:
    """Where each merged finding went; a later split of a finding takes it out again."""
    into: dict[str, str] = {}
    for judgement in judgements:
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


def _fold(findings: Sequence[Finding], into: Mapping[str, str]) -> list[Finding]:
    guests: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.id in into:
            guests.setdefault(_root(finding.id, into), []).append(finding)
    return [_joined(finding, guests.get(finding.id, ())) for finding in findings if finding.id not in into]


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
