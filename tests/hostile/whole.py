"""One hostile input through every stage: extract, admit, annotate, analyse, resolve, draft, export."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.models import Models
from pipelines.tasks import Annotated, Pages, observe_with
from research.draft.draft import draft_sections
from research.draft.verify import verify_brief
from research.export.write import EXPORTERS
from research.extract.pool import ExtractionPool
from research.model.account import Account
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.model.draft import Brief
from research.resolve.identity import admit
from research.resolve.resolve import resolve
from tests.hostile.injected import NOW
from tests.hostile.mutations import Input

ACCOUNT = Account(id="norvane", name="Norvane Pumps", domains=("norvane.example",))


@dataclass(frozen=True, slots=True)
class Passed:
    """How one input went: seconds on the wall and of the processors (this process and the worker), the reason where it gave no document, and what broke where anything did."""

    name: str
    seconds: float
    cpu: float = 0.0
    reason: str = ""
    fault: str = ""
    findings: int = 0


def pass_through(given: Iterable[Input], models: Models, pool: ExtractionPool) -> Iterator[Passed]:
    """Each input by itself; nothing that it does is raised, all that breaks is told as a fault."""
    for one in given:
        start, used = time.perf_counter(), _used(pool)
        reason, fault, findings = _run(one, models, pool)
        spent = max(_used(pool) - used, 0.0)  # a worker that was replaced takes its account with it
        yield Passed(one.name, time.perf_counter() - start, spent, reason, fault, findings)


def _used(pool: ExtractionPool) -> float:
    return time.process_time() + pool.used()


def _run(one: Input, models: Models, pool: ExtractionPool) -> tuple[str, str, int]:
    capture = Capture(
        id=one.name, source_id="s", url=one.url, final_url=one.url, fetched_at=NOW, status=200,
        media_type=one.media_type, body_sha256="0",
    )  # fmt: skip
    try:
        (made,) = pool.map([(capture, one.body, ACCOUNT.id)])
        if isinstance(made, Skipped):
            return made.reason, "" if made.reason else "no reason is given", 0
        return "", *_after(made, models)
    except Exception as error:  # noqa: BLE001  (what no stage may let through is what is counted here)
        return "", f"{type(error).__name__}: {str(error)[:200]}", 0


def _after(document: Document, models: Models) -> tuple[str, int]:
    """What is wrong with what the later stages make of a document (empty: nothing), and how many findings it gave."""
    if fault := _misplaced(document):
        return fault, 0
    admission = admit(document.harmless(), ACCOUNT)
    texts = [passage.of(document.text) for passage in document.passages]
    annotations = tuple(a.to_json() for a in models.annotator.annotate(texts))
    page = Annotated(document=document, annotations=annotations, own=True)
    (observed,) = observe_with(models, Pages(model=None, account=ACCOUNT, seller=None, documents=(page,)))
    if isinstance(observed, Skipped):  # the limit is there for what we do not know of: what needs it is a fault
        return observed.reason, 0
    found = resolve(ACCOUNT, observed.observations, {document.id: document.harmless()}, NOW)
    sections = draft_sections(
        ACCOUNT, found.findings, (), found.conflicts, {document.id: document}, fetched_at={document.id: NOW},
        as_of=NOW, seller=None, searched=frozenset(), blocked=frozenset(),
    )  # fmt: skip
    brief = Brief(
        account=ACCOUNT, as_of=NOW, documents=(document,), fetched_at=((document.id, NOW),), body_sha256=(),
        skipped=(), admissions=(admission,) if admission.admitted else (), findings=found.findings,
        conflicts=found.conflicts, themes=(), sections=sections,
    )  # fmt: skip
    for export in EXPORTERS.values():
        export(brief)
    problems = [f"{p.kind}: {p.detail}" for p in verify_brief(brief) if p.kind == "evidence"]
    return (problems[0] if problems else ""), len(found.findings)


def _misplaced(document: Document) -> str:
    """Whether a passage is not where it says, or a text holds what no text may."""
    joined = "\n".join(passage.of(document.text) for passage in document.passages)
    if joined != document.text:
        return "the passages are not the text"
    if any((ord(char) < 32 and char not in "\n\t") or char in "\x7f\u202d\u202e" for char in document.text):
        return "the text holds control characters"
    return ""
