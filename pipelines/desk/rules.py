"""Rules of rejections: what they are, what they hit, and how they are withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.board import Board
from pipelines.desk.desk import Desk
from pipelines.desk.forms import form_of
from pipelines.desk.pages import page
from pipelines.desk.review import board_of, new_key
from pipelines.desk.review_view import say
from research.export.notes import describe
from research.model.finding import Finding
from research.model.judgement import REASONS, Judgement, Rule
from research.review.alike import subject
from research.review.rules import SCOPES, Scope, hits, live_rules, rule_for, say_rule

SHOWN: Final = 100  # findings that a rule hits, on its page


def routes(desk: Desk) -> Sequence[Route]:
    """The rules of an account, and the trial of one before it is made."""

    def listed(request: Request) -> Response:
        with desk.reading() as workspace:
            board = board_of(desk, workspace, request)
        rules = [_row(board, judgement) for judgement in reversed(live_rules(board.live))]
        withdrawn = [j for j in board.judgements if j.verdict == "rule" and j not in board.live]
        gone = [{"said": say(j), "words": say_rule(j.rule)} for j in reversed(withdrawn) if j.rule]
        head = {"account": board.ground.account, "tab": "review"}
        return page(desk, request, "rules.html", head, rules=rules, gone=gone, key=new_key)

    def tried(request: Request) -> Response:
        form = form_of(request)
        with desk.reading() as workspace:
            board = board_of(desk, workspace, request)
        finding = board.raw.get(form.one("target"))
        scope: Scope = next((s for s in SCOPES if s == form.one("scope")), "same")
        if finding is None:
            raise HTTPException(422, "There is no such finding to make a rule from: reload the queue.")
        rule = rule_for(finding, scope, board.ground.pages.get(finding.evidence[0].document_id, ""))
        found = hit_by(board, rule) if rule else (finding,)
        values: dict[str, Any] = {
            "finding": finding,
            "what": subject(finding),
            "rule": say_rule(rule) if rule else "",
            "hits": [_hit(board, f) for f in found[:SHOWN]],
            "count": len(found),
            "form": form,
            "scope": scope,
            "scopes": SCOPES,
            "reasons": REASONS,
            "key": new_key,
        }
        return page(desk, request, "rule.html", {"account": board.ground.account, "tab": "review"}, **values)

    return (
        Route("/accounts/{account_id}/rules", listed),
        Route("/accounts/{account_id}/rules/test", tried, methods=["POST"]),
    )


def hit_by(board: Board, rule: Rule) -> tuple[Finding, ...]:
    """Every finding of the account, past ones too, that a rule would hit."""
    return tuple(f for f in board.ground.findings if hits(rule, f, board.ground.pages))


def _row(board: Board, judgement: Judgement) -> dict[str, object]:
    found = hit_by(board, judgement.rule) if judgement.rule else ()
    alone = sum(one.ruled is not None and one.ruled.id == judgement.id for one in board.reviewed)
    return {
        "id": judgement.id,
        "words": say_rule(judgement.rule) if judgement.rule else "",
        "said": say(judgement),
        "hits": len(found),
        "alone": alone,
        "examples": [_hit(board, f) for f in found[:5]],
        "seen": board.seen(judgement.target_ids),
    }


def _hit(board: Board, finding: Finding) -> tuple[str, str, str, str]:
    one = board.by_id.get(finding.id)
    status = one.finding.status if one else "merged"
    return (finding.id, subject(finding)[:240], describe(finding), status)
