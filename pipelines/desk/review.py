"""The review: one finding after the other beside its page, the queue as a list, and what analysts decide."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.board import Board, Boards
from pipelines.bootstrap import Workspace
from pipelines.desk.desk import Desk
from pipelines.desk.forms import Form, analyst_of, choice, form_of, page_number, require_analyst
from pipelines.desk.pages import go_on, page
from pipelines.desk.review_view import card, line, say
from pipelines.judging import MOST_TARGETS, Ask, last_of, save
from research.errors import UsageError
from research.model.judgement import REASONS, Judgement
from research.review.agreement import agreements
from research.review.alike import subject
from research.review.queue import IMPORTANCE, WHY, Entry
from research.review.rules import SCOPES
from research.store.judgements import Saved, StaleError

AHEAD: Final = 12  # entries of the queue beside the finding
ROWS: Final = 50  # entries on a page of the queue
_FILTERS: Final = ("kind", "why", "theme", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The part of the queue that is looked at, and the query that leads there."""

    entries: tuple[Entry, ...]
    filters: Mapping[str, str]

    def query(self, **more: str) -> str:
        """The query string of this part with more parameters."""
        pairs = {name: value for name, value in {**self.filters, **more}.items() if value}
        return f"?{urlencode(pairs)}" if pairs else ""


@cache
def boards_of(_: Desk) -> Boards:
    """The boards that a desk keeps."""
    return Boards()


def board_of(desk: Desk, workspace: Workspace, request: Request) -> Board:
    """The board of the account in the address; 404 where there is none."""
    try:
        return boards_of(desk).board(workspace.store, request.path_params["account_id"])
    except UsageError as error:
        raise HTTPException(404, f"{error}".capitalize() + ".") from None


def routes(desk: Desk) -> Sequence[Route]:
    """The pages of the review and the one address to which decisions go."""

    def review(request: Request) -> Response:
        with desk.reading() as workspace:
            board = board_of(desk, workspace, request)
            return _review(desk, request, board, workspace, request.query_params.get("at", ""))

    def listed(request: Request) -> Response:
        with desk.reading() as workspace:
            return _listed(desk, request, board_of(desk, workspace, request))

    def agreement(request: Request) -> Response:
        with desk.reading() as workspace:
            return _agreement(desk, request, board_of(desk, workspace, request))

    def decide(request: Request) -> Response:
        analyst, form = require_analyst(request), form_of(request)
        with desk.writing() as workspace:
            board = board_of(desk, workspace, request)
            ask = _ask(form, board, analyst)
            try:
                saved = saved_or_refused(ask, board, workspace)
            except StaleError as stale:
                board = board_of(desk, workspace, request)
                return _stale(desk, request, board, workspace, ask, stale)
        return go_on(_onward(request, form, saved))

    return (
        Route("/accounts/{account_id}/review", review),
        Route("/accounts/{account_id}/review", decide, methods=["POST"]),
        Route("/accounts/{account_id}/queue", listed),
        Route("/accounts/{account_id}/agreement", agreement),
    )


def saved_or_refused(ask: Ask, board: Board, workspace: Workspace) -> Saved:
    """The saved decision; 422 where what was asked for does not fit."""
    try:
        return save(ask, board, workspace.store, workspace.clock())
    except UsageError as error:
        raise HTTPException(422, f"{error}".capitalize() + ".") from None


def new_key() -> str:
    """A key for one form: sent twice, it is one decision."""
    return secrets.token_urlsafe(16)


def whole_number(stated: str) -> int | None:
    """The number that a hidden field states, None where it states none."""
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else None


def undoable(board: Board, analyst: str | None) -> dict[str, Any] | None:
    """What the analyst's undo would take back, with the token for it."""
    last = last_of(board, analyst) if analyst else None
    if last is None:
        return None
    keys = last.target_ids if last.target_kind == "finding" else ("|".join(last.target_ids),)
    return {"id": last.id, "what": _about(last, board), "said": say(last), "seen": board.seen(keys)}


def _about(judgement: Judgement, board: Board) -> str:
    if judgement.target_kind == "section":
        return f"section {judgement.target_ids[0]}"
    first = board.raw.get(judgement.target_ids[0])
    what = f"“{subject(first)[:80]}”" if first else "a finding"
    return what if len(judgement.target_ids) == 1 else f"{what} and {len(judgement.target_ids) - 1} more"


