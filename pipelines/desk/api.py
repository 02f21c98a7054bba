"""The desk for programs: the same decisions with the same checks as its forms, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from pipelines.board import Board
from pipelines.desk.desk import Desk
from pipelines.desk.forms import analyst_name, analyst_of, choice, clean, form_of, json_of, require_analyst
from pipelines.desk.openapi import Operation, as_routes, document
from pipelines.desk.pages import go_on, page
from pipelines.desk.review import board_of, saved_or_refused
from pipelines.desk.rules import hit_by
from pipelines.exchange import export_lines, import_lines
from pipelines.judging import MOST_LETTERS, MOST_TARGETS, Ask
from research.errors import UsageError
from research.model.judgement import Judgement
from research.review.agreement import agreements
from research.review.alike import subject
from research.review.judgements import Reviewed
from research.review.queue import IMPORTANCE, WHY
from research.review.rules import live_rules, rule_for, say_rule
from research.store.accounts import list_accounts
from research.store.judgements import StaleError, section_key
from research.text.codec import encode

MOST: Final = 200  # rows of one answer
_NUMBER: Final = 2**53  # what a JSON number holds exactly

Id = str
Words = str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Decision(_Strict):
    """One decision on findings or on a section; `seen` is the token that came with what was looked at."""

    key: str = Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")
    verdict: Literal["accept", "edit", "reject", "merge", "split", "pin", "note", "undo", "add"]
    targets: list[str] = Field(default=[], max_length=MOST_TARGETS)
    target_kind: Literal["finding", "section"] = "finding"
    seen: int | None = Field(default=None, ge=0, lt=_NUMBER)
    analyst: str = Field(default="", max_length=80)
    edit: str = Field(default="", max_length=MOST_LETTERS)
    note: str = Field(default="", max_length=MOST_LETTERS)
    reason: Literal["", "not_said", "not_theirs", "wrong_kind", "stale", "noise", "other"] = ""
    scope: Literal["finding", "same", "like", "page"] = "same"
    changes: dict[Literal["type", "holder", "relation"], str] = {}
    supersedes: str = Field(default="", max_length=64)


class Trial(_Strict):
    """A rejection that is only tried: how many findings would it hit?"""

    finding: str
    scope: Literal["finding", "same", "like", "page"] = "same"


_LIMIT: Final = ("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50})
_OFFSET: Final = ("offset", {"type": "integer", "minimum": 0, "maximum": 999_999, "default": 0})
_AFTER: Final = ("after", {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0})
_KIND: Final = ("kind", {"type": "string", "enum": sorted(IMPORTANCE)})
_WHY: Final = ("why", {"type": "string", "enum": sorted(WHY)})
_ACCOUNT: Final = "/api/accounts/{account_id}"


def routes(desk: Desk) -> Sequence[Route]:
    """The API, its document, the page that shows it, and the exchange of judgements by hand."""
    operations = _operations(desk)
    described = document(operations)

    def specification(_: Request) -> Response:
        return JSONResponse(described)

    def shown(request: Request) -> Response:
        return page(desk, request, "api.html", described=described)

    def exported(request: Request) -> Response:
        with desk.reading() as workspace:
            account = board_of(desk, workspace, request).ground.account
            text = "".join(f"{line}\n" for line in export_lines(workspace.store, account.id))
        return PlainTextResponse(text.encode("utf-8", "replace"), media_type="application/x-ndjson")

    def imported(request: Request) -> Response:
        require_analyst(request)
        with desk.writing() as workspace:
            account = board_of(desk, workspace, request).ground.account
            _import(form_of(request).one("lines"), workspace)
        return go_on(f"/accounts/{account.id}/review")

    return (
        *as_routes(operations),
        Route("/api/openapi.json", specification),
        Route("/api", shown),
        Route("/accounts/{account_id}/judgements.jsonl", exported),
        Route("/accounts/{account_id}/judgements", imported, methods=["POST"]),
    )


def _operations(desk: Desk) -> tuple[Operation, ...]:
    return (*_reads(desk), *_writes(desk))


def _reads(desk: Desk) -> tuple[Operation, ...]:
    def of_board(show: Any) -> Any:
        def handler(request: Request) -> Response:
            with desk.reading() as workspace:
                return JSONResponse(show(request, board_of(desk, workspace, request)))

        return handler

    def accounts(_: Request) -> Response:
        with desk.reading() as workspace:
            found = [{"id": a.id, "name": a.name, "domains": list(a.domains)} for a in list_accounts(workspace.store)]
        return JSONResponse({"accounts": found})

    return (
        Operation(path="/api/accounts", summary="The accounts", handler=accounts, answers="Every account.", errors=()),
        Operation(
            path=f"{_ACCOUNT}/queue", summary="What waits for a decision, the most pressing first",
            handler=of_board(_queue), answers="A part of the queue.", query=(_KIND, _WHY, _LIMIT, _OFFSET),
        ),
        Operation(
            path=f"{_ACCOUNT}/findings/{{finding_id}}", summary="One finding under people's decisions",
            handler=of_board(_finding), answers="The finding and the token for deciding on it.",
        ),
        Operation(
            path=f"{_ACCOUNT}/judgements", summary="What was decided, oldest first",
            handler=of_board(_judgements), answers="Judgements with their numbers.", query=(_AFTER, _LIMIT),
        ),
        Operation(
            path=f"{_ACCOUNT}/rules", summary="The rules of rejections that hold",
            handler=of_board(_rules), answers="Rules, and how many findings each hits.",
        ),
        Operation(
            path=f"{_ACCOUNT}/agreement", summary="How much each two analysts agree (Cohen 1960)",
            handler=of_board(_agreement), answers="Pairs of analysts, and the findings on which they differ.",
        ),
        Operation(
            path=f"{_ACCOUNT}/sections", summary="The sections with people's words",
            handler=of_board(_sections), answers="Sentences with what they cite, and what is proposed.",
        ),
    )  # fmt: skip


def _writes(desk: Desk) -> tuple[Operation, ...]:
    def decide(request: Request) -> Response:
        asked = _read(Decision, request)
        with desk.writing() as workspace:
            board = board_of(desk, workspace, request)
            try:
                saved = saved_or_refused(_ask(asked, request, board), board, workspace)
            except StaleError as stale:
                told = {"error": f"{stale}", "status": 409, "latest": encode(stale.latest), "seen": stale.seen}
                return JSONResponse(told, status_code=409)
        return JSONResponse(
            {"judgement": encode(saved.judgement), "again": saved.again}, status_code=200 if saved.again else 201
        )

    def tried(request: Request) -> Response:
        asked = _read(Trial, request)
        with desk.reading() as workspace:
            board = board_of(desk, workspace, request)
        finding = board.raw.get(asked.finding)
        if finding is None:
            raise HTTPException(422, "There is no such finding to make a rule from.")
        rule = rule_for(finding, asked.scope, board.ground.pages.get(finding.evidence[0].document_id, ""))
        found = hit_by(board, rule) if rule else (finding,)
        hits = [{"id": f.id, "says": subject(f)} for f in found[:MOST]]
        return JSONResponse({"rule": say_rule(rule) if rule else None, "count": len(found), "hits": hits})

    def imported(request: Request) -> Response:
        body = request.scope.get("desk.body", b"")
        with desk.writing() as workspace:
            added, known = _import(body.decode("utf-8", "replace"), workspace)
        return JSONResponse({"added": added, "known": known})

    return (
        Operation(
            path=f"{_ACCOUNT}/judgements", method="POST", summary="Decide", body=Decision, handler=decide, status=201,
            answers="The judgement as it is kept.",
        ),
        Operation(
            path=f"{_ACCOUNT}/rules/test", method="POST", summary="Try a rule; nothing is saved", body=Trial,
            handler=tried, answers="What it would hit.",
        ),
        Operation(
            path="/api/judgements/import", method="POST", summary="Import judgements, all or none",
            text="application/x-ndjson", handler=imported, answers="How many were new.", errors=(),
        ),
    )  # fmt: skip


def _import(text: str, workspace: Any) -> tuple[int, int]:
    try:
        return import_lines(clean(text).splitlines(), workspace.store, workspace.clock())
    except UsageError as error:
        raise HTTPException(422, f"{error}".capitalize() + ".") from None


def _read(kind: Any, request: Request) -> Any:
    try:
        return kind.model_validate(_cleaned(json_of(request)))
    except (ValidationError, RecursionError) as error:
        if isinstance(error, RecursionError):
            raise HTTPException(400, "The body is nested too deeply.") from None
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise HTTPException(422, clean(f"{where}: {first['msg']}")) from None


def _cleaned(value: Any) -> Any:
    """The value with every text in it as it may be kept."""
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return value


def _ask(asked: Decision, request: Request, board: Board) -> Ask:
    targets = tuple(asked.targets)
    if asked.verdict == "undo":
        undone = next((j for j in board.judgements if j.id == asked.supersedes), None)
        targets = undone.target_ids if undone else ("nothing",)
    return Ask(
        key=asked.key,
        analyst=analyst_name(asked.analyst) or analyst_of(request) or "",
        verdict=asked.verdict,
        targets=targets,
        target_kind=asked.target_kind,
        seen=asked.seen,
        edit=asked.edit,
        note=asked.note,
        reason=asked.reason,
        scope=asked.scope,
        changes=tuple(asked.changes.items()),
        supersedes=asked.supersedes,
    )


def _bounded(request: Request, name: str, default: int, least: int, most: int) -> int:
    stated = request.query_params.get(name, "")
    number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else default
    return min(max(number, least), most)


def _queue(request: Request, board: Board) -> dict[str, Any]:
    kind, why = choice(request, "kind", tuple(IMPORTANCE)), choice(request, "why", tuple(WHY))
    chosen = [e for e in board.entries if kind in ("", e.finding.kind) and why in ("", e.why)]
    first, limit = _bounded(request, "offset", 0, 0, 999_999), _bounded(request, "limit", 50, 1, MOST)
    rows = [{**_row(board, e.reviewed), "why": e.why, "alike": list(e.alike)} for e in chosen[first : first + limit]]
    return {"total": len(chosen), "findings": rows}


def _row(board: Board, one: Reviewed) -> dict[str, Any]:
    finding = one.finding
    return {
        "id": finding.id,
        "kind": finding.kind,
        "attributes": dict(finding.attributes),
        "confidence": round(finding.confidence, 4),
        "status": finding.status,
        "moved": one.moved,
        "seen": board.seen((finding.id,)),
    }


def _finding(request: Request, board: Board) -> dict[str, Any]:
    one = board.by_id.get(request.path_params["finding_id"])
    if one is None:
        raise HTTPException(404, "There is no such finding, or it was merged into another one.")
    return {
        **_row(board, one),
        "decision": encode(one.decision) if one.decision else None,
        "ruled": one.ruled.id if one.ruled else None,
        "heir_of": [old.id for old in one.heir_of],
        "absorbed": list(one.absorbed),
        "evidence": [
            {"document": e.document_id, "url": board.ground.pages.get(e.document_id), "start": e.start, "end": e.end}
            for e in one.finding.evidence
        ],
    }


def _judgements(request: Request, board: Board) -> dict[str, Any]:
    after, limit = _bounded(request, "after", 0, 0, 999_999_999), _bounded(request, "limit", 50, 1, MOST)
    rows = [(number, judgement) for number, judgement in board.numbered if number > after][:limit]
    return {"judgements": [{"number": number, **_encoded(judgement)} for number, judgement in rows]}


def _encoded(judgement: Judgement) -> dict[str, Any]:
    found = encode(judgement)
    return found if isinstance(found, dict) else {}


def _rules(_: Request, board: Board) -> dict[str, Any]:
    rules = [
        {"id": j.id, "says": say_rule(j.rule), "analyst": j.analyst, "at": j.at, "hits": len(hit_by(board, j.rule))}
        for j in live_rules(board.live)
        if j.rule is not None
    ]
    return {"rules": rules}


def _agreement(_: Request, board: Board) -> dict[str, Any]:
    pairs = [
        {"analysts": list(p.analysts), "both": p.both, "agreed": p.agreed, "kappa": p.kappa}
        for p in agreements(board.judgements)
    ]
    differ = [
        {"finding": d.finding_id, "judgements": [encode(j) for j in d.judgements]} for d in board.disputes.values()
    ]
    return {"pairs": pairs, "differ": differ[:MOST]}


def _sections(_: Request, board: Board) -> dict[str, Any]:
    return {
        "sections": [
            {
                "name": c.section.name,
                "title": c.section.title,
                "claims": [
                    {
                        "text": claim.text,
                        "findings": list(claim.finding_ids),
                        "analyst": claim.analyst or None,
                        "seen": board.seen((section_key((c.section.name, *claim.finding_ids)),)),
                    }
                    for claim in c.section.claims
                ],
                "seen": board.seen((c.section.name,)),
                "reopened": c.reopened is not None,
                "proposals": [
                    {"findings": list(p.finding_ids), "old": p.old_text, "words": p.human_text, "new": p.new_text}
                    for p in c.proposals
                ],
            }
            for c in board.carried
        ]
    }
