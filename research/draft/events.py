"""The section `why_now`: dated events of the months before the day of writing."""

from __future__ import annotations

from datetime import date

from research.draft.material import Drafted, Material
from research.draft.sentence import Writer, excerpt
from research.draft.sources import print_date
from research.draft.wording import Wording
from research.model.draft import Claim
from research.model.finding import Finding

SUMMARY_LIMIT = 160  # characters: an event is one line and a half of print


def draft_why_now(material: Material, wording: Wording) -> Drafted:
    """Events of the last `window_months`, newest first; where there are none, the newest older one and a gap."""
    writer = Writer(material=material, wording=wording)
    dated = dated_events(material)
    recent = [f for f in dated if is_recent(f, material.sources.as_of, wording.limits["window_months"])]
    if recent:
        return Drafted(claims=writer.limited(recent, wording.limits["limit"], lambda f: say_event(writer, "event", f)))
    if dated:
        gap = writer.gap("newer_events", date=print_date(dated[0].text("date")))
        return Drafted(claims=say_event(writer, "oldest", dated[0]), gaps=(gap,))
    return Drafted(gaps=(writer.gap("events"),))


def dated_events(material: Material) -> list[Finding]:
    """The sure events that have a date, newest first."""
    dated = [f for f in material.of_kind("event") if f.text("date")]
    return sorted(dated, key=lambda f: f.text("date"), reverse=True)


def is_recent(finding: Finding, as_of: str, months: int) -> bool:
    """Whether an event may lie within `months` before `as_of`, or as far ahead of it: a date read as later is an error
    of reading; a year without month counts by its last day, a month by its last."""
    stated = finding.text("date")
    latest = stated + "-12-31"[len(stated) - 4 :] if len(stated) < 10 else stated
    return shift_months(as_of[:10], -months) <= latest and stated <= shift_months(as_of[:10], months)


def shift_months(day: str, months: int) -> str:
    """The ISO day `months` later (earlier where negative), the 28th at the latest so that it exists in every month."""
    start = date.fromisoformat(day)
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, min(start.day, 28)).isoformat()


def say_event(writer: Writer, key: str, finding: Finding) -> tuple[Claim, ...]:
    """The sentence of one event; its reporting date is left out where it is the event's own."""
    return writer.say(key, finding, **event_values(writer, finding))


def _label(finding: Finding) -> str:
    """An outlook that was lowered or raised is called so: as `results` it would pass for routine."""
    turn = finding.text("outlook")
    return f"outlook_{turn}" if turn else finding.text("type") or "other"


def event_values(writer: Writer, finding: Finding) -> dict[str, str]:
    """The variables of an event's sentence."""
    summary = excerpt(finding.text("summary"), (), SUMMARY_LIMIT).rstrip(" .")
    values = {
        "date": print_date(finding.text("date")),
        "label": writer.wording.label(_label(finding)),
        "summary": summary,
        "quote": writer.quote(finding),
    }
    if writer.when([finding]).endswith(f" {values['date']}"):
        values["when"] = ""
    return values