def _choose(request: Request, board: Board) -> Chosen:
    theme, source = request.query_params.get("theme", ""), request.query_params.get("source", "")
    filters = {
        "kind": choice(request, "kind", tuple(IMPORTANCE)),
        "why": choice(request, "why", tuple(WHY)),
        "theme": theme if any(t.id == theme for t in board.ground.themes) else "",
        "source": source if source in board.ground.pages else "",
    }
    return Chosen(entries=_filtered(board, filters), filters=filters)


def _filtered(board: Board, filters: Mapping[str, str]) -> tuple[Entry, ...]:
    theme = next((frozenset(t.finding_ids) for t in board.ground.themes if t.id == filters["theme"]), None)
    source, kind, why = filters["source"], filters["kind"], filters["why"]
    return tuple(
        e
        for e in board.entries
        if (not kind or e.finding.kind == kind)
        and (not why or e.why == why)
        and (theme is None or not theme.isdisjoint((e.finding.id, *e.alike)))
        and (not source or any(one.document_id == source for one in e.finding.evidence))
    )


def _review(
    desk: Desk, request: Request, board: Board, workspace: Workspace, at: str, status: int = 200, **more: object
) -> Response:
    chosen = _choose(request, board)
    at = board.host_of(at)
    place = next((n for n, e in enumerate(chosen.entries) if at in (e.finding.id, *e.alike)), 0)
    current = board.by_id.get(at) or (chosen.entries[place].reviewed if chosen.entries else None)
    inside = bool(chosen.entries) and current is not None and at in ("", *(e.finding.id for e in chosen.entries))
    first = max(0, place - 2)
    before = chosen.entries[place - 1].finding.id if inside and place > 0 else ""
    behind = chosen.entries[place + 1 :] if inside else chosen.entries
    values: dict[str, Any] = {
        "card": card(board, current, workspace.store) if current else None,
        "ahead": [line(e) for e in chosen.entries[first : first + AHEAD]],
        "place": place + 1 if inside else 0,
        "total": len(chosen.entries),
        "chosen": chosen,
        "before": before,
        "behind": behind[0].finding.id if behind else "",
        "undo": undoable(board, analyst_of(request)),
        "done": _done(request, board),
        "sections": [c.section for c in board.carried if c.reopened or c.proposals],
        "reasons": REASONS,
        "scopes": SCOPES,
        "key": new_key,
        "stale": None,
        **_filter_values(board, chosen),
        **more,
    }
    return page(
        desk, request, "review.html", {"account": board.ground.account, "tab": "review"}, status=status, **values
    )


def _filter_values(board: Board, chosen: Chosen) -> dict[str, object]:
    counts: dict[str, dict[str, int]] = {"kind": {}, "why": {}}
    for entry in board.entries:
        counts["kind"][entry.finding.kind] = counts["kind"].get(entry.finding.kind, 0) + 1
        counts["why"][entry.why] = counts["why"].get(entry.why, 0) + 1
    return {"counts": counts, "why_words": WHY, "filters": chosen.filters, "waiting": len(board.entries)}


def _done(request: Request, board: Board) -> dict[str, object] | None:
    """What was just saved, in words."""
    wanted = request.query_params.get("done", "")
    judgement = next((j for j in board.judgements if j.id == wanted), None) if wanted else None
    return {"said": say(judgement), "about": _about(judgement, board)} if judgement else None


