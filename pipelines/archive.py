"""An account's captures as a web archive, which any replay tool reads, and `--from` as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from research.errors import DossierError, UsageError
from research.model.capture import Capture
from research.net.archive import write_wacz, write_warc
from research.store.bodies import body
from research.store.captures import current_captures


def export_archive(workspace: Workspace, name: str, out: Path) -> int:
    """How many captures were written to `out`, a .warc.gz or .wacz by its name. The team's own files stay here."""
    account = require_account(workspace, name)
    captures = list(_public(workspace, account.id))
    if not captures:
        raise DossierError(f"nothing that was fetched is stored for {account.name}: make its brief first")
    if out.name.endswith(".wacz"):
        data = write_wacz(captures, f"{account.name}: captures", workspace.clock())
    elif out.name.endswith(".warc.gz"):
        data, _ = write_warc(captures)
    else:
        raise UsageError(f"{out}: name the archive .warc.gz or .wacz")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    except OSError as error:
        raise DossierError(f"cannot write {out}: {error.strerror}") from error
    return len(captures)


def _public(workspace: Workspace, account_id: str) -> Iterator[tuple[Capture, bytes]]:
    for capture in current_captures(workspace.store, account_id):
        if capture.final_url.startswith(("http://", "https://")):
            yield capture, body(workspace.store, capture.body_sha256)
