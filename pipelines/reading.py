"""From captures to observations: extract, admit, annotate, analyse; each does only what was not done before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from pipelines.bootstrap import Workspace
from pipelines.states import settle_states
from research.model.account import Account, Seller
from research.model.capture import Capture, Skipped
from research.model.document import LONGEST_PASSAGE, Document
from research.model.finding import Admission, Observation
from research.resolve.identity import admit, infer_aliases, infer_name
from research.run.fingerprint import fingerprint
from research.run.stage import Stage, StageReport, Unit, run_stage
from research.store import annotations as annotation_store
from research.store.accounts import save_account
from research.store.bodies import body
from research.store.captures import current_captures, load_capture, page_key
from research.store.documents import documents_of, record_extraction
from research.store.observations import load_observations, save_observations
from research.store.page_answers import forget_answers, keep_answers, load_answers
from research.store.runs import StoreLedger
from research.text import suspicion
from research.text.codec import dumps
from research.text.hashing import sha256_text
from research.text.patterns import words_digest

if TYPE_CHECKING:  # the stages' libraries are imported where a stage has work: a stored brief is shown without them
    from pipelines.models import Models
    from pipelines.recalled import Observed
    from pipelines.tasks import Annotated, Texts

_BATCH: Final = 256  # passages annotated and committed at once: a kill costs their work and no more
_PAGES: Final = 8  # documents that are handed over at once
# What a passage and a document cost at least, in CPU seconds (docs/performance.md): enough to know whether it is much.
_PASSAGE_SECONDS: Final = 0.003
_DOCUMENT_SECONDS: Final = 0.15
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What an account's current captures say: its admitted documents, their observations, and how they came in."""

    account: Account
    documents: tuple[Document, ...]
    admissions: tuple[Admission, ...]
    observations: tuple[Observation, ...]
    observed_sha256: str
    reports: tuple[StageReport, ...]
    later: tuple[Skipped, ...] = ()  # what is younger than the day that the brief is made for

    @property
    def admitted(self) -> tuple[Document, ...]:
        """The documents that passed the identity gate."""
        passed = {a.document_id for a in self.admissions if a.admitted}
        return tuple(d for d in self.documents if d.id in passed)

    def without(self, hidden: frozenset[str]) -> Read:
        """The same reading without some documents."""
        return replace(
            self,
            documents=tuple(d for d in self.documents if d.id not in hidden),
            admissions=tuple(a for a in self.admissions if a.document_id not in hidden),
        )


def read_account(account: Account, workspace: Workspace, models: Models, *, until: str, seller: Seller | None) -> Read:
    """Extract and analyse what is pending among an account's current captures; documents published or captured after
    the day `until` are left out, with the reason."""
    extracted = extract(account, workspace)
    documents, later = documents_until(account, workspace, until)
    known = name_account(account, documents, workspace)
    admissions = settle_states(documents, [admit(d.harmless(), known) for d in documents], account.id, workspace)
    passed = {a.document_id: a for a in admissions if a.admitted}
    admitted = [d for d in documents if d.id in passed]
    annotated = annotate(admitted, workspace, models)
    observed, report = observe(known, admitted, passed, workspace, models, seller)
    if not later:  # else addresses are missing that only this one brief does without
        forget_answers(workspace.store, account.id, (d.url for d in documents))
    return Read(
        account=known,
        documents=documents,
        admissions=admissions,
        observations=observed,
        observed_sha256=sha256_text(dumps(observed)),
        reports=(extracted, annotated, report),
        later=(*later, *(_unread(d) for d in admitted if d.overlong)),
    )


def _unread(document: Document) -> Skipped:
    """Why part of a document is not read, for the list of what was left out."""
    count = len(document.overlong)
    passages = "one passage" if count == 1 else f"{count} passages"
    reason = f"{passages} of more than {LONGEST_PASSAGE:,} characters, in which nothing is looked for"
    return Skipped(url=document.url, reason=reason)


