"""From a source kind to captures: its requests are asked one after the other, and its entry is chosen or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pipelines.gather import Fetcher, Keep, Skip
from research.collect.feeds import FeedEntry
from research.collect.readers import Apart, UnreadError
from research.model.capture import Capture, Fetched, Request, Skipped
from research.net.archive import unpack_record
from research.resolve.candidates import Choice, choose
from research.sources.kind import Answer, Ask, Candidate, ChangedError, Kind, Step, Subject
from research.sources.policy import Policy

_ODD: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
MAX_ASKS: Final = 120  # requests of one kind for one account; the largest, a year of filings, needs some 40


@dataclass(frozen=True, slots=True, kw_only=True)
class KindReport:
    """What a kind gave: the subject with what is now known of it, its website (empty where none is stated), how the
    entry was chosen (None where it was known), how many requests there were, and how many answers were kept, as before,
    and not had."""

    subject: Subject
    website: str
    choice: Choice | None
    asked: int
    kept: int
    unchanged: int
    skipped: int


def gather_kind(
    kind: Kind,
    policy: Policy,
    subject: Subject,
    client: Fetcher,
    *,
    known: Mapping[str, Capture],
    keep: Keep,
    unchanged: Callable[[str], None],
    skip: Skip,
    stored: Callable[[Capture], bytes],
    authorization: str | None = None,
) -> KindReport:
    """Asks what the kind plans and what its answers lead to; nothing that fails ends the run, each failure is told."""
    visit = _Visit(kind, policy, subject, client, known, keep, unchanged, skip, stored, authorization)
    visit.run()
    return KindReport(
        subject=visit.subject,
        website=visit.website,
        choice=visit.choice,
        asked=visit.asked,
        kept=visit.kept,
        unchanged=visit.same,
        skipped=visit.skipped,
    )


class _Visit:
    """One run over one kind."""

    def __init__(
        self,
        kind: Kind,
        policy: Policy,
        subject: Subject,
        client: Fetcher,
        known: Mapping[str, Capture],
        keep: Keep,
        unchanged: Callable[[str], None],
        skip: Skip,
        stored: Callable[[Capture], bytes],
        authorization: str | None,
    ) -> None:
        self._kind, self._policy, self._client = kind, policy, client
        self._known, self._stored, self._authorization = known, stored, authorization
        self._keep, self._unchanged, self._skip = keep, unchanged, skip
        self.subject = subject
        self.website = ""
        self.choice: Choice | None = None
        self.kept = self.same = self.skipped = 0
        self._queue: deque[Ask] = deque()
        self._asked: set[tuple[str, str | None]] = set()
        self._candidates: list[Candidate] = []

    @property
    def asked(self) -> int:
        """How many requests there were."""
        return len(self._asked)

    def run(self) -> None:
        """Asks until nothing is left, then chooses among what came up and asks for its entry."""
        self._queue.extend(self._kind.plan(self.subject, self._policy))
        self._drain()
        if self._candidates and not self.subject.identifier(self._kind.identifies):
            self._choose()
            self._drain()
        if self._asked and not (self.kept or self.same or self.skipped):
            self._tell(self._policy.title, f"has nothing on {self.subject.name}")

    def _choose(self) -> None:
        self.choice = choose(self.subject, self._candidates)
        if self.choice.picked is None:
            key = self._kind.identifies
            how = (
                f"choose one with --id {key}=…" if self.choice.state == "ambiguous" else f"or give it with --id {key}=…"
            )
            self._tell(self._policy.title, f"{self.choice.state}: {self.choice.reason}; {how}")
            return
        self.subject = self.subject.knowing(self.choice.picked.identifier, *self.choice.picked.also)
        self.website = self.choice.picked.website
        self._queue.extend(self._kind.plan(self.subject, self._policy))

    def _drain(self) -> None:
        while self._queue:
            ask = self._queue.popleft()
            if (ask.url, ask.payload) in self._asked:
                continue
            if len(self._asked) >= MAX_ASKS:
                self._tell(ask.url, f"beyond the {MAX_ASKS} requests that are made of one source in a run")
                self._queue.clear()
                return
            self._asked.add((ask.url, ask.payload))
            self._take(ask)

    def _take(self, ask: Ask) -> None:
        earlier = self._known.get(ask.url)
        if ask.page and earlier is not None and earlier.fetched_at == ask.moment:  # what was does not change
            self._unchanged(ask.url)
            self.same += 1
            return
        fetched = _archived(self._client.fetch(self._request(ask)), ask)
        if isinstance(fetched, Skipped):
            if not (ask.lastly and fetched.reason.startswith(("HTTP 404", "no such host"))):
                self._tell(ask.url, fetched.reason)
            return
        repeated = fetched.status == 304
        answer = self._as_before(fetched) if repeated else fetched
        try:
            step = self._kind.follow(self.subject, self._policy, _answer(ask, answer))
        except (ChangedError, UnreadError) as error:
            self._tell(ask.url, str(error))
            return
        except _ODD as error:  # nobody foresaw this shape: it costs the answer, and never the run
            self._tell(
                ask.url, f"the answer is not as documented ({type(error).__name__}): its format may have changed"
            )
            return
        if repeated:
            self._unchanged(fetched.url)
            self.same += 1
        elif ask.keep:
            self._keep(fetched)
            self.kept += 1
        self._learn(step)

    def _request(self, ask: Ask) -> Request:
        if ask.elsewhere:
            request = Request(url=ask.url, origin="feed" if ask.step == "feed" else "link")
        else:
            request = Request(
                url=ask.url,
                origin="record",
                payload=ask.payload,
                authorization=self._authorization,
                range=ask.range or None,
            )
        earlier = self._known.get(ask.url)
        if earlier is None or not ask.keep or ask.page or ask.payload is not None:
            return request
        return replace(request, etag=earlier.etag, last_modified=earlier.last_modified)

    def _as_before(self, fetched: Fetched) -> Fetched:
        earlier = self._known[fetched.url]
        return replace(fetched, final_url=earlier.final_url, body=self._stored(earlier))

    def _learn(self, step: Step) -> None:
        self._queue.extend(step.asks)
        self._candidates.extend(step.candidates)
        for note in step.notes:
            self._tell(self._policy.title, note)
        for key, value in step.learned:
            known = self.subject.identifier(key)
            if known and known != value:
                self._tell(self._policy.title, f"states the {key} {value}, but {known} is known; the known one is kept")
        self.subject = self.subject.knowing(*step.learned)
        self.website = self.website or step.website

    def _tell(self, url: str, reason: str) -> None:
        self._skip(Skipped(url=url, reason=reason))
        self.skipped += 1


def _archived(fetched: Fetched | Skipped, ask: Ask) -> Fetched | Skipped:
    """An archive's answer as the page that it stands for, at the moment at which it was so."""
    if isinstance(fetched, Skipped) or not ask.page:
        return fetched
    page = unpack_record(fetched, ask.page) if ask.range else fetched
    if isinstance(page, Skipped):
        return page
    return replace(page, url=ask.url, final_url=ask.page, fetched_at=ask.moment, status=200, etag=None)


def _answer(ask: Ask, fetched: Fetched) -> Answer:
    """What a kind is shown of an answer; a feed is read for it, since kinds have no parser of strangers' XML."""
    entries: tuple[FeedEntry, ...] = ()
    if ask.step == "feed":
        with Apart() as readers:
            entries = readers.feed(fetched.body, fetched.final_url)
    rows = tuple((entry.url, entry.title, entry.published) for entry in entries)
    return Answer(ask=ask, url=fetched.final_url, body=fetched.body, entries=rows)
