"""People's words on top of what was drafted: judgements applied to an account's findings and sections."""

from __future__ import annotations

from dataclasses import replace

from research.draft.verify import mark_unverified
from research.model.draft import Brief
from research.model.finding import Finding
from research.model.judgement import Judgement
from research.review.carry import carry_over
from research.review.judgements import Reviewed, review
from research.store.connect import Store
from research.store.documents import addresses_of
from research.store.findings import load_findings
from research.store.judgements import judgements_of


def judged(findings: tuple[Finding, ...], account_id: str, store: Store) -> tuple[Finding, ...]:
    """The account's present findings under the analysts' decisions, which no refresh overwrites; decisions on what has
    lapsed since go on in what stands in its place."""
    judgements = judgements_of(store, account_id)
    if not judgements:
        return findings
    every = load_findings(store, account_id, include_lapsed=True)
    present = {finding.id for finding in findings}
    return tuple(r.finding for r in reviewed(every, judgements, account_id, store) if r.raw.id in present)


def reviewed(
    findings: tuple[Finding, ...], judgements: tuple[Judgement, ...], account_id: str, store: Store
) -> tuple[Reviewed, ...]:
    """Every finding of an account, lapsed ones too, under the decisions of people."""
    return review(findings, judgements, addresses_of(store, account_id))


def with_words(brief: Brief, judgements: tuple[Judgement, ...], *, keep_uncited: bool = True) -> Brief:
    """The brief with people's sentences in the place of drafted ones, each marked where no quote shows it.

    Not `keep_uncited`: sentences whose findings are all missing from the brief are left out (they may rest on what the
    brief must not show).
    """
    sections = tuple(carry_over(section, judgements).section for section in brief.sections)
    return mark_unverified(replace(brief, sections=sections), keep_uncited=keep_uncited)
