"""How long each page of the desk takes and how large it is, over a home folder that exists:
`python -m pipelines.desk.bench HOME [ACCOUNT]`; exits 1 where a page is above the limits."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.routing import Route
from starlette.types import ASGIApp

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.console import printer
from pipelines.desk.app import create_app, desk_routes
from pipelines.desk.battlecard import rivals_of
from pipelines.desk.desk import HOST, Desk
from research.errors import UsageError
from research.model.draft import SECTION_TITLES
from research.store.accounts import list_accounts, load_seller
from research.store.documents import documents_of
from research.store.findings import load_findings

MOST_MS, MOST_KB, ROUNDS = 300.0, 200.0, 3
QUERIES: Final = ("security", "vulnerab*", '"the company"', "customers data cloud")
PARAMETER: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
WHOLE: Final = re.compile(r"\.json|\.md|\.jsonl|/api/")  # what is taken away as a file, or read by programs, is no page


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One address: the first answer (nothing is prepared yet) and the best of ROUNDS more in CPU milliseconds, the best
    in wall milliseconds, and its size."""

    path: str
    status: int
    first: float
    wall: float
    cpu: float
    size: float

    @property
    def above(self) -> bool:
        """Whether a page is above the limits; CPU time counts, for a busy machine is no fault of a page."""
        return self.status >= 500 or (not WHOLE.search(self.path) and (self.cpu > MOST_MS or self.size > MOST_KB))


def addresses(desk: Desk, account: str | None = None) -> list[str]:
    """An address for every route that is read, filled in with the account's largest: the document with the longest
    text, the finding with most evidence."""
    with open_workspace(desk.home, desk.clock) as workspace:
        known = _largest(workspace, account)
    paths = [r.path for r in desk_routes(desk) if isinstance(r, Route) and "GET" in (r.methods or ())]
    filled = [PARAMETER.sub(lambda match: quote(known.get(match[1], "none")), path) for path in paths]
    home = f"/accounts/{known['account_id']}"
    searches = [f"/search?q={quote(query)}" for query in QUERIES] + ["/search?q=security&sort=page"]
    longest = f"{home}/documents/{known['document_id']}?part=2"
    return [*filled, longest, f"{home}/findings?kind=signal", f"{home}/changes?since=2000-01-01", *searches]


def measure(app: ASGIApp, path: str) -> Measured:
    """Asks for one address once, and ROUNDS times more."""
    first, *answers = [asyncio.run(_ask(app, path)) for _ in range(ROUNDS + 1)]
    wall, cpu = min(a[1] for a in answers), min(a[2] for a in answers)
    return Measured(
        path=path, status=first[0], first=first[2] * 1000, wall=wall * 1000, cpu=cpu * 1000, size=first[3] / 1000
    )


def render(measured: Sequence[Measured]) -> str:
    """A line an address, the slowest first."""
    lines = [f"{'ms CPU':>8} {'first':>8} {'ms':>8} {'KB':>8}  page"]
    for one in sorted(measured, key=lambda m: -m.cpu):
        mark = "  ABOVE" if one.above else ""
        lines.append(
            f"{one.cpu:>8.0f} {one.first:>8.0f} {one.wall:>8.0f} {one.size:>8.1f}  {one.status} {one.path}{mark}"
        )
    return "\n".join(lines)


def _largest(workspace: Workspace, account: str | None) -> dict[str, str]:
    store = workspace.store
    accounts = list_accounts(store)
    if not accounts:
        raise UsageError("the home folder has no account: make one with `dossier brief`")
    chosen = (
        require_account(workspace, account)
        if account
        else max(accounts, key=lambda one: len(load_findings(store, one.id)))
    )
    documents = documents_of(store, chosen.id)
    findings = load_findings(store, chosen.id)
    found: Mapping[str, Callable[[], str]] = {
        "document_id": lambda: max(documents, key=lambda d: len(d.text)).id,
        "finding_id": lambda: max(findings, key=lambda f: len(f.evidence)).id,
        "rival": lambda: next(iter(rivals_of(load_seller(store))), "none"),
    }
    there = {name: find() for name, find in found.items() if (documents and findings) or name == "rival"}
    fixed = {"account_id": chosen.id, "name": "desk.css", "format": "json", "section": next(iter(SECTION_TITLES))}
    return {"document_id": "none", "finding_id": "none"} | there | fixed


async def _ask(app: ASGIApp, path: str) -> tuple[int, float, float, int]:
    plain, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": plain, "raw_path": plain.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", HOST.encode())], "client": (HOST, 1), "server": (HOST, 80),
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    wall, cpu = time.perf_counter(), time.process_time()
    await app(scope, receive, send)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return sent[0]["status"], wall, cpu, sum(len(message.get("body", b"")) for message in sent[1:])


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 where a page is above the limits."""
    from pipelines.cli import now

    desk = Desk(home=Path(arguments[0]), clock=now, token="none")  # noqa: S106 (nothing is written)  # nosec B106
    app = create_app(desk)
    paths = addresses(desk, arguments[1] if len(arguments) > 1 else None)
    measured = [measure(app, path) for path in paths]
    printer().line(render(measured))
    return int(any(one.above for one in measured))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
