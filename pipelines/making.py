"""From observations to a brief: resolve, cluster, draft, and the judgements of people on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.reading import Read
from pipelines.words import judged, with_words
from research.backends.drafter import redraft
from research.cluster import themes as clustering
from research.draft.draft import DRAFTER, draft_sections
from research.draft.sources import Sources
from research.draft.wording import wordings_sha256
from research.model.account import Account, Seller
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.model.draft import Brief, Coverage, Section, SourceState
from research.model.finding import Admission, Conflict, Finding, Theme
from research.resolve import resolve as resolving
from research.review.patch import patch
from research.run.fingerprint import combined, fingerprint
from research.run.stage import Stage, StageReport, Unit, run_stage
from research.store.accounts import load_account
from research.store.captures import current_captures, load_capture
from research.store.documents import documents_of, load_documents
from research.store.drafts import load_draft, save_draft
from research.store.findings import load_findings, replace_findings
from research.store.judgements import judgements_of
from research.store.runs import StoreLedger, list_skipped
from research.text.codec import dumps
from research.text.hashing import sha256_text

_SIGNAL_KINDS: Final = frozenset({"signal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An account's findings with the judgements applied, and what was made of them."""

    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    reports: tuple[StageReport, ...]


def make_findings(read: Read, workspace: Workspace) -> tuple[tuple[Finding, ...], StageReport]:
    """The account's present findings in the store, resolved anew only where an observation changed."""
    account, store = read.account, workspace.store
    version = fingerprint(
        read.observed_sha256, resolving.NAME, resolving.VERSION, {"names": list(account.names)}, dumps(read.admissions)
    )
    units = [Unit(id=account.id, fingerprint=version, label=account.name, value=read)]

    def work(values: Iterator[Read]) -> Iterator[resolving.Resolution | Skipped]:
        for value in values:
            by_id = {d.id: d.harmless() for d in value.admitted}
            yield resolving.resolve(value.account, value.observations, by_id, workspace.clock())

    def save(unit: Unit[Read], resolution: resolving.Resolution) -> str:
        replace_findings(store, account.id, resolution.findings, workspace.clock())
        save_draft(store, account.id, Conflict, resolution.conflicts, unit.fingerprint)
        save_draft(store, account.id, Admission, unit.value.admissions, unit.fingerprint)
        return sha256_text(dumps(resolution.findings))

    stage: Stage[Read, resolving.Resolution] = Stage(name="resolve", work=work, save=save)
    report = run_stage(stage, units, StoreLedger(store=store, now=workspace.clock()), workspace.progress)
    return load_findings(store, account.id), report


def make(
    read: Read,
    workspace: Workspace,
    seller: Seller | None,
    *,
    as_of: str,
    blocked: frozenset[str],
    searched: frozenset[str] = frozenset(),
    hidden: frozenset[str] = frozenset(),
) -> Made:
    """Findings, themes and sections; what depends on nothing that changed is taken from the store. Nothing stands on
    the documents `hidden`; `searched` are page types whose like was read beside the documents."""
    account, store = read.account, workspace.store
    findings, resolved = make_findings(read, workspace)
    findings = judged(findings, account.id, store)
    if as_of[:10] < workspace.today:  # what was lost since then may rest on younger evidence
        findings = tuple(f for f in findings if f.status != "lapsed")
    conflicts = load_draft(store, account.id, Conflict) or ()
    if hidden:
        findings, conflicts = without(findings, conflicts, hidden)
        read = read.without(hidden)
    documents = _cited_documents(read, findings, workspace)
    themes, clustered = _themes(account, findings, documents, workspace)
    seen = searched | {d.page_type for d in read.admitted}
    drafted = _sections(account, findings, themes, conflicts, documents, seen, workspace, seller, as_of, blocked)
    return Made(
        findings=findings,
        conflicts=conflicts,
        themes=themes,
        sections=drafted[0],
        reports=(resolved, clustered, drafted[1]),
    )