def documents_until(
    account: Account, workspace: Workspace, until: str
) -> tuple[tuple[Document, ...], tuple[Skipped, ...]]:
    """The account's documents as of a day: those published and captured by its end, the latest of each address that is;
    and what is younger. A file bears no date of capture, so that its date of publication alone decides, if it has one.
    """
    store = workspace.store
    current = documents_of(store, account.id)
    days = {c.id: c.fetched_at[:10] for c in current_captures(store, account.id)}
    reasons = {d.id: reason for d in current if (reason := _too_young(d, days.get(d.capture_id, ""), until))}
    if not reasons:
        return current, ()
    earlier = {d.url: d for d in _kept_documents(account, workspace, until)}
    kept = (earlier.get(d.url) if d.id in reasons else d for d in current)
    gone = (Skipped(url=d.url, reason=reasons[d.id]) for d in current if d.id in reasons and d.url not in earlier)
    return tuple(dict.fromkeys(d for d in kept if d is not None)), tuple(gone)


def _kept_documents(account: Account, workspace: Workspace, until: str) -> list[Document]:
    """Every stored document that is old enough, the earlier captured before the later."""
    stored = documents_of(workspace.store, account.id, current_only=False)
    captures = ((d, load_capture(workspace.store, d.capture_id)) for d in stored)
    days = ((d, capture.fetched_at[:10]) for d, capture in captures if capture is not None)
    return [d for d, day in sorted(days, key=lambda pair: pair[1]) if not _too_young(d, day, until)]


def _too_young(document: Document, captured: str, until: str) -> str | None:
    """Why a document is no evidence as of a day, None where it is."""
    if (document.published or "")[:10] > until[:10]:
        return f"published on {(document.published or '')[:10]}, after {until[:10]}, the day that the brief is made for"
    dated_file = document.url.startswith("file:") and document.published
    if captured > until[:10] and not dated_file:
        return f"read on {captured}, after {until[:10]}, the day that the brief is made for"
    return None


def extract(account: Account, workspace: Workspace) -> StageReport:
    """Bodies to documents, in killable workers."""
    store = workspace.store
    version = extraction_version()
    units = [
        Unit(
            id=page_key(account.id, c.final_url, c.body_sha256),
            fingerprint=_extraction(version, c),
            label=c.url,
            value=c,
        )
        for c in current_captures(store, account.id)
    ]

    def work(captures: Iterator[Capture]) -> Iterator[Document | Skipped]:
        from pipelines.tasks import extract_jobs

        jobs = ((c, body(store, c.body_sha256), account.id) for c in captures)
        if workspace.executor.remote:
            for made in workspace.executor.map(extract_jobs, _chunks(jobs, _PAGES)):
                yield from made
            return
        yield from workspace.children.extraction(workspace.settings.workers).map(jobs)

    def save(unit: Unit[Capture], document: Document) -> str:
        record_extraction(store, unit.value, account.id, unit.fingerprint, document)
        return document.text_sha256

    stage: Stage[Capture, Document] = Stage(name="extract", work=work, save=save, batch=16)
    return run_stage(stage, units, StoreLedger(store=store, now=workspace.clock()), workspace.progress)


def extraction_version() -> str:
    """The version of all extractors."""
    from research.extract import filing, html, mail, pdf, plain, record, word

    versions = {m.__name__: m.VERSION for m in (filing, html, mail, pdf, plain, record, word)}
    return fingerprint("", "extract", f"2 {suspicion.VERSION}", versions)


def _extraction(version: str, capture: Capture) -> str:
    """The version of whatever reads this capture: a kind's reader has one of its own."""
    from research.sources.registry import kind_of

    kind = kind_of(capture.final_url)
    return version if kind is None else fingerprint(version, kind.name, kind.version, {})


def name_account(account: Account, documents: Sequence[Document], workspace: Workspace) -> Account:
    """The account with its other names, and under the name that its pages print where only its domain was known."""
    documents = [d.harmless() for d in documents]
    own = [d for d in documents if admit(d, account).own]
    name = infer_name(own, account.domains[0]) if account.name in account.domains and own else account.name
    aliases = tuple(dict.fromkeys((*account.aliases, *infer_aliases(own, name))))
    known = replace(account, name=name, aliases=tuple(a for a in aliases if a != name))
    if known != account:
        save_account(workspace.store, known)
    return known


