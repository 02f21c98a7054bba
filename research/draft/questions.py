"""The section `questions`: the three best first, each on the finding that it arises from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from research.draft.contested import say_conflict
from research.draft.events import dated_events, event_values, is_recent
from research.draft.market import openings
from research.draft.material import Drafted, Material
from research.draft.sentence import Writer
from research.draft.signals import spoken
from research.draft.wording import Wording
from research.model.draft import Claim, Gap, Section
from research.model.finding import Finding

Asked = Iterator[Claim]


def draft_questions(material: Material, wording: Wording) -> Drafted:
    """Questions from pains, events and goals in turn, so that the first three differ; then presence and conflicts."""
    writer = Writer(material=material, wording=wording)
    turns = [_about_pains(writer), _about_events(writer), _about_goals(writer)]
    extra = [_about_presence(writer), _about_conflicts(writer)]
    asked = _unique(claim for claim in (*_in_turn(turns, 3), *_in_turn(extra, 2), *_in_turn(turns, 9)))
    return Drafted(claims=tuple(islice(asked, wording.limits["limit"])))


def open_gaps(earlier: Sequence[Section], limit: int) -> tuple[Gap, ...]:
    """The gaps of earlier sections as questions, one a field, the account's own first; our own homework is none."""
    seen = {gap.field: gap for section in earlier for gap in section.gaps if gap.field != "seller"}
    return tuple(islice(seen.values(), limit))


def _in_turn(sources: Sequence[Asked], rounds: int) -> Iterator[Claim]:
    for _ in range(rounds):
        for source in sources:
            yield from islice(source, 1)


def _unique(claims: Iterator[Claim]) -> Iterator[Claim]:
    seen: set[tuple[str, ...]] = set()
    for claim in claims:
        if claim.finding_ids not in seen:
            seen.add(claim.finding_ids)
            yield claim


def _about_pains(writer: Writer) -> Asked:
    """The pains that we solve come first: there the answer leads somewhere."""
    pains = writer.material.of_kind("signal", type="pain", holder="account")
    solved = [finding for finding, _ in openings(writer.material)]
    ordered = solved + [pain for pain in pains if pain not in solved]
    return _asked(writer, "pain", ordered, lambda f: {"phrase": spoken(writer, f)})


def _about_goals(writer: Writer) -> Asked:
    goals = writer.material.of_kind("signal", type="goal", holder="account")
    return _asked(writer, "goal", goals, lambda f: {"phrase": spoken(writer, f)})


def _about_events(writer: Writer) -> Asked:
    months = writer.wording.limits["recent_months"]
    recent = [f for f in dated_events(writer.material) if is_recent(f, writer.material.sources.as_of, months)]
    return _asked(writer, "event", recent, lambda f: event_values(writer, f))


def _about_presence(writer: Writer) -> Asked:
    traces = writer.material.of_kind("presence")
    values: Callable[[Finding], dict[str, str]] = lambda f: {"company": f.text("company"), "quote": writer.quote(f)}  # noqa: E731
    return _asked(writer, "presence", traces, values)


def _about_conflicts(writer: Writer) -> Asked:
    genuine = (c for c in writer.material.conflicts if c.kind in ("genuine", "stale"))
    return (claim for conflict in genuine for claim in say_conflict(writer, conflict) if claim.text.endswith("?"))


def _asked(writer: Writer, key: str, findings: Sequence[Finding], values: Callable[[Finding], dict[str, str]]) -> Asked:
    """A question for each finding, the templates taken in turn; where none passes, the finding gives no question."""
    templates = writer.wording.sentences[key]
    for place, finding in enumerate(findings):
        turned = templates[place % len(templates) :] + templates[: place % len(templates)]
        claims = writer.say_with(turned, finding, **values(finding))
        yield from (claim for claim in claims if claim.text.endswith("?"))