def _listed(desk: Desk, request: Request, board: Board) -> Response:
    chosen, number = _choose(request, board), page_number(request)
    shown = chosen.entries[(number - 1) * ROWS : number * ROWS]
    theme = next((t for t in board.ground.themes if t.id == chosen.filters["theme"]), None)
    waiting = [e.finding.id for e in chosen.entries if e.why == "open"]
    values: dict[str, Any] = {
        "rows": [(*line(e), f"{e.finding.confidence:.2f}", e.why == "open") for e in shown],
        "chosen": chosen,
        "number": number,
        "pages": max(1, -(-len(chosen.entries) // ROWS)),
        "total": len(chosen.entries),
        "theme": theme,
        "source": board.ground.pages.get(chosen.filters["source"], ""),
        "themes": sorted(board.ground.themes, key=lambda t: (-len(t.finding_ids), t.label))[:60],
        "sources": _sources(board),
        "bulk": len(waiting) if (theme or chosen.filters["source"]) and len(waiting) <= MOST_TARGETS else 0,
        "bulk_seen": board.seen(waiting),
        "page_seen": board.seen(e.finding.id for e in shown),
        "undo": undoable(board, analyst_of(request)),
        "done": _done(request, board),
        "key": new_key,
        **_filter_values(board, chosen),
    }
    return page(desk, request, "queue.html", {"account": board.ground.account, "tab": "review"}, **values)


def _sources(board: Board) -> list[tuple[str, str, int]]:
    """The documents behind most of what waits: id, address, how many."""
    counts: dict[str, int] = {}
    for entry in board.entries:
        for document_id in {e.document_id for e in entry.finding.evidence}:
            counts[document_id] = counts.get(document_id, 0) + 1
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:60]
    return [(document_id, board.ground.pages.get(document_id, document_id), count) for document_id, count in most]


def _agreement(desk: Desk, request: Request, board: Board) -> Response:
    disputes = [
        (d.finding_id, subject(board.raw[d.finding_id]), [say(j) for j in d.judgements])
        for d in board.disputes.values()
        if d.finding_id in board.raw
    ]
    head = {"account": board.ground.account, "tab": "review"}
    return page(desk, request, "agreement.html", head, pairs=agreements(board.judgements), disputes=disputes[:200])


def _ask(form: Form, board: Board, analyst: str) -> Ask:
    """What a form asks for; 409 where "all of these" are no longer those that were shown."""
    targets = form.every("target")
    if form.one("all"):
        filters = {name: form.one(f"filter_{name}") for name in _FILTERS}
        targets = tuple(e.finding.id for e in _filtered(board, filters) if e.why == "open")
        if str(len(targets)) != form.one("all"):
            raise HTTPException(409, f"These are {len(targets)} findings now, not {form.one('all')}: look again.")
    changes = tuple((k.removeprefix("set_"), v) for k, v in form.fields if k.startswith("set_") and v)
    if form.one("verdict") == "undo":
        undone = next((j for j in board.judgements if j.id == form.one("supersedes")), None)
        targets = undone.target_ids if undone else ("nothing",)
    return Ask(
        key=form.one("key"),
        analyst=analyst,
        verdict=form.one("verdict"),
        targets=targets,
        seen=whole_number(form.one("seen")),
        edit=form.one("edit"),
        note=form.one("note"),
        reason=form.one("reason"),
        scope=form.one("scope", "same"),
        changes=_real_changes(changes, targets, board),
        supersedes=form.one("supersedes"),
    )


def _real_changes(
    changes: tuple[tuple[str, str], ...], targets: tuple[str, ...], board: Board
) -> tuple[tuple[str, str], ...]:
    """Those that differ from what the finding says already: a form sends every choice."""
    one = board.by_id.get(targets[0]) if targets else None
    return tuple((k, v) for k, v in changes if one is None or one.finding.text(k) != v)


def _onward(request: Request, form: Form, saved: Saved) -> str:
    account_id = quote(request.path_params["account_id"], safe="")
    kept = {name: form.one(f"filter_{name}") for name in _FILTERS if form.one(f"filter_{name}")}
    following = saved.judgement.target_ids[0] if saved.judgement.verdict == "undo" else form.one("next")
    view = next((v for v in ("queue", "rules", "sections") if form.one("view") == v), "review")
    at = {"at": following} if following and view == "review" else {}
    return f"/accounts/{account_id}/{view}?{urlencode({**kept, **at, 'done': saved.judgement.id})}"


def _stale(desk: Desk, request: Request, board: Board, workspace: Workspace, ask: Ask, stale: StaleError) -> Response:
    """The page again with the decision that came first; what was asked for can be saved over it, knowingly."""
    mine = replace(ask, seen=stale.seen, key=new_key())
    told = {"latest": say(stale.latest), "about": _about(stale.latest, board), "mine": mine}
    return _review(desk, request, board, workspace, ask.targets[0], 409, stale=told)
