"""The drafted sections, edited in place: every sentence keeps its citations, and nobody's words are overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.board import Board
from pipelines.bootstrap import Workspace
from pipelines.desk.desk import Desk
from pipelines.desk.forms import Form, analyst_of, form_of, require_analyst
from pipelines.desk.pages import go_on, page
from pipelines.desk.review import board_of, new_key, saved_or_refused, undoable, whole_number
from pipelines.desk.review_view import say
from pipelines.judging import Ask
from research.draft.verify import mark_unverified
from research.errors import UsageError
from research.model.draft import Brief, Claim, Section
from research.review.alike import subject
from research.review.carry import CarriedOver
from research.review.threeway import differences
from research.store.documents import load_documents
from research.store.judgements import StaleError, section_key

CITABLE: Final = 60  # findings offered for citing in a sentence of one's own


def routes(desk: Desk) -> Sequence[Route]:
    """The sections of an account, one section, and what is decided on it."""

    def listed(request: Request) -> Response:
        with desk.reading() as workspace:
            board = board_of(desk, workspace, request)
        rows = [_row(carried) for carried in board.carried]
        return page(desk, request, "sections.html", {"account": board.ground.account, "tab": "sections"}, rows=rows)

    def shown(request: Request) -> Response:
        with desk.reading() as workspace:
            return _section(desk, request, board_of(desk, workspace, request), workspace)

    def decide(request: Request) -> Response:
        analyst, form = require_analyst(request), form_of(request)
        with desk.writing() as workspace:
            board = board_of(desk, workspace, request)
            ask = _ask(request, form, board, analyst)
            try:
                saved_or_refused(ask, board, workspace)
            except StaleError as stale:
                board = board_of(desk, workspace, request)
                told = {"latest": say(stale.latest), "mine": replace(ask, seen=stale.seen, key=new_key())}
                return _section(desk, request, board, workspace, 409, stale=told)
        return go_on(request.url.path)

    return (
        Route("/accounts/{account_id}/sections", listed),
        Route("/accounts/{account_id}/sections/{section}", shown),
        Route("/accounts/{account_id}/sections/{section}", decide, methods=["POST"]),
    )


def as_exported(board: Board, carried: CarriedOver, workspace: Workspace) -> Section:
    """The section as exports show it: what no quote shows of people's sentences is marked."""
    cited = {i for claim in carried.section.claims for i in claim.finding_ids}
    worded = any(one.words for one in board.reviewed if one.finding.id in cited)
    if not worded and not any(claim.analyst for claim in carried.section.claims):
        return carried.section
    findings = tuple(one.finding for one in board.reviewed if one.finding.id in cited)
    documents = load_documents(workspace.store, sorted({e.document_id for f in findings for e in f.evidence}))
    brief = Brief(
        account=board.ground.account,
        as_of=workspace.today,
        documents=documents,
        fetched_at=(),
        body_sha256=(),
        skipped=(),
        admissions=(),
        findings=findings,
        conflicts=(),
        themes=(),
        sections=(carried.section,),
    )
    return mark_unverified(brief).sections[0]


def _row(carried: CarriedOver) -> dict[str, object]:
    claims = carried.section.claims
    return {
        "section": carried.section,
        "own": sum(bool(claim.analyst) for claim in claims),
        "proposals": len(carried.proposals),
        "reopened": say(carried.reopened) if carried.reopened else None,
        "accepted": say(carried.accepted) if carried.accepted else None,
    }


def _section(
    desk: Desk, request: Request, board: Board, workspace: Workspace, status: int = 200, **more: object
) -> Response:
    name = request.path_params["section"]
    try:
        carried = board.carried_over(name)
    except UsageError as error:
        raise HTTPException(404, f"{error}".capitalize() + ".") from None
    section = as_exported(board, carried, workspace)
    accepted = carried.reopened
    values: dict[str, Any] = {
        "section": section,
        "claims": [_claim(board, name, claim) for claim in section.claims],
        "proposals": [(p, differences(p.old_text or "", p.new_text or "")) for p in carried.proposals],
        "token_of": lambda ids: board.seen((section_key((name, *ids)),)),
        "seen": board.seen((name,)),
        "reopened": say(accepted) if accepted else None,
        "diff": differences("\n".join(accepted.base), _text(section)) if accepted else (),
        "accepted": say(carried.accepted) if carried.accepted else None,
        "citable": _citable(board, section),
        "key": new_key,
        "undo": undoable(board, analyst_of(request)),
        "stale": None,
        **more,
    }
    head = {"account": board.ground.account, "tab": "sections"}
    return page(desk, request, "section.html", head, status=status, **values)


def _text(section: Section) -> str:
    return "\n".join(claim.text for claim in section.claims)


def _claim(board: Board, name: str, claim: Claim) -> dict[str, object]:
    own = next(
        (j for j in reversed(board.live) if j.verdict == "add" and j.edit == claim.text and j.at == claim.written), None
    )
    return {
        "text": claim.text,
        "ids": claim.finding_ids,
        "cites": [(i, subject(board.raw[i])[:120]) for i in claim.finding_ids if i in board.raw],
        "analyst": claim.analyst,
        "written": claim.written[:16].replace("T", " "),
        "unverified": claim.unverified,
        "added": own.id if own else "",
        "seen": board.seen((section_key((name, *claim.finding_ids)),)),
        "drafted": next((c.text for c in board.drafted(name).claims if c.finding_ids == claim.finding_ids), ""),
    }


def _citable(board: Board, section: Section) -> list[tuple[str, str]]:
    ids = dict.fromkeys(i for claim in section.claims for i in claim.finding_ids)
    return [(i, subject(board.raw[i])[:120]) for i in ids if i in board.raw][:CITABLE]


def _ask(request: Request, form: Form, board: Board, analyst: str) -> Ask:
    name, verdict = request.path_params["section"], form.one("verdict")
    targets = (name, *form.every("cites"))
    supersedes = form.one("supersedes")
    if verdict == "undo":
        undone = next((j for j in board.judgements if j.id == supersedes), None)
        targets = undone.target_ids if undone else ("nothing",)
    return Ask(
        key=form.one("key"),
        analyst=analyst,
        verdict=verdict,
        target_kind="section",
        targets=targets,
        seen=whole_number(form.one("seen")),
        edit=form.one("edit"),
        note=form.one("note"),
        supersedes=supersedes,
    )
