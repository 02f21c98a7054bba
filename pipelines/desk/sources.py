"""Where an account's pages come from: its sources and their health, its runs, what was read and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.desk import Desk
from pipelines.desk.evidence import require_account
from pipelines.desk.forms import page_number
from pipelines.desk.pages import page
from research.export.looked import STATES
from research.export.notes import safe_link
from research.model.draft import SourceState
from research.store.accounts import sources_of
from research.store.connect import Store
from research.store.drafts import load_draft
from research.store.health import Health, health_of_account
from research.store.listing import list_documents
from research.store.runs import RunRow, list_skipped, runs_of

DOCUMENTS_SHOWN: Final = 100  # a page
SKIPPED_SHOWN: Final = 60
_BAD: Final = frozenset({"blocked", "down"})
_DOUBTFUL: Final = frozenset({"ambiguous", "not_found", "nothing", "not_asked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How one source went last, in words, and how it went before."""

    title: str
    kind: str
    words: str
    tone: str
    reason: str
    answers: int
    health: Health | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: its stages as (name, done, reused, failed, seconds)."""

    run: RunRow
    stages: tuple[tuple[str, int, int, int, float], ...]
    failures: int


def routes(desk: Desk) -> Sequence[Route]:
    """The page of sources and runs."""

    def sources(request: Request) -> Response:
        number = page_number(request)
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            store = workspace.store
            skipped = list_skipped(store, account.id)
            documents = list_documents(store, account.id, DOCUMENTS_SHOWN + 1, (number - 1) * DOCUMENTS_SHOWN)
            states, runs, places = _states(store, account.id), _runs(store, account.id), sources_of(store, account.id)
        reasons = Counter(s.reason for s in skipped).most_common()
        head = {"account": account, "tab": "sources", "number": number, "reasons": reasons, "places": places}
        return page(
            desk, request, "sources.html", head, states=states, runs=runs, left_out=len(skipped),
            skipped=[(s.url, safe_link(s.url), s.reason) for s in skipped[:SKIPPED_SHOWN]],
            documents=documents[:DOCUMENTS_SHOWN], more=len(documents) > DOCUMENTS_SHOWN,
        )  # fmt: skip

    return (Route("/accounts/{account_id}/sources", sources),)


def _states(store: Store, account_id: str) -> tuple[State, ...]:
    health = health_of_account(store, account_id)
    known = load_draft(store, account_id, SourceState) or ()
    return tuple(
        State(
            title=state.title,
            kind=state.kind,
            words=STATES[state.state],
            tone="warn" if state.state in _BAD else "none" if state.state in _DOUBTFUL else "good",
            reason=state.reason,
            answers=state.answers,
            health=health.get(state.kind),
        )
        for state in known
    )


def _runs(store: Store, account_id: str) -> tuple[Run, ...]:
    return tuple(_run(run) for run in runs_of(store, account_id))


def _run(run: RunRow) -> Run:
    summary = run.summary or {}
    stages = tuple(
        (
            str(s.get("name", "")),
            *(int(s.get(key, 0)) for key in ("done", "reused", "failed")),
            float(s.get("seconds", 0)),
        )
        for s in summary.get("stages", ())
    )
    return Run(run=run, stages=stages, failures=int(summary.get("failures", 0)))  # type: ignore[arg-type]
