"""In which order an analyst should look at findings."""

from __future__ import annotations

from collections.abc import Sequence

from research.model.finding import Conflict, Finding

# What a wrong line costs in a meeting, by kind: a pain that is not theirs costs most, an office least.
IMPORTANCE = {
    "signal": 1.0,
    "presence": 0.95,
    "person": 0.9,
    "fact": 0.8,
    "event": 0.75,
    "relation": 0.7,
    "offering": 0.5,
    "office": 0.3,
}
_OWN_BONUS = 0.2  # competitors and the account's own signals stand on the first page


def queue(findings: Sequence[Finding], conflicts: Sequence[Conflict]) -> tuple[Finding, ...]:
    """Findings to look at, the most pressing first: contradictions, lapsed ones, then uncertain and important ones.

    Decided findings are left out unless a genuine conflict touches them; equal ones stand in the order of their ids.
    """
    contradicted = {i for c in conflicts if c.kind == "genuine" for i in c.finding_ids}
    open_ones = (
        f for f in findings if f.status in ("new", "lapsed") or (f.id in contradicted and f.status != "rejected")
    )
    return tuple(sorted(open_ones, key=lambda f: (*_pressing(f, contradicted), f.id)))


def urgency(finding: Finding) -> float:
    """Importance times uncertainty, 0..1.2: uncertainty is 1 at even odds and 0.1 at certainty."""
    uncertainty = max(0.1, 1 - abs(2 * finding.confidence - 1))
    own = finding.get("holder") == "account" or finding.get("relation") == "competitor"
    return (IMPORTANCE[finding.kind] + _OWN_BONUS * own) * uncertainty


def _pressing(finding: Finding, contradicted: set[str]) -> tuple[bool, bool, float]:
    return (finding.id not in contradicted, finding.status != "lapsed", -urgency(finding))
