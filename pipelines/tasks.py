"""The work that stages hand to an executor: functions of one frozen value each, the same in every process."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipelines.gather import gather_site
from pipelines.internet import Internet, Reach
from pipelines.models import Models, models_of
from pipelines.recalled import Observed, Recalled
from research.analyse import (
    events,
    facts,
    filing_facts,
    filing_lists,
    offerings,
    offices,
    people,
    presence,
    records,
    relations,
    signals,
)
from research.analyse.annotate import Annotation, compose
from research.analyse.features_signals import ClassifySignals
from research.analyse.read import Analyse, outside_suspicious
from research.collect.readers import Apart
from research.errors import DossierError
from research.extract.pool import ExtractionPool, Job
from research.model.account import Account, Seller, Source
from research.model.capture import Capture, Fetched, Skipped
from research.model.document import Document
from research.net.guard import Resolve
from research.run.limit import OvertimeError, within
from research.settings import Settings
from research.sources.policy import Policy

_SECONDS: Final = 30  # of CPU time that the analysis of any document may take,
_SECONDS_A_MILLION: Final = 120  # and for every million characters more
ANALYSERS = (people, facts, filing_facts, relations, events, offerings, offices, filing_lists, records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Passages for the language model of this name."""

    model: str | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A document of an account with the stored annotation (JSON) of each of its passages."""

    document: Document
    annotations: tuple[str, ...]
    own: bool
    answers: str | None = None  # what the classifier of sentences answered when the page was read last


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Documents for every analyser."""

    model: str | None
    account: Account
    seller: Seller | None
    documents: tuple[Annotated, ...]


def annotate_texts(texts: Texts) -> list[str]:
    """The annotation of each passage as JSON."""
    return annotate_with(models_of(texts.model), texts)


def annotate_with(models: Models, texts: Texts) -> list[str]:
    """As `annotate_texts`, with models that are at hand."""
    return [annotation.to_json() for annotation in models.annotator.annotate(texts.texts)]


def observe_pages(pages: Pages) -> list[Observed | Skipped]:
    """The observations of each document, with what was answered to its sentences; a document that takes longer than
    its length allows is skipped with that reason."""
    return observe_with(models_of(pages.model), pages)


def observe_with(models: Models, pages: Pages) -> list[Observed | Skipped]:
    """As `observe_pages`, with models that are at hand."""
    found: list[Observed | Skipped] = []
    for row in pages.documents:
        seconds = analysis_seconds(row.document)
        try:
            with within(seconds):
                found.append(_observe(models, pages, row))
        except OvertimeError:
            reason = f"analysing it took more than {seconds} s of CPU time: nothing is read from it"
            found.append(Skipped(url=row.document.url, reason=reason))
    return found


def analysis_seconds(document: Document) -> int:
    """How many CPU seconds the analysis of a document may take: nine times what an annual report of 500,000 characters
    takes from its bytes to its brief (10 s, docs/performance.md), and room for a short page on a slow machine."""
    return _SECONDS + round(_SECONDS_A_MILLION * len(document.text) / 1_000_000)


def _observe(models: Models, pages: Pages, row: Annotated) -> Observed:
    texts = [p.of(row.document.text) for p in row.document.passages]
    annotations = [Annotation.from_json(a, t) for a, t in zip(row.annotations, texts, strict=True)]
    reading = compose(row.document, pages.account, annotations, own=row.own)
    classify = Recalled(models.signals, row.answers)
    made = (o for analyse in _analyses(classify, pages.seller) for o in analyse(reading))
    return Observed(observations=outside_suspicious(made, row.document), answers=classify.told())


def _analyses(classify: ClassifySignals, seller: Seller | None) -> Iterator[Analyse]:
    yield from (module.observe for module in ANALYSERS)
    yield lambda reading: signals.observe(reading, classify)
    if seller is not None:
        yield lambda reading: presence.observe(reading, seller)


def extract_jobs(jobs: Sequence[Job]) -> list[Document | Skipped]:
    """The document of each capture, read in a killable process beside the worker."""
    return list(_extraction().map(jobs))


@cache
def _extraction() -> ExtractionPool:
    return ExtractionPool(workers=1).__enter__()  # lives as long as the worker; its child ends with its input


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A site to read: what is known of it, and on what terms it is asked. `bodies` are packed with zlib."""

    source: Source
    known: tuple[Capture, ...]
    bodies: Mapping[str, bytes]
    settings: Settings
    policies: Mapping[str, Policy]
    resolve: Resolve
    allowed: tuple[tuple[str, int], ...]
    reach: Reach
    clock: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What a visit gave, in its order: answers to keep, addresses that are as they were, and what was left out; `error`
    where the site could not be read at all."""

    events: tuple[Fetched | str | Skipped, ...]
    error: str | None = None


def visit_site(visit: Visit) -> Visited:
    """Read a site to its end; nothing is stored."""
    internet = Internet(policies=visit.policies, resolve=visit.resolve, allowed_hosts=visit.allowed)
    return visit_with(internet, visit)


def visit_with(internet: Internet, visit: Visit) -> Visited:
    """As `visit_site`, within a network whose terms are shared."""
    events: list[Fetched | str | Skipped] = []
    try:
        with internet.client(visit.settings, visit.clock, visit.reach) as client, Apart() as readers:
            gather_site(
                visit.source,
                client,
                known={capture.url: capture for capture in visit.known},
                keep=events.append,
                unchanged=events.append,
                skip=events.append,
                stored=lambda capture: zlib.decompress(visit.bodies[capture.body_sha256]),
                readers=readers,
            )
    except DossierError as error:
        return Visited(events=tuple(events), error=str(error))
    return Visited(events=tuple(events))
