"""Briefs in which every field that could come from a stranger is a string that wants to run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

from research.model.account import Account
from research.model.capture import Skipped
from research.model.document import Document, Passage
from research.model.draft import SECTION_TITLES, Brief, Claim, Coverage, Gap, Section, SourceState
from research.model.finding import Admission, Conflict, Evidence, Finding, Theme, attributes
from research.text.hashing import sha256_text

NOW: Final = "2026-11-20T09:00:00+00:00"
OWN: Final = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "'-alert(1)-'",
    "javascript:alert(1)", "JaVaScRiPt://x%0aalert(1)", "data:text/html,<script>alert(1)</script>", "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>", "[x](javascript:alert(1))", "![x](https://127.0.0.1:9/x.png)", "<style>*{background:url(//127.0.0.1:9)}</style>",
    "<base href=//127.0.0.1:9/>", "<meta http-equiv=refresh content='0;url=//127.0.0.1:9/'>", "<form action=//127.0.0.1:9><input autofocus onfocus=alert(1)>",
    "<math><mtext></mtext><script>alert(1)</script></math>", "{{7*7}}", "{% raw %}", "${alert(1)}", "]]><script>alert(1)</script>", "<!--<script>alert(1)</script>-->",
    "\u2028alert(1)\u2029", "&lt;script&gt;alert(1)&lt;/script&gt;", "\x00<script>alert(1)</script>", "<scr\x00ipt>alert(1)</scr\x00ipt>", "`onmouseover=alert(1)`",
    "# <script>alert(1)</script>", "> <script>alert(1)</script>", "- [ ] <b onclick=alert(1)>", "<details open ontoggle=alert(1)>", "=1+1", "http://x/\"onmouseover=\"alert(1)",
)  # fmt: skip
_KEPT: Final = frozenset({
    "id", "account_id", "capture_id", "document_id", "finding_id", "finding_ids", "medoid", "kind", "state", "status", "role",
    "trust", "name_", "quote_sha256", "text_sha256", "prompt_sha256", "inputs_sha256", "text", "as_of", "first_seen",
    "last_seen", "fetched_at", "body_sha256", "published", "left_out", "page_type",
})  # fmt: skip


def naughty(shared: Path | None) -> list[str]:
    """Strings of our own, and the big list of naughty ones where it is there."""
    listed = json.loads((shared / "hostile" / "blns" / "blns.json").read_text("utf-8")) if shared else []
    return [*OWN, *(text for text in listed if text.strip())]


def poisoned(payload: str) -> Brief:
    """A brief that says `payload` in every field: names, titles, addresses, quotes, attributes, claims, reasons."""
    made: Brief = _poison(_brief(payload), payload)
    return made


def _brief(payload: str) -> Brief:
    text = f"before {payload} after"
    start, end = len("before "), len("before ") + len(payload)
    passage = Passage(ordinal=0, start=0, end=len(text), role="paragraph", heading_path=(payload,))
    document = Document(
        id="d1", account_id="a", capture_id="c", url="x", title="x", published="2026-01-05", language="x", page_type="other",
        media_type="x", text=text, text_sha256=sha256_text(text), extractor="html", extractor_version="1",
        passages=(passage,), metadata=(("attribution", payload), ("site_name", payload)),
    )  # fmt: skip
    kinds = {
        "fact": {"field": "description", "value": payload, "normal": payload}, "person": {"name": payload, "role": payload},
        "offering": {"name": payload, "description": payload}, "office": {"place": payload},
        "relation": {"company": payload, "relation": "competitor", "of": payload},
        "event": {"date": "2026-03-04", "type": "launch", "summary": payload},
        "signal": {"type": "pain", "holder": "account", "phrase": payload},
        "presence": {"company": payload, "product": payload, "basis": payload},
    }  # fmt: skip
    findings = tuple(_finding(kind, values, text, start, end) for kind, values in kinds.items())
    ids = tuple(finding.id for finding in findings)
    sections = tuple(
        Section(
            name=name, title=SECTION_TITLES[name], claims=tuple(Claim(text=payload, finding_ids=(one,)) for one in ids),
            gaps=(Gap(field="x", state="undisclosed", question=payload),), drafter="x", prompt_sha256="", inputs_sha256="",
            refused=payload,
        )
        for name in SECTION_TITLES
    )  # fmt: skip
    return Brief(
        account=Account(id="a", name="x", domains=("x",), aliases=("x",), identifiers=(("ticker", "x"),), segment="x"),
        as_of=NOW, documents=(document,), fetched_at=(("d1", NOW),), body_sha256=(("d1", "0"),),
        skipped=(Skipped(url="x", reason="x"),),
        admissions=(
            Admission(document_id="d1", url="x", admitted=True, own=True, reason="x"),
            Admission(document_id="d2", url="x", admitted=False, own=False, reason="x"),
        ),
        findings=findings, conflicts=(Conflict(field="revenue", kind="genuine", finding_ids=ids, explanation="x"),),
        themes=(Theme(id="t", label="x", terms=("x",), finding_ids=ids, medoid=ids[-2]),), sections=sections,
        sources=(SourceState(kind="site", title="x", state="down", reason="x"),),
        coverage=(Coverage(field="x", state="blocked", kinds=("x",), reason="x"),),
    )  # fmt: skip


def _finding(kind: Any, values: dict[str, str], text: str, start: int, end: int) -> Finding:
    evidence = Evidence(
        finding_id=kind, document_id="d1", start=start, end=end, quote_sha256=sha256_text(text[start:end])
    )
    return Finding(
        id=kind, account_id="a", kind=kind, attributes=attributes(**values), confidence=0.9, status="new",
        first_seen=NOW, last_seen=NOW, evidence=(evidence,),
    )  # fmt: skip


def _poison(value: Any, payload: str) -> Any:
    """The value with `payload` in the place of each `x`."""
    if value == "x":
        return payload
    if isinstance(value, tuple):
        return tuple(_poison(part, payload) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _poison(getattr(value, f.name), payload) for f in fields(value) if f.name not in _KEPT}
        return replace(value, **changed)
    return value


def joined(pages: Sequence[bytes]) -> str:
    """Several exported pages as one document of frames that share this origin."""
    return "".join(page.decode("utf-8", "replace") for page in pages)
