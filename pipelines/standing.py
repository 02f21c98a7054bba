"""Whether an account's brief still stands as it was written: one hash of all that it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.reading import analysis_config, extraction_version
from research.cluster import themes as clustering
from research.draft.draft import DRAFTER
from research.draft.wording import wordings_sha256
from research.resolve import resolve as resolving
from research.run.fingerprint import combined, fingerprint
from research.run.stage import StageReport
from research.store.captures import current_captures
from research.store.judgements import judgements_of
from research.store.meetings import last_meeting
from research.store.runs import StoreLedger, last_summary, output_hashes
from research.text.codec import dumps
from research.text.hashing import sha256_bytes, sha256_text

if TYPE_CHECKING:
    from pipelines.bootstrap import Workspace
    from pipelines.brief import Order
    from pipelines.collecting import Collected
    from pipelines.models import Models
    from research.model.account import Account, Seller

_STAGE: Final = "brief"
_LATER: Final = ("extract", "annotate", "analyse", "resolve", "cluster", "draft")


def standing(
    account: Account, collected: Collected, order: Order, workspace: Workspace, models: Models, seller: Seller | None
) -> str:
    """The hash of an account's captures, of what was left out, of judgements, of the order and of every version."""
    store = workspace.store
    states = [(s.kind, s.title, s.state in ("read", "unchanged") or s.state, s.reason) for s in collected.states]
    versions = {
        "extract": extraction_version(),
        "annotate": models.annotator.fingerprint_parts,
        "analyse": analysis_config(account, models, seller),
        "make": (resolving.VERSION, clustering.VERSION, DRAFTER, wordings_sha256()),
        "order": (order.internal, order.formats),
        "drafter": workspace.drafter.name if workspace.drafter else None,
        "seller": dumps(seller.for_reading()) if seller else None,
        "meeting": last_meeting(store, account.id, workspace.today),
        "account": dumps(account),
    }
    captures = combined(f"{c.id} {c.status}" for c in current_captures(store, account.id))
    return fingerprint(
        captures,
        _STAGE,
        "1",
        versions,
        sha256_text(dumps(judgements_of(store, account.id))),
        sha256_text(dumps((collected.skipped, states))),
    )


def still_stands(account: Account, state: str, paths: Sequence[Path], order: Order, workspace: Workspace) -> bool:
    """Whether the files at `paths` are what was written of this very state, for this day or (where the order names no
    day) for one of the last `stands_days`."""
    ledger = StoreLedger(store=workspace.store, now=workspace.clock())
    known, _, day = ledger.known(_STAGE, (account.id,)).get(account.id, ("", None))[0].partition(" ")
    if known != state:
        return False
    age = (date.fromisoformat(order.as_of or workspace.today) - date.fromisoformat(day)).days
    if age and (order.as_of or not 0 <= age < order.stands_days):
        return False
    return output_hashes(workspace.store, _STAGE, (account.id,)).get(account.id) == _files_sha256(paths)


def note_standing(account: Account, state: str, paths: Sequence[Path], order: Order, workspace: Workspace) -> None:
    """Keep what a brief was made of and for which day, with the hash of its files."""
    StoreLedger(store=workspace.store, now=workspace.clock()).record(
        _STAGE, account.id, f"{state} {order.as_of or workspace.today}", _files_sha256(paths), None
    )


def untouched_stages(account: Account, workspace: Workspace) -> tuple[StageReport, ...]:
    """The stages that have nothing to do, with what they had to look after in the run before."""
    stages = (last_summary(workspace.store, account.id) or {}).get("stages", ())
    held = {stage["name"]: stage["done"] + stage["reused"] for stage in stages}
    return tuple(StageReport(name=name, done=0, reused=held.get(name, 0), failed=(), seconds=0.0) for name in _LATER)


def _files_sha256(paths: Sequence[Path]) -> str:
    """The hash of files in order; of one that is missing, something that no file has."""
    return combined(f"{p.name} {sha256_bytes(p.read_bytes()) if p.is_file() else 'missing'}" for p in paths)
