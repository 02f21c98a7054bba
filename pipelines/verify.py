"""Re-checks a written brief against the store, offline and without a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.bootstrap import Workspace
from research.draft.check import Problem
from research.draft.verify import verify_json
from research.errors import DossierError
from research.store.documents import load_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How much was checked, and what does not hold."""

    claims: int
    quotes: int
    problems: tuple[Problem, ...]


def verify_file(path: Path, workspace: Workspace) -> Verification:
    """Check a brief.json; DossierError where it cannot be read at all."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DossierError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise DossierError(f"{path}: is no brief.json ({error})") from error
    if not isinstance(data, dict):
        raise DossierError(f"{path}: is no brief.json (it holds no object)")

    @cache
    def text_of(document_id: str) -> str | None:
        document = load_document(workspace.store, document_id)
        return document.text if document else None

    listed = [d.get("id") for d in data.get("documents") or () if isinstance(d, dict)]
    if listed and all(text_of(str(document_id)) is None for document_id in listed):
        raise DossierError(
            f"{path}: its documents are not in this store; give the store it was made in with --home DIR"
        )
    return Verification(
        claims=_count(data, "sections", "claims"),
        quotes=_count(data, "findings", "evidence"),
        problems=verify_json(data, text_of),
    )


def _count(data: dict[str, Any], outer: str, inner: str) -> int:
    groups = data.get(outer)
    return sum(len(g.get(inner) or ()) for g in groups if isinstance(g, dict)) if isinstance(groups, list) else 0
