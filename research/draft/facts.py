"""The sections on what the account is: `snapshot` and `profile`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from research.draft.material import Drafted, Material
from research.draft.sentence import Writer, excerpt, inner
from research.draft.sources import print_date
from research.draft.wording import Wording
from research.model.draft import Claim, Gap
from research.model.finding import Finding

SNAPSHOT_LINES = (
    "description", "industry", "offerings", "employees", "revenue", "net_income", "headquarters", "founded",
    "ownership", "parent", "ticker",
)  # fmt: skip
PROFILE_FACTS = (
    "legal_name", "description", "industry", "founded", "headquarters", "ownership", "parent", "ticker", "employees",
    "revenue", "net_income",
)  # fmt: skip
PROFILE_RELATIONS = ("parent", "subsidiary", "acquired", "investor", "customer", "partner", "supplier")
MONEY = ("revenue", "net_income")
_SCALED = re.compile(r"\b(?:thousand|million|billion|trillion|bn|mn|mio|mrd)\b|\d\s?[kmb]\b", re.IGNORECASE)
_LONG = re.compile(r"\d,\d{3}")  # thousands of a unit ("$130,497 million") are read wrongly at a glance
_UNIT_WORDS = re.compile(r"\s+(?:full-time |total )?(?:employees|people|team members|staff)$", re.IGNORECASE)
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def draft_snapshot(material: Material, wording: Wording) -> Drafted:
    """At most `limit` lines: what they do and sell, size, money, place, ownership; a gap for each that is unknown."""
    writer = Writer(material=material, wording=wording)
    groups = [(field, _snapshot_line(writer, field)) for field in SNAPSHOT_LINES]
    known = {field for field, claims in groups if claims}
    if "description" in known and "industry" in known and len(known) > wording.limits["limit"]:
        groups = [group for group in groups if group[0] != "industry"]
    claims = [claim for _, group in groups for claim in group][: wording.limits["limit"]]
    return Drafted(claims=tuple(claims), gaps=tuple(_snapshot_gaps(writer, known)))


def draft_profile(material: Material, wording: Wording) -> Drafted:
    """All facts with their periods, then offerings, offices and companies it is tied to."""
    writer = Writer(material=material, wording=wording)
    claims = (
        *(claim for field in PROFILE_FACTS for claim in _fact_lines(writer, field)),
        *_offering_lines(writer),
        *_list_lines(writer, "offices", material.of_kind("office"), _attribute("place")),
        *(claim for relation in PROFILE_RELATIONS for claim in _relation_lines(writer, relation)),
    )
    return Drafted(claims=claims, gaps=tuple(_profile_gaps(writer)))


def fact_values(writer: Writer, finding: Finding) -> dict[str, str]:
    """The variables of a fact's sentence: `value` in full units where the print leaves the scale to a table's head,
    `printed` as it stands, and `period` where it is not the day of the source itself."""
    printed = " ".join(finding.text("value").split()).rstrip(" .")
    if finding.get("field") == "description":
        printed = inner(excerpt(printed, ()))
    if finding.get("field") == "employees":
        printed = _UNIT_WORDS.sub("", printed)
    if finding.get("field") == "ownership":
        printed = printed_listing(printed)
    period = print_date(finding.text("period"))
    known = bool(period) and writer.when([finding]).endswith(f" {period}")
    return {"value": printed_money(finding, printed), "printed": printed, "period": "" if known else period}


def printed_listing(printed: str) -> str:
    """`Common Stock, $0.001 par value | QLLN | Nasdaq` -> `Nasdaq: QLLN`: the cells of a cover page's row."""
    cells = [cell.strip() for cell in printed.split("|")]
    ticker = next((cell for cell in cells if re.fullmatch(r"[A-Z][A-Z.]{0,5}", cell)), "")
    exchange = next((cell for cell in cells if re.search(r"(?i)\b(?:exchange|market|nasdaq|nyse)\b", cell)), "")
    return f"{exchange}: {ticker}" if len(cells) > 1 and ticker and exchange else printed


