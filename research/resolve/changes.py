"""From two states of an account to changes of claims: paired, folded, typed and ranked; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from research.model.change import ChangeType, ClaimChange, Difference, Folded, FoldReason
from research.model.document import Document
from research.model.finding import Conflict, Finding, Observation
from research.resolve.keys import fact_key, person_key, place_key
from research.resolve.pairs import pair_up, posts
from research.resolve.restated import Said, still_said, words_said
from research.text.names import company_key
from research.text.topics import topic_of

# How much a kind of change tells: what replaces something says most, that something is gone says less than that
# something came, since a page may only have been tidied up.
FACTORS: Final[Mapping[ChangeType, float]] = {"changed": 1.0, "contradicted": 0.9, "new": 0.85, "lapsed": 0.8}
FLOOR: Final = 0.4  # as for lines of a brief: below it a reading is more often wrong than a reader forgives
_OTHERS: Final = 0.5  # what holds for the account's customers or its industry, not for itself
_PINNED: Final = 1.25  # what an analyst pinned
_SLOTS: Final = frozenset({"headquarters", "employees", "revenue", "net_income", "parent", "ownership"})
_FIGURES: Final = frozenset({"revenue", "net_income"})
_EARLIER: Final = frozenset({"stale", "spread", "genuine"})  # conflicts with what was said before
_DATED: Final = frozenset({"press_release", "newsroom", "blog", "event"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Two states of one account, and what they stand on.

    `documents` holds every document that the findings cite and every one that came or went. `left` and `come` are the
    documents of one state only, None where the former state's are not known; `observed` what was read in them, and in
    the `standing` ones: undated pages that were there all the time. `today` is an ISO date.
    """

    then: Sequence[Finding]
    now: Sequence[Finding]
    today: str
    documents: Mapping[str, Document]
    left: frozenset[str] | None = None
    come: frozenset[str] | None = None
    observed: Mapping[str, Sequence[Observation]] = field(default_factory=dict)
    standing: frozenset[str] = frozenset()
    conflicts: Sequence[Conflict] = ()


def differences(ground: Ground) -> Difference:
    """What changed from one state to the other: equal grounds give equal differences."""
    return _Comparison(ground).run()


