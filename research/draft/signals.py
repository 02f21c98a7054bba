"""The sections `goals` and `pains`; a customer's pain never stands among the account's own."""

from __future__ import annotations

from collections.abc import Sequence

from research.draft.material import Drafted, Material, best_first
from research.draft.sentence import Writer, excerpt, inner
from research.draft.wording import Wording
from research.model.draft import Claim
from research.model.finding import Finding

_SELF_CONTAINED = 3 / 4  # of its sentence's words: a phrase that holds less is a fragment to whoever reads it alone


def draft_goals(material: Material, wording: Wording) -> Drafted:
    """The account's own goals by theme, then what it says it already does about them."""
    writer = Writer(material=material, wording=wording)
    goals = by_theme(material, material.of_kind("signal", type="goal", holder="account"))
    remedies = material.of_kind("signal", type="remedy", holder="account")
    claims = _lines(writer, "goal", goals, "limit") + _lines(writer, "remedy", remedies, "limit")
    return Drafted(claims=claims, gaps=() if goals else (writer.gap("goals"),))


def draft_pains(material: Material, wording: Wording) -> Drafted:
    """The account's own pains by theme; then, marked in words, its customers' and its industry's."""
    writer = Writer(material=material, wording=wording)
    own = by_theme(material, material.of_kind("signal", type="pain", holder="account"))
    customers = by_theme(material, material.of_kind("signal", type="pain", holder="customer"))
    industry = material.of_kind("signal", type="pain", holder="industry")
    claims = (
        *_lines(writer, "account", own, "limit"),
        *_lines(writer, "customer", customers, "customers_limit"),
        *_lines(writer, "industry", industry, "industry_limit"),
    )
    return Drafted(claims=claims, gaps=() if own else (writer.gap("pains"),))


def by_theme(material: Material, findings: Sequence[Finding]) -> list[Finding]:
    """Findings, best first, with those of one theme together: the theme of the best one leads."""
    themes = material.theme_rank()
    groups = {f.id: str(themes.get(f.id, f.id)) for f in findings}
    first: dict[str, int] = {}
    for place, finding in enumerate(findings):
        first.setdefault(groups[finding.id], place)
    return sorted(findings, key=lambda f: first[groups[f.id]])


def phrase(finding: Finding) -> str:
    """A signal's phrase as it may stand inside quotation marks."""
    return inner(excerpt(finding.text("phrase"), ()))


def spoken(writer: Writer, finding: Finding) -> str:
    """A signal in the words of its sentence, cut around the phrase; the phrase alone where it is nearly all of it."""
    alone = phrase(finding)
    whole = writer.quote(finding, finding.text("phrase"))
    return alone if len(alone.split()) >= _SELF_CONTAINED * len(whole.split()) else whole


def _lines(writer: Writer, key: str, findings: Sequence[Finding], limit: str) -> tuple[Claim, ...]:
    # The surest ones make the page; the theme only orders them there.
    kept = {f.id for f in best_first(findings, writer.material.sources)[: writer.wording.limits[limit]]}
    ordered = [f for f in findings if f.id in kept] + [f for f in findings if f.id not in kept]
    return writer.limited(ordered, len(kept), lambda f: _say(writer, key, f))


def _say(writer: Writer, key: str, finding: Finding) -> tuple[Claim, ...]:
    """The phrase, or where it lacks words of its sentence that turn it (a "not", a "may"), that sentence."""
    claims = writer.say(key, finding, phrase=spoken(writer, finding))
    if claims[0] == writer.plain(finding):
        whole = writer.quote(finding, finding.text("phrase"))
        return writer.say(key, finding, phrase=whole)
    return claims