def annotate(documents: Iterable[Document], workspace: Workspace, models: Models) -> StageReport:
    """Sentences and mentions of every passage that the store has not seen under this model."""
    from pipelines.tasks import Texts
    from research.analyse.annotate import passage_key

    start = time.perf_counter()
    name, number, model = models.annotator.fingerprint_parts
    version = fingerprint("", name, number, {}, model)
    texts = {passage_key(text): text for d in documents for text in (p.of(d.text) for p in d.passages)}
    known = annotation_store.get_many(workspace.store, list(texts), version)
    missing = [key for key in texts if key not in known]
    batches = list(_chunks(iter(missing), _BATCH))
    jobs = (Texts(model=workspace.settings.nlp.model, texts=tuple(texts[key] for key in keys)) for keys in batches)
    done = 0
    for keys, made in zip(batches, _annotated(jobs, len(missing), workspace, models), strict=True):
        annotation_store.put_many(workspace.store, zip(keys, made, strict=True), version)
        done += len(keys)
        if workspace.progress is not None:
            workspace.progress.advanced("annotate", done, len(missing))
    return StageReport(name="annotate", done=done, reused=len(known), failed=(), seconds=time.perf_counter() - start)


def _annotated(jobs: Iterator[Texts], passages: int, workspace: Workspace, models: Models) -> Iterator[list[str]]:
    from pipelines.tasks import annotate_texts, annotate_with

    if workspace.executor.spreads(passages * _PASSAGE_SECONDS):
        return workspace.executor.map(annotate_texts, jobs)
    return (annotate_with(models, job) for job in jobs)


def _chunks(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    while chunk := tuple(islice(items, size)):
        yield chunk


def observe(
    account: Account,
    documents: Sequence[Document],
    admissions: Mapping[str, Admission],
    workspace: Workspace,
    models: Models,
    seller: Seller | None,
) -> tuple[tuple[Observation, ...], StageReport]:
    """Every analyser over every document that is new, changed, or seen under other names than now."""
    from pipelines.recalled import answers_version
    from pipelines.tasks import Pages, observe_pages, observe_with

    store = workspace.store
    config = analysis_config(account, models, seller)
    version = fingerprint("", "analyse", "1", config, *models.annotator.fingerprint_parts)
    units = [
        Unit(
            id=d.id,
            fingerprint=fingerprint(d.text_sha256, version, str(admissions[d.id].own), {"unread": len(d.unread)}),
            label=d.url,
            value=d,
        )
        for d in documents
    ]
    annotation_version = fingerprint(
        "", *models.annotator.fingerprint_parts[:2], {}, models.annotator.fingerprint_parts[2]
    )

    asked = answers_version(models)

    def row(d: Document) -> Annotated:
        page = _annotated_page(d, workspace, annotation_version, own=admissions[d.id].own)
        return replace(page, answers=load_answers(store, account.id, d.url, asked))

    def work(values: Iterator[Document]) -> Iterator[Observed | Skipped]:
        rows = map(row, values)
        jobs = (
            Pages(model=workspace.settings.nlp.model, account=account, seller=seller, documents=chunk)
            for chunk in _chunks(rows, _PAGES)
        )
        spread = workspace.executor.spreads(len(documents) * _DOCUMENT_SECONDS)
        made = workspace.executor.map(observe_pages, jobs) if spread else (observe_with(models, job) for job in jobs)
        for observed in made:
            yield from observed

    def save(unit: Unit[Document], observed: Observed) -> str:
        save_observations(store, [(unit.id, observed.observations)], version)
        keep_answers(store, account.id, unit.value.url, asked, observed.answers)
        return sha256_text(dumps(observed.observations))

    stage: Stage[Document, Observed] = Stage(name="analyse", work=work, save=save, batch=16)
    report = run_stage(stage, units, StoreLedger(store=store, now=workspace.clock()), workspace.progress)
    loaded = load_observations(store, [d.id for d in documents], version)
    return tuple(o for observations in loaded.values() for o in observations), report


def analysis_config(account: Account, models: Models, seller: Seller | None) -> dict[str, object]:
    """All that the analysers' outcome depends on beside a document and its annotations."""
    from pipelines.tasks import ANALYSERS
    from research.analyse import presence, signals

    return {
        "analysers": [(m.NAME, m.VERSION) for m in (*ANALYSERS, signals, presence)],
        "account": [account.name, *account.aliases],
        "rivals": dumps(seller.for_reading().rivals) if seller else None,
        "models": models.digest,
        "words": words_digest(),
    }


def _annotated_page(document: Document, workspace: Workspace, version: str, *, own: bool) -> Annotated:
    from pipelines.tasks import Annotated
    from research.analyse.annotate import passage_key

    keys = [passage_key(p.of(document.text)) for p in document.passages]
    stored = annotation_store.get_many(workspace.store, keys, version)
    return Annotated(document=document, annotations=tuple(stored[key] for key in keys), own=own)
