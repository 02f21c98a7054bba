"""What became of an account's findings since a date, with the quotes before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from research.model.finding import Finding
from research.store.documents import quote
from research.store.findings import FindingEvent, finding_history

# What a person asks about first: who left, what happened, what changed hands.
_ORDER: Final = ("person", "event", "fact", "relation", "signal", "presence", "offering", "office")
_NAMES: Final = ("value", "name", "company", "phrase", "summary", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one finding; the quotes are empty where there is no before or after."""

    finding_id: str
    at: str
    change: str
    kind: str
    before: str
    after: str
    quote_before: str
    quote_after: str

    def as_dict(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


def list_changes(account: str, since: str, workspace: Workspace) -> list[Change]:
    """The changes at or after the ISO date `since`, the most important kinds first."""
    known = require_account(workspace, account)
    found = [_change(event, workspace) for event in finding_history(workspace.store, known.id, since)]
    return sorted(found, key=lambda c: (_ORDER.index(c.kind), c.at, c.finding_id))


def _change(event: FindingEvent, workspace: Workspace) -> Change:
    shown = event.after or event.before
    return Change(
        finding_id=event.finding_id,
        at=event.at,
        change=event.change,
        kind=shown.kind if shown else "fact",
        before=say(event.before),
        after=say(event.after),
        quote_before=_best_quote(event.before, workspace),
        quote_after=_best_quote(event.after, workspace),
    )


def say(finding: Finding | None) -> str:
    """A finding in a few words: what it is of, and its value."""
    if finding is None:
        return ""
    value = next((finding.text(name) for name in _NAMES if finding.get(name)), "")
    of = finding.text("field") or finding.text("relation") or finding.text("type") or finding.text("role")
    return f"{of}: {value}" if of else value


def _best_quote(finding: Finding | None, workspace: Workspace) -> str:
    if finding is None:
        return ""
    best = finding.evidence[0]
    return quote(workspace.store, best.document_id, best.start, best.end) or ""


def render_change(change: Change) -> str:
    """The change as lines of text."""
    lines = [f"{change.at[:10]} {change.change:<8} {change.kind:<8} {change.after or change.before}"]
    if change.before and change.after and change.before != change.after:
        lines.append(f"    was: {change.before}")
    if change.quote_before and change.change != "new":
        lines.append(f"    before: “{_short(change.quote_before)}”")
    if change.quote_after:
        lines.append(f"    now:    “{_short(change.quote_after)}”")
    return "\n".join(lines)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 240 else f"{flat[:239]}…"
