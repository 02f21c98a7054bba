"""A brief as `dossier.brief/1`, the format that scripts and `dossier verify` read."""

from __future__ import annotations

import json
from typing import Any

from research.export.internal import ANALYSTS_WORD, internal_findings, is_hidden, is_internal, marks
from research.export.shield import Flagged, shield
from research.model.document import Document
from research.model.draft import Brief, Section
from research.model.finding import Admission, Evidence, Finding, Theme
from research.text.datelines import release_place

SCHEMA = "dossier.brief/1"
KIND_ORDER = ("fact", "offering", "office", "person", "relation", "event", "signal", "presence")

Json = dict[str, Any]
_IN_SCRIPTS = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def to_json(brief: Brief) -> bytes:
    """The brief as UTF-8 JSON, equal bytes for equal briefs; findings by kind, the most confident first.

    Raises KeyError where evidence cites a document that the brief lacks.
    """
    brief, flagged = shield(brief)
    internal = internal_findings(brief)
    texts = {document.id: document for document in brief.documents}
    ordered = sorted(brief.findings, key=lambda f: (KIND_ORDER.index(f.kind), -f.confidence, f.id))
    data = {
        "schema": SCHEMA,
        "account": _account(brief),
        "as_of": brief.as_of,
        "documents": _documents(brief),
        "skipped": [{"url": skipped.url, "reason": skipped.reason} for skipped in brief.skipped],
        "identity": [
            {"document": a.document_id, "url": a.url, "admitted": a.admitted, "own": a.own, "reason": a.reason}
            for a in brief.admissions
        ],
        "findings": [_finding(finding, texts) for finding in ordered],
        "conflicts": [
            {"field": c.field, "kind": c.kind, "findings": list(c.finding_ids), "explanation": c.explanation}
            for c in brief.conflicts
        ],
        "themes": [_theme(theme) for theme in brief.themes],
        "sections": [_section(section, internal) for section in brief.sections],
        "sources": [
            {"kind": s.kind, "title": s.title, "state": s.state, "answers": s.answers, "reason": s.reason}
            for s in brief.sources
        ],
        "coverage": [
            {"field": c.field, "state": c.state, "kinds": list(c.kinds), "reason": c.reason} for c in brief.coverage
        ],
        "suspicious": [_flagged(one) for one in flagged],
    }
    # Within a page's script no string can end the script: JSON reads the escapes as the characters that they stand for.
    # A lone surrogate, which UTF-8 cannot hold, comes out as `\udXXX`: that is its JSON escape.
    text = json.dumps(data, ensure_ascii=False, indent=1).translate(_IN_SCRIPTS)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _account(brief: Brief) -> Json:
    account = brief.account
    return {
        "slug": account.id,
        "name": account.name,
        "aliases": list(account.aliases),
        "domains": list(account.domains),
        "identifiers": dict(account.identifiers),
        "segment": account.segment,
    }


def _documents(brief: Brief) -> list[Json]:
    fetched, bodies = dict(brief.fetched_at), dict(brief.body_sha256)
    gate = {admission.document_id: admission for admission in brief.admissions}
    return [
        _document(one, fetched.get(one.id, ""), bodies.get(one.id, "")) | _identity(gate.get(one.id))
        for one in brief.documents
    ]


def _identity(admission: Admission | None) -> Json:
    """Why the gate let a document in; nothing for an older version that only kept evidence cites."""
    return {"identity": {"own": admission.own, "reason": admission.reason}} if admission else {}


def _document(document: Document, fetched_at: str, sha256: str) -> Json:
    return {
        "id": document.id,
        "url": document.url,
        "title": document.title,
        "media_type": document.media_type,
        "published": document.published,
        "sent_from": release_place(document),
        "fetched_at": fetched_at,
        "sha256": sha256,
        "words": len(document.text.split()),
        "text_sha256": document.text_sha256,
        "page_type": document.page_type,
        "language": document.language,
        "trust": document.trust,
        **({"internal": True} if is_internal(document) else {}),
        **({"attribution": stated} if (stated := document.meta("attribution")) else {}),
    }


def _finding(finding: Finding, documents: dict[str, Document]) -> Json:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "attributes": dict(finding.attributes),
        "confidence": round(finding.confidence, 4),
        "status": finding.status,
        "first_seen": finding.first_seen,
        "last_seen": finding.last_seen,
        "evidence": [_evidence(evidence, documents[evidence.document_id]) for evidence in finding.evidence],
    }


def _evidence(evidence: Evidence, document: Document) -> Json:
    return {
        "document": document.id,
        "url": document.url,
        "start": evidence.start,
        "end": evidence.end,
        "quote": document.text[evidence.start : evidence.end],
        **({"hidden": True} if is_hidden(evidence, document) else {}),
    }


def _flagged(one: Flagged) -> Json:
    """What addresses a model, quoted as such; the span of a title or an address is of no text."""
    place = {"start": one.start, "end": one.end} if one.part == "text" else {}
    return {
        "document": one.document,
        "url": one.url,
        "part": one.part,
        "reason": one.reason,
        "quote": one.quote,
    } | place


def _theme(theme: Theme) -> Json:
    return {
        "id": theme.id,
        "label": theme.label,
        "terms": list(theme.terms),
        "findings": list(theme.finding_ids),
        "medoid": theme.medoid,
    }


def _section(section: Section, internal: frozenset[str]) -> Json:
    return {
        "name": section.name,
        "title": section.title,
        "claims": [
            {"text": claim.text, "findings": list(claim.finding_ids)}
            | ({"internal": True} if marks(claim, internal) else {})
            | ({"analyst": claim.analyst, "written": claim.written} if claim.analyst else {})
            | ({"unverified": ANALYSTS_WORD} if claim.unverified else {})
            for claim in section.claims
        ],
        "gaps": [{"field": gap.field, "state": gap.state, "question": gap.question} for gap in section.gaps],
        "left_out": list(section.left_out),
        "drafter": section.drafter,
        "prompt_sha256": section.prompt_sha256,
        "inputs_sha256": section.inputs_sha256,
        **({"refused": section.refused} if section.refused else {}),
    }
