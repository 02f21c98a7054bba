"""The sections `market` (the account's competitors) and `us_here` (our rivals there, and our openings)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from research.draft.material import Drafted, Material
from research.draft.sentence import Writer
from research.draft.signals import spoken
from research.draft.sources import ANALYST_TEXT
from research.draft.support import FUNCTION_WORDS
from research.draft.wording import Wording
from research.model.account import Seller
from research.model.draft import Claim, Gap
from research.model.finding import Finding
from research.text.names import company_key, fold

TIES = ("customer", "partner", "supplier", "investor")


def draft_market(material: Material, wording: Wording) -> Drafted:
    """The account's competitors, the surest first, each with the words that show it."""
    writer = Writer(material=material, wording=wording)
    found = material.relations("competitor")
    shown = found[: wording.limits["limit"]]
    claims = [claim for group in _by_quote(writer, shown) for claim in _say_competitors(writer, group)]
    more = writer.more(found[len(shown) :])
    return Drafted(claims=(*claims, *more), gaps=() if found else (writer.gap("competitors"),))


def draft_us_here(material: Material, wording: Wording) -> Drafted:
    """Traces of our rivals, then the account's own pains that our offerings solve; without a seller, a gap says so."""
    writer = Writer(material=material, wording=wording)
    traces = material.of_kind("presence")
    ties = [f for f in _ties(material) if f.id not in {t.id for t in traces}]
    open_pains = openings(material)
    claims = (
        *writer.limited(traces, wording.limits["limit"], lambda f: _say_presence(writer, f)),
        *writer.limited(ties, wording.limits["limit"], lambda f: _say_tie(writer, f)),
        *_opening_lines(writer, open_pains),
    )
    return Drafted(claims=claims, gaps=_gaps(writer, bool(traces or ties), bool(open_pains)))


def openings(material: Material) -> list[tuple[Finding, str]]:
    """The account's own pains that an offering of ours solves, with that offering's name."""
    pains = material.of_kind("signal", type="pain", holder="account")
    matched = ((pain, _solver(pain, material)) for pain in pains)
    return [(pain, offering) for pain, offering in matched if offering]


def _solver(pain: Finding, material: Material) -> str | None:
    """The first offering one of whose pains has all its content words in the finding's phrase or quotes."""
    seller = material.seller or Seller(name="")
    said = _stems(" ".join((pain.text("phrase"), material.sources.quotes(pain)[0])))
    solving = (o.name for o in seller.offerings for solves in o.solves if (wanted := _stems(solves)) and wanted <= said)
    return next(solving, None)


def _stems(text: str) -> frozenset[str]:
    """Words cut to five letters, the length at which inflected forms of English words mostly meet."""
    return frozenset(word[:5] for word in fold(text).split() if word not in FUNCTION_WORDS)


def _ties(material: Material) -> list[Finding]:
    seller = material.seller or Seller(name="")
    rivals = {company_key(name) for rival in seller.rivals for name in (rival.name, *rival.aliases)}
    return [f for relation in TIES for f in material.relations(relation) if company_key(f.text("company")) in rivals]


def _opening_lines(writer: Writer, found: list[tuple[Finding, str]]) -> tuple[Claim, ...]:
    offering_of = {finding.id: offering for finding, offering in found}

    def say(finding: Finding) -> tuple[Claim, ...]:
        offering = offering_of[finding.id].replace("[", "(").replace("]", ")")
        return writer.say("opening", finding, phrase=spoken(writer, finding), offering=offering)

    return writer.limited([finding for finding, _ in found], writer.wording.limits["limit"], say)


def _by_quote(writer: Writer, found: Sequence[Finding]) -> Iterable[list[Finding]]:
    """Findings that one and the same sentence shows, together; an analyst's own words stand alone."""
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        key = finding.text(ANALYST_TEXT) or writer.material.sources.quotes(finding)[0]
        groups.setdefault(key, []).append(finding)
    return groups.values()


def _say_competitors(writer: Writer, group: Sequence[Finding]) -> tuple[Claim, ...]:
    quote = writer.quote(group[0], *(finding.text("company") for finding in group))
    companies = ", ".join(finding.text("company") for finding in group)
    return writer.say("competitor", *group, company=companies, quote=quote)


def _say_presence(writer: Writer, finding: Finding) -> tuple[Claim, ...]:
    basis = writer.wording.label(finding.text("basis").replace(" ", "_")) if finding.text("basis") else ""
    product, company = finding.text("product"), finding.text("company")
    quote = writer.quote(finding, *(word for word in (product, company) if word))
    return writer.say("presence", finding, company=company, product=product, basis=basis, quote=quote)


def _say_tie(writer: Writer, finding: Finding) -> tuple[Claim, ...]:
    company = finding.text("company")
    label = writer.wording.label(finding.text("relation"))
    return writer.say("tie", finding, company=company, label=label, quote=writer.quote(finding, company))


def _gaps(writer: Writer, traced: bool, opened: bool) -> tuple[Gap, ...]:
    if writer.material.seller is None:
        return (writer.gap("seller"),)
    missing = [field for field, known in (("presence", traced), ("openings", opened)) if not known]
    return tuple(writer.gap(field) for field in missing)