def without(
    findings: tuple[Finding, ...], conflicts: tuple[Conflict, ...], hidden: frozenset[str]
) -> tuple[tuple[Finding, ...], tuple[Conflict, ...]]:
    """The findings and conflicts that stand on other documents as well, with that evidence alone."""
    left = (replace(f, evidence=tuple(e for e in f.evidence if e.document_id not in hidden)) for f in findings)
    kept = tuple(f for f in left if f.evidence)
    known = {f.id for f in kept}
    return kept, tuple(c for c in conflicts if known.issuperset(c.finding_ids))


def _cited_documents(read: Read, findings: tuple[Finding, ...], workspace: Workspace) -> dict[str, Document]:
    """The admitted documents, and older versions that some kept evidence still cites."""
    known = {d.id: d for d in read.admitted}
    missing = {e.document_id for f in findings for e in f.evidence} - known.keys()
    return known | {d.id: d for d in load_documents(workspace.store, sorted(missing))}


def _themes(
    account: Account, findings: tuple[Finding, ...], documents: dict[str, Document], workspace: Workspace
) -> tuple[tuple[Theme, ...], StageReport]:
    signals = tuple(f for f in findings if f.kind in _SIGNAL_KINDS and f.status not in ("rejected", "lapsed"))
    texts = {f.id: _quote(f, documents) for f in signals}
    version = fingerprint(combined(f"{f.id}{texts[f.id]}" for f in signals), clustering.NAME, clustering.VERSION, {})

    def work(values: Iterator[tuple[Finding, ...]]) -> Iterator[tuple[Theme, ...] | Skipped]:
        for value in values:
            yield clustering.themes(value, texts, account.names)

    def save(unit: Unit[tuple[Finding, ...]], themes: tuple[Theme, ...]) -> str:
        save_draft(workspace.store, account.id, Theme, themes, unit.fingerprint)
        return sha256_text(dumps(themes))

    stage: Stage[tuple[Finding, ...], tuple[Theme, ...]] = Stage(name="cluster", work=work, save=save)
    units = [Unit(id=account.id, fingerprint=version, label=account.name, value=signals)]
    report = run_stage(stage, units, StoreLedger(store=workspace.store, now=workspace.clock()), workspace.progress)
    return load_draft(workspace.store, account.id, Theme) or (), report


def _captures_of(documents: Iterable[Document], account_id: str, workspace: Workspace) -> dict[str, Capture]:
    """By id, the current captures, and the earlier ones that some of the documents were read from."""
    found = {c.id: c for c in current_captures(workspace.store, account_id)}
    for document in documents:
        earlier = None if document.capture_id in found else load_capture(workspace.store, document.capture_id)
        if earlier is not None:
            found[earlier.id] = earlier
    return found


def _quote(finding: Finding, documents: dict[str, Document]) -> str:
    evidence = finding.evidence[0]
    return documents[evidence.document_id].text[evidence.start : evidence.end]


def _sections(
    account: Account,
    findings: tuple[Finding, ...],
    themes: tuple[Theme, ...],
    conflicts: tuple[Conflict, ...],
    documents: dict[str, Document],
    searched: frozenset[str],
    workspace: Workspace,
    seller: Seller | None,
    as_of: str,
    blocked: frozenset[str],
) -> tuple[tuple[Section, ...], StageReport]:
    drafter = workspace.drafter
    captures = _captures_of(documents.values(), account.id, workspace)
    fetched = {d.id: captures[d.capture_id].fetched_at for d in documents.values() if d.capture_id in captures}
    version = fingerprint(
        sha256_text(dumps((findings, themes, conflicts))),
        "draft",
        DRAFTER,
        {"as_of": as_of, "searched": sorted(searched), "blocked": sorted(blocked), "account": dumps(account)},
        sha256_text(dumps(sorted(fetched.items()))),
        wordings_sha256(),
        dumps(seller.for_reading()) if seller else "",
        drafter.name if drafter else "",
    )

    def work(values: Iterator[None]) -> Iterator[tuple[Section, ...] | Skipped]:
        for _ in values:
            sections = draft_sections(
                account,
                findings,
                themes,
                conflicts,
                documents,
                fetched_at=fetched,
                as_of=as_of,
                seller=seller,
                searched=searched,
                blocked=blocked,
            )
            sources = Sources(account=account, documents=documents, fetched_at=fetched, as_of=as_of)
            yield redraft(sections, findings, themes, sources, drafter) if drafter else sections

    def save(unit: Unit[None], sections: tuple[Section, ...]) -> str:
        save_draft(workspace.store, account.id, Section, sections, unit.fingerprint)
        return sha256_text(dumps(sections))

    stage: Stage[None, tuple[Section, ...]] = Stage(name="draft", work=work, save=save)
    units = [Unit(id=account.id, fingerprint=version, label=account.name, value=None)]
    report = run_stage(stage, units, StoreLedger(store=workspace.store, now=workspace.clock()), workspace.progress)
    return load_draft(workspace.store, account.id, Section) or (), report


