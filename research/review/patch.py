"""A drafted section under decisions on findings that came after it: what it must not say until it is drafted anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from research.model.draft import Claim, Section
from research.model.finding import Finding
from research.review.alike import subject
from research.review.judgements import ANALYST_TEXT


def patch(section: Section, findings: Mapping[str, Finding]) -> Section:
    """The section without what stands on rejected findings, and with an analyst's words where the finding got some.

    A sentence on several findings loses the names of the rejected ones; where a name is not to be found in it, the
    sentence goes. `findings` are those under people's decisions; unknown ones say nothing.
    """
    claims = (_patched(claim, findings) for claim in section.claims)
    return replace(section, claims=tuple(claim for claim in claims if claim is not None))


def _patched(claim: Claim, findings: Mapping[str, Finding]) -> Claim | None:
    cited = [findings[finding_id] for finding_id in claim.finding_ids if finding_id in findings]
    rejected = [finding for finding in cited if finding.status == "rejected"]
    if len(rejected) == len(claim.finding_ids) and rejected:
        return None
    text = claim.text
    for finding in rejected:
        shorter = _without(text, subject(finding))
        if shorter is None:
            return None
        text = shorter
    words = cited[0].text(ANALYST_TEXT) if len(claim.finding_ids) == len(cited) == 1 else ""
    if words and words.rstrip(" .") not in text:
        text = f"{words.rstrip(' .')} (analyst's words)."
    gone = {finding.id for finding in rejected}
    return replace(claim, text=text, finding_ids=tuple(i for i in claim.finding_ids if i not in gone))


def _without(text: str, name: str) -> str | None:
    """A list in a sentence without one of its names, None where the name is no item of a list there."""
    item = re.escape(name)
    shorter = re.sub(rf"(?<=[:,;] ){item}, |, {item}(?=[,.;:]|\s\(|$)", "", text, count=1) if name else text
    return shorter if shorter != text else None
