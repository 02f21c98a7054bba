"""What replaced what: a finding that went and one that came, where both speak for the same thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from research.model.finding import Finding
from research.resolve.keys import person_key, phrase_key, place_key, role_key
from research.resolve.restated import alike
from research.text.names import company_key, fold
from research.text.topics import role_patterns

Kinship = Literal["reworded", "changed"]
_Kin = Literal["reworded", "same", "changed", ""]
_Compare = Callable[[Finding, Finding], _Kin]
_WORDED: Final = frozenset({"description", "industry"})


def pair_up(
    gone: Sequence[Finding], come: Sequence[Finding], kinship: Kinship
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """The pairs of this kinship, and what of either side is left; of several the surest findings are paired first, and
    what is one thing changed before what fills one slot."""
    pairs: list[tuple[Finding, Finding]] = []
    left, right = sorted(gone, key=_order), sorted(come, key=_order)
    for wanted in ("reworded",) if kinship == "reworded" else ("same", "changed"):
        for former in list(left):
            later = next((f for f in right if _kinship(former, f) == wanted), None)
            if later is not None:
                pairs.append((former, later))
                left.remove(former)
                right.remove(later)
    return pairs, left, right


def _order(finding: Finding) -> tuple[str, str, float, str]:
    period = finding.text("period")
    return (finding.kind, "".join(chr(0x10FFFF - ord(c)) for c in period), -finding.confidence, finding.id)


def _kinship(a: Finding, b: Finding) -> _Kin:
    """What the second finding is to the first: `same` is one thing changed, `changed` what fills a slot."""
    if a.kind != b.kind:
        return ""
    return _KINSHIPS[a.kind](a, b)


def _fact(a: Finding, b: Finding) -> _Kin:
    if a.get("field") != b.get("field"):
        return ""
    if a.text("field") in _WORDED:
        return "reworded" if alike(a.text("value"), b.text("value")) else "changed"
    if a.get("unit") is None and _contains(fold(a.text("value")), fold(b.text("value"))):
        return "reworded"
    return "same" if a.get("period") == b.get("period") else "changed"


def _person(a: Finding, b: Finding) -> _Kin:
    if person_key(a.text("name")) == person_key(b.text("name")):
        left, right = (frozenset(role_key(f.text("role")).split()) for f in (a, b))
        return "reworded" if left <= right or right <= left else "same"
    return "changed" if posts(a) & posts(b) else ""


def posts(finding: Finding) -> frozenset[str]:
    """The posts of a person's role that one person holds at a time; none for a post of a part of the company."""
    role = role_key(finding.text("role"))
    if finding.kind != "person" or finding.get("current") is False or role_patterns()["limited"].search(role):
        return frozenset()
    return frozenset(match[0].replace("chairwoman", "chairman") for match in role_patterns()["post"].finditer(role))


def _relation(a: Finding, b: Finding) -> _Kin:
    left, right = company_key(a.text("company")), company_key(b.text("company"))
    if a.get("relation") == b.get("relation"):
        return "reworded" if _contains(left, right) else ""
    return "same" if left == right else ""


def _named(name: str) -> _Compare:
    def compare(a: Finding, b: Finding) -> _Kin:
        return "reworded" if _contains(fold(a.text(name)), fold(b.text(name))) else ""

    return compare


def _office(a: Finding, b: Finding) -> _Kin:
    return "reworded" if _contains(place_key(a.text("place")), place_key(b.text("place"))) else ""


def _event(a: Finding, b: Finding) -> _Kin:
    if not alike(a.text("summary"), b.text("summary")):
        return ""
    first, second = a.text("date"), b.text("date")
    return "reworded" if first.startswith(second) or second.startswith(first) else "same"


def _signal(a: Finding, b: Finding) -> _Kin:
    return "reworded" if alike(a.text("phrase"), b.text("phrase")) else ""


def _presence(a: Finding, b: Finding) -> _Kin:
    return "reworded" if company_key(a.text("company")) == company_key(b.text("company")) else ""


def _contains(a: str, b: str) -> bool:
    """Whether the words of one are among the other's."""
    left, right = frozenset(phrase_key(a).split()), frozenset(phrase_key(b).split())
    return bool(left and right) and (left <= right or right <= left)


_KINSHIPS: Final[Mapping[str, _Compare]] = {
    "fact": _fact,
    "person": _person,
    "relation": _relation,
    "offering": _named("name"),
    "office": _office,
    "event": _event,
    "signal": _signal,
    "presence": _presence,
}