def assemble(
    read: Read,
    made: Made,
    workspace: Workspace,
    skipped: tuple[Skipped, ...],
    *,
    as_of: str,
    internal: bool = True,
) -> Brief:
    """The brief that exports are made from: every document that was admitted or is cited, each with its capture, and
    people's words in its sections. Not `internal`: nothing that may rest on the team's own documents stands in it."""
    documents = tuple(_cited_documents(read, made.findings, workspace).values())
    captures = _captures_of(documents, read.account.id, workspace)
    quarantined = tuple(
        Skipped(url=a.url, reason=f"not admitted: {a.reason}") for a in read.admissions if not a.admitted
    )
    known = [(d, captures[d.capture_id]) for d in documents if d.capture_id in captures]
    brief = Brief(
        account=replace(read.account, identifiers=_identifiers(read.account, made.findings)),
        as_of=as_of,
        documents=documents,
        fetched_at=tuple((d.id, c.fetched_at) for d, c in known),
        body_sha256=tuple((d.id, c.body_sha256) for d, c in known),
        skipped=tuple(dict.fromkeys((*skipped, *quarantined))),
        admissions=read.admissions,
        findings=made.findings,
        conflicts=made.conflicts,
        themes=made.themes,
        sections=made.sections,
    )
    return with_words(brief, judgements_of(workspace.store, read.account.id), keep_uncited=internal)


def _identifiers(account: Account, findings: tuple[Finding, ...]) -> tuple[tuple[str, str], ...]:
    known = dict(account.identifiers)
    ticker = max(
        (f for f in findings if f.kind == "fact" and f.get("field") == "ticker"),
        key=lambda f: f.confidence,
        default=None,
    )
    if ticker is not None:
        known.setdefault("ticker", ticker.text("value"))
    return tuple(sorted(known.items()))


def stored_brief(account_id: str, workspace: Workspace, *, with_passages: bool = True) -> Brief | None:
    """The brief as it was last drafted, from the store alone: no model is loaded and nothing is done again. HTML and
    Markdown need no passages of its documents."""
    store = workspace.store
    account = load_account(store, account_id)
    sections = load_draft(store, account_id, Section)
    if account is None or sections is None:
        return None
    findings = judged(load_findings(store, account_id), account_id, store)
    known = {finding.id: finding for finding in findings}
    made = Made(
        findings=findings,
        conflicts=load_draft(store, account_id, Conflict) or (),
        themes=load_draft(store, account_id, Theme) or (),
        sections=tuple(patch(section, known) for section in sections),  # until the next run drafts them anew
        reports=(),
    )
    states = load_draft(store, account_id, SourceState) or ()
    coverage = load_draft(store, account_id, Coverage) or ()
    read = Read(
        account=account,
        documents=documents_of(store, account_id, with_passages=with_passages),
        admissions=load_draft(store, account_id, Admission) or (),
        observations=(),
        observed_sha256="",
        reports=(),
    )
    brief = assemble(read, made, workspace, list_skipped(store, account_id), as_of=workspace.today)
    return replace(brief, sources=states, coverage=coverage)