class _Comparison:
    """One comparison, with what is left to explain on either side."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._then = {f.id: f for f in ground.then}
        self._now = {f.id: f for f in ground.now}
        self._changes: list[ClaimChange] = []
        self._folded: list[Folded] = []
        self._traces: dict[str, str] = {}

    def run(self) -> Difference:
        reworded, gone, come = pair_up(self._gone(), self._come(), "reworded")
        for before, after in reworded:
            self._fold("reworded", before, after)
        gone, come = self._unsaid(gone, come)
        pairs, gone, come = pair_up([*gone, *self._withdrawn()], come, "changed")
        for before, after in pairs:
            self._note("changed", before, after)
        for finding in self._once_each(gone, {subject_of(before) for before, _ in pairs}):
            self._note_gone(finding)
        for finding in come:
            self._note_come(finding)
        self._note_same()
        ordered = sorted(self._changes, key=lambda c: (-c.importance, c.topic, c.subject.id))
        return Difference(changes=tuple(ordered), folded=tuple(self._folded))

    def _come(self) -> list[Finding]:
        """New findings on new text: not those that are only read now in a page that was there before."""
        fresh = [f for f in self._now.values() if f.id not in self._then]
        return [f for f in fresh if self._of_moved(f, self._ground.come)]

    def _gone(self) -> list[Finding]:
        """Lapsed findings whose text is gone, not those that are only no longer read in it."""
        lost = [f for f in self._then.values() if f.id not in self._now]
        return [f for f in lost if self._of_moved(f, self._ground.left)]

    def _of_moved(self, finding: Finding, moved: frozenset[str] | None) -> bool:
        if moved is None or _rests_on(finding, moved):
            return True
        here = finding.id in self._now
        self._fold("read anew", None if here else finding, finding if here else None)
        return False

    def _unsaid(self, gone: list[Finding], come: list[Finding]) -> tuple[list[Finding], list[Finding]]:
        """What is left once everything is folded that the other state says too, whether it is read there or not."""
        left = words_said(self._documents(self._ground.left or ()))
        come_words = words_said(self._documents(self._ground.come or ()))
        lost = [f for f in gone if not self._still_said(f, come_words, self._ground.left)]
        fresh = [f for f in come if not self._still_said(f, left, self._ground.come)]
        for finding in gone:
            if finding not in lost:
                self._fold("reworded", finding, None)
        for finding in come:
            if finding not in fresh:
                self._fold("reworded", None, finding)
        return lost, fresh

    def _still_said(self, finding: Finding, passages: Sequence[Said], among: frozenset[str] | None) -> bool:
        """Whether a quote that came or went with a page is said on the other side as well."""
        documents = self._ground.documents
        quotes = [
            documents[e.document_id].text[e.start : e.end]
            for e in finding.evidence
            if e.document_id in documents and (among is None or e.document_id in among)
        ]
        return bool(passages and quotes) and any(still_said(finding, quote, passages) for quote in quotes)

    def _withdrawn(self) -> list[Finding]:
        """What left the pages that show how things stand and lives on in dated ones, of the kinds of `subject_of`.

        A press release of two years ago goes on naming its chief executive for ever: that is history and no evidence
        that he still is.
        """
        left, come = self._ground.left or frozenset(), self._ground.come or frozenset()
        shown = self._shown(left) - self._shown(come)
        if not shown:
            return []
        standing = self._shown(self._ground.standing)
        found = []
        for key in sorted(shown - standing):
            for finding in self._now.values():
                if finding.id in self._then and subject_of(finding) == key and self._only_dated(finding):
                    self._traces[finding.id] = self._trace(finding)
                    found.append(self._then[finding.id])
        return found

    def _shown(self, documents: Iterable[str]) -> frozenset[tuple[str, ...]]:
        undated = [key for key in documents if not self._dated(key)]
        return frozenset(s for key in undated for o in self._ground.observed.get(key, ()) if (s := subject_of(o)))

    def _only_dated(self, finding: Finding) -> bool:
        """Whether what a finding rests on now, or rested on last, are pages of their day alone."""
        return all(self._dated(e.document_id) for e in self._now.get(finding.id, finding).evidence)

    def _dated(self, document_id: str) -> bool:
        document = self._ground.documents.get(document_id)
        if document is None:
            return False
        paper = document.media_type == "application/pdf"  # what is printed is of its day, whatever date it bears
        return paper or document.published is not None or document.page_type in _DATED

    def _trace(self, finding: Finding) -> str:
        pages = sorted({self._ground.documents[e.document_id].url for e in finding.evidence})
        more = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
        return f"no page shows it any more; dated pages still name it: {pages[0]}{more}"

    def _once_each(self, gone: list[Finding], told: set[tuple[str, ...]]) -> list[Finding]:
        """The findings without further roles of a person whose going is told already: somebody leaves once."""
        kept = []
        for finding in sorted(gone, key=lambda f: (-f.confidence, f.id)):
            if finding.kind == "person" and subject_of(finding) in told:
                self._fold("reworded", finding, None)
                continue
            told = told | {subject_of(finding)}
            kept.append(finding)
        return kept

    def _note_gone(self, finding: Finding) -> None:
        date = finding.text("date")
        if finding.kind == "event" and date <= self._ground.today[: len(date) or 10]:
            self._fold("history", finding, None)  # what has happened stays so when a list of news rolls on
        elif finding.kind == "fact" and finding.id in self._traces:
            self._fold("history", finding, None)  # a figure of its day, which nothing has replaced
        else:
            self._note("lapsed", finding, None)

    def _note_come(self, finding: Finding) -> None:
        former = self._contradicted(finding)
        if former is not None:
            self._note("contradicted", former, finding)
            return
        former, spread = self._predecessor(finding)
        if spread:
            self._fold("reworded", former, finding)
        else:
            self._note("changed" if former else "new", former, finding)

    def _contradicted(self, finding: Finding) -> Finding | None:
        """The finding of before that still stands and cannot hold beside this one."""
        for conflict in self._ground.conflicts:
            if conflict.kind == "genuine" and (other := self._other(conflict, finding)):
                return None if self._outlived(other, finding) else other
        held = posts(finding)
        rivals = (f for f in self._both() if held & posts(f) and not self._only_dated(f))
        return max(rivals, key=lambda f: (f.confidence, f.id), default=None)

    def _outlived(self, before: Finding, after: Finding) -> bool:
        """Whether only pages of their day say what a page that shows how things stand says otherwise."""
        return self._only_dated(before) and not self._only_dated(after)

    def _predecessor(self, finding: Finding) -> tuple[Finding | None, bool]:
        """What spoke for the same slot before and stands on older ground; and whether both are one figure, rounded."""
        for conflict in self._ground.conflicts:
            if conflict.kind in _EARLIER and (other := self._other(conflict, finding)):
                return other, conflict.kind == "spread"
        if finding.kind == "person" and (other := self._former_role(finding)):
            return other, False
        if held := posts(finding):
            former = [f for f in self._both() if held & posts(f)]
            return max(former, key=lambda f: (f.confidence, f.id), default=None), False
        if finding.text("field") in _FIGURES:
            older = [f for f in self._both() if _same_field(f, finding) and f.text("period") < finding.text("period")]
            return max(older, key=lambda f: (f.text("period"), f.confidence, f.id), default=None), False
        return None, False

    def _former_role(self, finding: Finding) -> Finding | None:
        """Another role of the same person that only pages of their day still give."""
        same = (f for f in self._both() if f.kind == "person" and subject_of(f) == subject_of(finding))
        return max((f for f in same if self._outlived(f, finding)), key=lambda f: (f.confidence, f.id), default=None)

    def _other(self, conflict: Conflict, finding: Finding) -> Finding | None:
        """The best finding of before among those that a conflict sets against this one."""
        winner, *others = conflict.finding_ids
        against = others if finding.id == winner else [winner] if finding.id in others else []
        return next((self._then[key] for key in against if key in self._then and key in self._now), None)

    def _both(self) -> list[Finding]:
        return [f for key, f in self._then.items() if key in self._now and key not in self._traces]

    def _note_same(self) -> None:
        """Findings of both states: only a person who is said to have gone is a change, the rest is wording."""
        for key, before in self._then.items():
            after = self._now.get(key)
            if after is None or key in self._traces:
                continue
            if before.get("current") is not False and after.get("current") is False:
                self._note("changed", before, after)
            elif before.attributes != after.attributes or _quotes(before).isdisjoint(_quotes(after)):
                self._fold("reworded", before, after)

    def _note(self, kind: ChangeType, before: Finding | None, after: Finding | None) -> None:
        if all(f.confidence < FLOOR for f in (before, after) if f):
            self._fold("doubtful", before, after)
            return
        trace = self._traces.get(before.id, "") if before else ""
        change = ClaimChange(type=kind, topic="", importance=0, before=before, after=after, note=trace)
        topic = max((topic_of(f) for f in (before, after) if f), key=lambda t: t.weight)
        self._changes.append(
            replace(change, topic=topic.name, importance=importance(kind, change.subject, topic.weight))
        )

    def _fold(self, reason: FoldReason, before: Finding | None, after: Finding | None) -> None:
        self._folded.append(Folded(reason=reason, before=before, after=after))

    def _documents(self, ids: Iterable[str]) -> list[Document]:
        return [self._ground.documents[key] for key in sorted(ids) if key in self._ground.documents]


def importance(kind: ChangeType, finding: Finding, weight: float) -> int:
    """0 to 100: 100 × the topic's weight × the factor of the kind of change × confidence, half of it for what is said
    of others than the account, a quarter more for what an analyst pinned."""
    own = _OTHERS if finding.kind == "signal" and finding.get("holder") != "account" else 1.0
    pinned = _PINNED if finding.get("pinned") else 1.0
    return min(100, round(100 * weight * FACTORS[kind] * finding.confidence * own * pinned))


def _rests_on(finding: Finding, documents: frozenset[str]) -> bool:
    return any(e.document_id in documents for e in finding.evidence)


def subject_of(said: Finding | Observation) -> tuple[str, ...]:
    """Whom or what a page shows by being there: a person, a related company, an office, the value of a field that
    changes with time; empty for other kinds."""
    match said.kind:
        case "person":
            return ("person", person_key(str(said.get("name"))))
        case "relation":
            return ("relation", str(said.get("relation")), company_key(str(said.get("company"))))
        case "office":
            return ("office", place_key(str(said.get("place"))))
        case "fact" if said.get("field") in _SLOTS:
            return ("fact", *map(str, fact_key(said)))
        case _:
            return ()


def _same_field(a: Finding, b: Finding) -> bool:
    return a.kind == b.kind == "fact" and a.get("field") == b.get("field") and a.get("unit") == b.get("unit")


def _quotes(finding: Finding) -> frozenset[str]:
    return frozenset(e.quote_sha256 for e in finding.evidence)