def printed_money(finding: Finding, printed: str) -> str:
    """A figure of the accounts as prose prints it: `130,497` in millions is `$130.5 billion`."""
    normal, unit = finding.get("normal"), finding.text("unit")
    numeric = isinstance(normal, (int, float)) and not isinstance(normal, bool)
    if finding.get("field") not in MONEY or not numeric or (_SCALED.search(printed) and not _LONG.search(printed)):
        return printed
    # Four digits tell one year from another; the printed figure stands in the quote, and the check rounds as we do.
    amount = float(f"{abs(float(normal or 0)):.4g}")
    scale, word = next(((s, w) for s, w in ((1e9, " billion"), (1e6, " million")) if amount >= s), (1.0, ""))
    figure = f"{amount / scale:,.6f}".rstrip("0").rstrip(".")
    sign = "-" if float(normal or 0) < 0 else ""
    return f"{sign}{_SYMBOLS.get(unit, unit + ' ' if unit else '')}{figure}{word}"


def _snapshot_line(writer: Writer, field: str) -> tuple[Claim, ...]:
    if field == "offerings":
        return _sold(writer)
    found = writer.material.of_kind("fact", field=field)
    return writer.say(field, found[0], **fact_values(writer, found[0]))[:1] if found else ()


def _sold(writer: Writer) -> tuple[Claim, ...]:
    offerings = writer.material.of_kind("offering")
    shown = offerings[: writer.wording.limits["list_limit"]]
    return writer.say_names("offerings", shown, _attribute("name"))[:1] if shown else ()


def _snapshot_gaps(writer: Writer, known: set[str]) -> Iterable[Gap]:
    substitutes = {"description": {"industry"}, "ownership": {"parent", "ticker"}}
    for field in writer.wording.gaps:
        if not known & {field, *substitutes.get(field, ())}:
            yield writer.gap(field)


def _fact_lines(writer: Writer, field: str) -> tuple[Claim, ...]:
    found = sorted(writer.material.of_kind("fact", field=field), key=lambda f: f.text("period"), reverse=True)
    label = writer.wording.label(field)
    return writer.limited(
        found, writer.wording.limits["limit"], lambda f: writer.say("fact", f, label=label, **fact_values(writer, f))
    )


def _offering_lines(writer: Writer) -> tuple[Claim, ...]:
    def say(finding: Finding) -> tuple[Claim, ...]:
        description = " ".join(finding.text("description").split()).rstrip(" .")
        return writer.say("offering", finding, name=finding.text("name"), description=description)

    return writer.limited(writer.material.of_kind("offering"), writer.wording.limits["list_limit"], say)


def _relation_lines(writer: Writer, relation: str) -> tuple[Claim, ...]:
    label = writer.wording.label(f"relation_{relation}")
    return _list_lines(writer, "relations", writer.material.relations(relation), _attribute("company"), label=label)


def _list_lines(
    writer: Writer, key: str, found: tuple[Finding, ...], name: Callable[[Finding], str], **values: str
) -> tuple[Claim, ...]:
    limit = writer.wording.limits["list_limit"]
    return (*writer.say_names(key, found[:limit], name, **values), *writer.more(found[limit:])) if found else ()


def _profile_gaps(writer: Writer) -> Iterable[Gap]:
    material = writer.material
    known = {
        "founded": material.of_kind("fact", field="founded"),
        "industry": material.of_kind("fact", field="industry"),
        "offices": material.of_kind("office"),
        "customers": material.relations("customer"),
        "partners": material.relations("partner"),
        "investors": (*material.relations("investor"), *material.of_kind("fact", field="ticker")),
    }
    return (writer.gap(field) for field in writer.wording.gaps if not known[field])


def _attribute(name: str) -> Callable[[Finding], str]:
    return lambda finding: " ".join(finding.text(name).split())
