"""Re-checks a written brief against the store, offline and without a model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipelines.bootstrap import Workspace
from research.draft.check import Problem
from research.draft.verify import verify_json
from research.errors import DossierError
from research.export.lines import FLAG
from research.store.documents import load_document
from research.store.judgements import judgements_of

_SIGNED: Final = " (analyst's words)"  # how the template `analyst` of prompts/shared.toml ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How much was checked, and what does not hold."""

    claims: int
    quotes: int
    problems: tuple[Problem, ...]
    analysts_words: tuple[str, ...] = ()  # sentences that no quote shows and an analyst vouches for: not checked


def verify_file(path: Path, workspace: Workspace) -> Verification:
    """Check a brief.json; DossierError where it cannot be read at all."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DossierError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise DossierError(f"{path}: is no brief.json ({error})") from error
    if not isinstance(data, dict):
        raise DossierError(f"{path}: is no brief.json (it holds no object)")

    @cache
    def text_of(document_id: str) -> str | None:
        document = load_document(workspace.store, document_id)
        return document.text if document else None

    listed = [d.get("id") for d in _rows(data, "documents")]
    if listed and all(text_of(str(document_id)) is None for document_id in listed):
        raise DossierError(
            f"{path}: its documents are not in this store; give the store it was made in with --home DIR"
        )
    problems = verify_json(data, text_of)
    spoken = [] if any(p.kind == "malformed" for p in problems) else list(_analysts_words(data))
    return Verification(
        claims=_count(data, "sections", "claims") - len(spoken),
        quotes=_count(data, "findings", "evidence"),
        problems=(*problems, *_unsaid(data, spoken, workspace)),
        analysts_words=tuple(f"{section}: {text} ({who}, {when[:10]})" for section, text, who, when in spoken),
    )


def _analysts_words(data: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for section in data["sections"]:
        for claim in section["claims"]:
            if claim.get("unverified"):
                who, when = claim.get("analyst") or "nobody named", str(claim.get("written") or "")
                yield str(section["name"]), str(claim["text"]), str(who), when


def _unsaid(
    data: dict[str, Any], spoken: Sequence[tuple[str, str, str, str]], workspace: Workspace
) -> Iterator[Problem]:
    """What is passed off as an analyst's word, and no analyst of this store ever said."""
    judgements = judgements_of(workspace.store, str(data["account"]["slug"])) if spoken else ()
    said = {j.edit.strip(" .") for j in judgements if j.edit}
    for section, text, who, _ in spoken:
        if text.removesuffix(FLAG).strip().removesuffix(".").removesuffix(_SIGNED).strip(" .") not in said:
            detail = f"{who} never wrote this here: it is no analyst's word of this store"
            yield Problem(kind="analyst", detail=detail, where=f"{section}: {text[:80]}")


def _count(data: dict[str, Any], outer: str, inner: str) -> int:
    return sum(len(_rows(group, inner)) for group in _rows(data, outer))


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list, which is a problem of its own."""
    found = data.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
