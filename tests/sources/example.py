"""The captured examples of the source kinds, and a client that answers from them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pipelines.gather_kind import KindReport, gather_kind
from research.analyse.read import Reading
from research.analyse.records import observe
from research.extract.dispatch import extract_capture
from research.model.account import Account
from research.model.capture import Capture, Fetched, Request, Skipped
from research.model.document import Document
from research.sources.kind import Subject
from research.sources.policy import load_policies
from research.sources.registry import KINDS
from research.text.hashing import sha256_bytes
from research.text.urls import flaw

EXAMPLES = Path(__file__).parent / "examples"
NOW = "2026-11-20T10:00:00+00:00"


@dataclass(frozen=True)
class Stored:
    """One answer of an example: it is given to a request of its host and path whose query holds all of its own, and
    whose payload holds `payload`."""

    url: str
    body: bytes
    status: int = 200
    media_type: str = "application/json"
    payload: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def answers(self, url: str, payload: str | None = None) -> bool:
        if flaw(url):
            return False
        mine, asked = urlsplit(self.url), urlsplit(url)
        same = (mine.hostname, mine.path or "/") == (asked.hostname, asked.path or "/")
        return same and set(parse_qsl(mine.query)) <= set(parse_qsl(asked.query)) and self.payload in (payload or "")


@dataclass(frozen=True)
class Example:
    """A kind's example: about whom, and what is answered."""

    name: str
    subject: Subject
    answers: tuple[Stored, ...]


def load_example(name: str) -> Example:
    """The example of a kind; FileNotFoundError where there is none."""
    folder = EXAMPLES / name
    raw = tomllib.loads((folder / "example.toml").read_text(encoding="utf-8"))
    told: dict[str, Any] = dict(raw["subject"])
    subject = Subject(
        name=told["name"],
        today=NOW[:10],
        aliases=tuple(told.get("aliases", ())),
        domains=tuple(told.get("domains", ())),
        identifiers=tuple(sorted(told.get("identifiers", {}).items())),
        hints=tuple(told.get("hints", ())),
    )
    return Example(name=name, subject=subject, answers=tuple(_stored(folder, row) for row in raw["answers"]))


def _stored(folder: Path, row: dict[str, Any]) -> Stored:
    rest = {key: value for key, value in row.items() if key not in ("file", "headers")}
    return Stored(body=(folder / row["file"]).read_bytes(), headers=tuple(row.get("headers", {}).items()), **rest)


def names_of_examples() -> list[str]:
    """Every folder of examples."""
    return sorted(path.parent.name for path in EXAMPLES.glob("*/example.toml"))


@dataclass
class FakeClient:
    """Answers requests from examples, and notes what it was asked."""

    answers: Iterable[Stored]
    asked: list[Request] = field(default_factory=list)

    def fetch(self, request: Request) -> Fetched | Skipped:
        self.asked.append(request)
        stored = next((s for s in self.answers if s.answers(request.url, request.payload)), None)
        if stored is None or stored.status >= 400:
            return Skipped(url=request.url, reason=f"HTTP {stored.status if stored else 404} (not found)")
        return Fetched(
            url=request.url,
            final_url=request.url,
            fetched_at=NOW,
            status=stored.status,
            media_type=stored.media_type,
            body=stored.body,
        )

    def sitemaps(self, url: str) -> tuple[str, ...]:
        return ()


@dataclass
class KindRun:
    """What a kind made of its example."""

    report: KindReport
    asked: list[Request]
    kept: list[Fetched]
    skipped: list[Skipped]
    documents: list[Document]


def run_example(example: Example, client: FakeClient | None = None) -> KindRun:
    """The kind of an example run against its answers."""
    client = client or FakeClient(example.answers)
    kept: list[Fetched] = []
    skipped: list[Skipped] = []
    report = gather_kind(
        KINDS[example.name],
        load_policies()[example.name],
        example.subject,
        client,
        known={},
        keep=kept.append,
        unchanged=lambda url: None,
        skip=skipped.append,
        stored=lambda capture: b"",
    )
    made = [extract_capture(capture_of(fetched), fetched.body, account_id="northfield-robotics") for fetched in kept]
    skipped += [m for m in made if isinstance(m, Skipped)]
    return KindRun(report, client.asked, kept, skipped, [m for m in made if isinstance(m, Document)])


def capture_of(fetched: Fetched) -> Capture:
    return Capture(
        id=sha256_bytes(fetched.url.encode())[:16],
        source_id="example",
        url=fetched.url,
        final_url=fetched.final_url,
        fetched_at=fetched.fetched_at,
        status=fetched.status,
        media_type=fetched.media_type,
        body_sha256=sha256_bytes(fetched.body),
    )


def golden_of(run: KindRun) -> dict[str, Any]:
    """What a golden file holds: the requests in order, what was learned, and each record with what its lines state."""
    return {
        "asked": [f"{'POST ' if r.payload is not None else ''}{r.url}" for r in run.asked],
        "learned": dict(run.report.subject.identifiers),
        "website": run.report.website,
        "told": [f"{s.url}: {s.reason}" for s in run.skipped],
        "documents": [_document(document) for document in run.documents],
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "url": document.url,
        "title": document.title,
        "published": document.published,
        "about": {k[6:]: v for k, v in document.metadata if k.startswith("about:")},
        "lines": document.text.split("\n"),
        "states": list(_states(document)),
    }


def _states(document: Document) -> Iterator[dict[str, Any]]:
    account = Account(id="northfield-robotics", name="Northfield Robotics")
    for o in observe(Reading(document=document, account=account, own=False, blocks=())):
        quote = document.text[o.start : o.end]
        yield {"kind": o.kind, **{k: v for k, v in o.attributes if v is not None}, "score": o.score, "quote": quote}
