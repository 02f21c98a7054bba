"""The stored text of one page, in parts that stay small, with what was found in it marked. Never its HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.bootstrap import Workspace
from pipelines.desk.desk import Desk
from pipelines.desk.evidence import fetched_at, require_account
from pipelines.desk.marking import Piece, cut
from pipelines.desk.pages import page
from research.export.internal import is_internal
from research.export.notes import safe_link
from research.model.document import Document, Passage
from research.model.finding import Admission
from research.store.close_up import quoted_spans
from research.store.documents import load_document
from research.store.drafts import load_draft

PART: Final = 40_000  # code points of a document that one page shows: about 60 KB of HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One passage: its role, its pieces with findings marked, and whether the quote that was asked for begins in it."""

    role: str
    main: bool
    pieces: tuple[Piece, ...]
    hit: bool


def routes(desk: Desk) -> Sequence[Route]:
    """The page of one document's text."""

    def document(request: Request) -> Response:
        start, end = _offset(request, "from"), _offset(request, "to")
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            found = load_document(workspace.store, request.path_params["document_id"])
            if found is None or found.account_id != account.id:
                raise HTTPException(404, "This account has no such document.")
            spans = quoted_spans(workspace.store, found.id)
            seen = fetched_at((found,), workspace).get(found.id, "")
            gate = _admission(found, workspace)
        number = _part_number(request, start, found)
        head = {"account": account, "tab": "findings"}
        return page(
            desk, request, "document.html", head, document=found, link=safe_link(found.url), seen=seen, gate=gate,
            internal=is_internal(found), blocks=_blocks(found, number, spans, (start, end)), number=number,
            pages=max(1, -(-len(found.text) // PART)), found=len(spans), words=len(found.text.split()),
        )  # fmt: skip

    return (Route("/accounts/{account_id}/documents/{document_id}", document),)


def _offset(request: Request, name: str) -> int:
    stated = request.query_params.get(name, "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else -1


def _part_number(request: Request, start: int, document: Document) -> int:
    """The part that was asked for, or the one in which the passage of the quote begins."""
    stated = _offset(request, "part")
    if stated > 0:
        return stated
    return next((p.start // PART + 1 for p in document.passages if p.start <= start < p.end), 1)


def _admission(document: Document, workspace: Workspace) -> Admission | None:
    known = load_draft(workspace.store, document.account_id, Admission) or ()
    return next((a for a in known if a.document_id == document.id), None)


def _blocks(
    document: Document, number: int, spans: Sequence[tuple[int, int]], asked: tuple[int, int]
) -> tuple[Block, ...]:
    first, last = (number - 1) * PART, number * PART
    chosen = (p for p in document.passages if first <= p.start < last and p.end > p.start)
    return tuple(_block(document, passage, spans, asked) for passage in chosen)


def _block(document: Document, passage: Passage, spans: Sequence[tuple[int, int]], asked: tuple[int, int]) -> Block:
    hit = passage.start <= asked[0] < passage.end
    wanted = [asked] if hit else spans
    inside = [(s - passage.start, e - passage.start) for s, e in wanted if s < passage.end and e > passage.start]
    pieces = cut(passage.of(document.text), [(max(0, s), e) for s, e in inside])
    return Block(role=passage.role, main=passage.main, pieces=pieces, hit=hit)
