"""The section `contested`: where sources disagree, and what is too uncertain to stand on the page."""

from __future__ import annotations

from collections.abc import Iterable

from research.draft.facts import fact_values
from research.draft.material import Drafted, Material
from research.draft.sentence import Writer
from research.draft.wording import Wording
from research.model.draft import Claim, Gap
from research.model.finding import Conflict, Finding


def draft_contested(material: Material, wording: Wording) -> Drafted:
    """Conflicts with every value and its date, then doubtful findings as quotes."""
    writer = Writer(material=material, wording=wording)
    uncertain = (*(_of_nobody(material)), *material.doubtful)
    claims = (
        *(claim for conflict in material.conflicts for claim in say_conflict(writer, conflict)),
        *writer.limited(uncertain, wording.limits["limit"], lambda f: _say_uncertain(writer, f)),
    )
    return Drafted(claims=claims, gaps=tuple(_gaps(writer)))


def say_conflict(writer: Writer, conflict: Conflict) -> tuple[Claim, ...]:
    """One conflict: each value with its own date, then the words behind each; none where fewer than two of its findings
    are live."""
    found = conflicting(writer.material, conflict)
    if len(found) < 2:
        return ()
    values = f" {writer.wording.label('or')} ".join(_dated_value(writer, finding) for finding in found)
    kind = writer.wording.label(conflict.kind)
    said = writer.say("conflict", *found, label=_label(writer, conflict.field), values=values, kind=kind)
    quotes = tuple(writer.plain(finding) for finding in found)
    return tuple(dict.fromkeys((*said, *quotes)))


def conflicting(material: Material, conflict: Conflict) -> list[Finding]:
    """The live findings of a conflict, in its order."""
    live = {finding.id: finding for finding in (*material.sure, *material.doubtful)}
    return [live[finding_id] for finding_id in conflict.finding_ids if finding_id in live]


def _dated_value(writer: Writer, finding: Finding) -> str:
    known = fact_values(writer, finding)
    shown = known["value"] or next(
        (finding.text(n) for n in ("role", "company", "name", "date", "place", "phrase") if finding.text(n)), ""
    )
    period = f", {known['period']}" if known["period"] else ""
    return f"{shown}{period} ({writer.when([finding])})"


def _label(writer: Writer, field: str) -> str:
    label = writer.wording.label(field.split(":", maxsplit=1)[0])
    return label[:1].upper() + label[1:]


def _of_nobody(material: Material) -> tuple[Finding, ...]:
    """Signals whose holder is unclear or somebody else: no section can give them as anybody's own."""
    known = ("account", "customer", "industry")
    return tuple(f for f in material.of_kind("signal") if f.text("holder") not in known)


def _say_uncertain(writer: Writer, finding: Finding) -> tuple[Claim, ...]:
    name = finding.text("field") or finding.kind
    unowned = finding.kind == "signal" and finding.text("holder") not in ("account", "customer", "industry")
    return writer.say(
        "uncertain", finding, label=writer.wording.label("whose" if unowned else name), quote=writer.quote(finding)
    )


def _gaps(writer: Writer) -> Iterable[Gap]:
    for conflict in writer.material.conflicts:
        if conflict.kind == "genuine" and len(conflicting(writer.material, conflict)) > 1:
            label = writer.wording.label(conflict.field.split(":")[0])
            question = writer.gap("conflict", label=label).question
            yield Gap(field=conflict.field, state="conflicting", question=question)
