"""A whole brief of a company that does not exist, with true offsets: what the rooms draft, review and export are
tried on."""

from __future__ import annotations

from dataclasses import replace

from research.draft.draft import draft_sections
from research.model.account import Account, Rival, Seller, SellerOffering
from research.model.capture import Skipped
from research.model.document import Document, Passage
from research.model.draft import Brief
from research.model.finding import Admission, Conflict, Evidence, Finding, Theme, Value, attributes
from research.text.hashing import sha256_text, short_id

AS_OF = "2024-05-20T08:00:00+00:00"
SEEN = "2024-05-19T07:12:00+00:00"
ACCOUNT = Account(
    id="harrow-tides",
    name="Harrow & Tides Logistics",
    domains=("harrowtides.example",),
    aliases=("Harrow & Tides", "H&T"),
    identifiers=(("ticker", "HRTD"),),
    segment="enterprise",
)
SELLER = Seller(
    name="Quayside Software",
    offerings=(
        SellerOffering(name="Quayside Berth Planner", solves=("vessel delays", "manual scheduling")),
        SellerOffering(name="Quayside Signal", solves=("fragmented data",)),
    ),
    rivals=(Rival(name="Portlane Systems", aliases=("Portlane",)),),
)

_ABOUT = """About Harrow & Tides
Harrow & Tides Logistics runs container terminals and inland freight for manufacturers in northern Europe.
Founded in 1987 in Esbjerg, the company employs 2,340 people at eleven sites.
Our headquarters are in Rotterdam, the Netherlands, with offices in Esbjerg, Hamburg and Gdańsk.
Ingrid Vaszary, Chief Executive Officer
Tomás Okafor-Lind, Chief Information Officer
Priya Raman, Vice President, Terminal Operations
Jonas Weidt, Director of Procurement
Former Chief Financial Officer Karel Bohm left the company in March 2024.
Our customers include Lindqvist Motors, Norsk Papir and Alba Chemicals.
Our partners include Blauwe Lijn Rail.
Shippers tell us that they lose days to unclear customs rules, and we take that off their hands.
Our customers struggle with unpredictable demurrage charges.
"""
_PRESS = """Harrow & Tides reports results for 2023 and opens a terminal in Gdańsk
ROTTERDAM, 12 March 2024 – Harrow & Tides Logistics (HRTD) today reported revenue of €412.6 million for 2023, up 7%.
Net income was €18.3 million.
On 12 March 2024 the company opened its second terminal in Gdańsk.
"We plan to cut berth waiting times by 20% before the end of 2025," said Ingrid Vaszary.
"Vessel delays cost us more than any tariff last year, and manual scheduling made every one of them worse," she added.
In January 2024 Harrow & Tides acquired Kestrel Drayage, a trucking company in Hamburg.
On 4 September 2023 the company named Tomás Okafor-Lind as Chief Information Officer.
The company has 2,410 employees.
Nordhavn Pension Fund holds 31% of the shares.
"""
_REPORT = """Annual report 2022
Consolidated figures (in millions of euros)
Revenue | 385.7 | 351.2
Our headquarters moved to Antwerp in 2022.
We compete with Delta Quay Group, Rhine Container Lines and Ostwerk in all our markets.
Fragmented data across eleven terminals slows every decision that we take.
We could face higher energy costs at our cold stores.
We do not have enough crane drivers for the night shifts.
We want to run half of our yard tractors on electricity by 2027.
Our older gate software fails during peaks, and the teams fall back to paper.
We began to retrain yard staff as crane drivers in 2022.
In 2021 the company sold its ferry line.
Port Basin Services B.V. is a wholly owned subsidiary.
The whole industry suffers from a shortage of drivers.
"""
_JOB = """Senior yard systems engineer (Hamburg)
You will maintain our Portlane YardMaster installation and the interfaces around it.
We want to replace night-time spreadsheets with one plan for every terminal.
Our TidePlan service books a slot at any terminal in one call.
ColdChain Connect moves refrigerated goods between ports.
YardSight shows every container in the yard.
"""


def document(key: str, url: str, title: str, text: str, published: str | None, page_type: str) -> Document:
    """A document whose passages are the lines of its text."""
    passages, start = [], 0
    for ordinal, line in enumerate(text.splitlines()):
        role = "heading" if not ordinal else "paragraph"
        passages.append(Passage(ordinal=ordinal, start=start, end=start + len(line), role=role))
        start += len(line) + 1
    return Document(
        id=short_id(ACCOUNT.id, key), account_id=ACCOUNT.id, capture_id=short_id("capture", key), url=url, title=title,
        published=published, language="en", page_type=page_type,
        media_type="application/pdf" if key == "report" else "text/html", text=text, text_sha256=sha256_text(text),
        extractor="fixture", extractor_version="1", passages=tuple(passages),
        trust="low" if key == "report" else "normal",
    )  # fmt: skip


DOCUMENTS = {
    "about": document("about", "https://harrowtides.example/about", "About us | Harrow & Tides", _ABOUT, None, "about"),
    "press": document(
        "press",
        "https://harrowtides.example/news/2024/results",
        "Results for 2023",
        _PRESS,
        "2024-03-12",
        "press_release",
    ),
    "report": document("report", "file:annual-report-2022.pdf", "Annual report 2022", _REPORT, "2023-03-30", "filing"),
    "job": document(
        "job",
        "https://harrowtides.example/careers/yard-systems-engineer",
        "Senior yard systems engineer",
        _JOB,
        None,
        "job",
    ),
}


def finding(kind: str, quotes: dict[str, str], confidence: float, **values: Value) -> Finding:
    """A finding of the account with one evidence for each document key and its quote."""
    finding_id = short_id(ACCOUNT.id, kind, sorted(values.items(), key=str))
    evidence = []
    for key, quote in quotes.items():
        source = DOCUMENTS[key]
        start = source.text.index(quote)
        evidence.append(
            Evidence(
                finding_id=finding_id, document_id=source.id, start=start, end=start + len(quote),
                quote_sha256=sha256_text(quote), score=confidence,
            )
        )  # fmt: skip
    return Finding(
        id=finding_id, account_id=ACCOUNT.id, kind=kind, attributes=attributes(**values), confidence=confidence,
        status="new", first_seen=SEEN, last_seen=SEEN, evidence=tuple(evidence),
    )  # fmt: skip


def line(key: str, beginning: str) -> dict[str, str]:
    """The whole line of a document that has `beginning` in it, as a quote."""
    return {key: next(text for text in DOCUMENTS[key].text.splitlines() if beginning in text)}


def fact(field: str, value: str, quotes: dict[str, str], confidence: float, **more: Value) -> Finding:
    """A fact with every attribute that the contract names."""
    values: dict[str, Value] = {"normal": value, "unit": None, "period": None, **more}
    return finding("fact", quotes, confidence, field=field, value=value, **values)


def signal(kind: str, holder: str, phrase: str, key: str, confidence: float) -> Finding:
    """A signal with the line that holds its phrase."""
    return finding("signal", line(key, phrase), confidence, type=kind, holder=holder, phrase=phrase)


def relation(company: str, kind: str, key: str, confidence: float) -> Finding:
    """A relation of the account's own."""
    return finding("relation", line(key, company), confidence, company=company, relation=kind, of=ACCOUNT.name)


def person(name: str, role: str, beginning: str, current: bool | None, confidence: float) -> Finding:
    """A person of the about page."""
    return finding("person", line("about", beginning), confidence, name=name, role=role, current=current)


def event(date: str, kind: str, summary: str, key: str, confidence: float) -> Finding:
    """An event whose summary stands in the document."""
    return finding("event", line(key, summary), confidence, date=date, type=kind, summary=summary)


FACTS = {
    "description": fact(
        "description", "runs container terminals and inland freight for manufacturers in northern Europe",
        line("about", "runs container"), 0.92,
    ),
    "founded": fact("founded", "1987", line("about", "Founded in"), 0.95),
    "employees_press": fact(
        "employees", "2,410", line("press", "2,410"), 0.9, normal=2410.0, unit="people", period="2024-03-12"
    ),
    "employees_about": fact("employees", "2,340", line("about", "2,340"), 0.85, normal=2340.0, unit="people"),
    "revenue": fact(
        "revenue", "€412.6 million", line("press", "412.6"), 0.97, normal=412.6e6, unit="EUR", period="FY2023"
    ),
    "revenue_2022": fact(
        "revenue", "385.7", line("report", "385.7"), 0.88, normal=385.7e6, unit="EUR", period="FY2022"
    ),
    "net_income": fact("net_income", "€18.3 million", line("press", "18.3"), 0.94, normal=18.3e6, unit="EUR"),
    "rotterdam": fact("headquarters", "Rotterdam, the Netherlands", line("about", "headquarters are"), 0.9),
    "antwerp": fact("headquarters", "Antwerp", line("report", "Antwerp"), 0.7),
    "ticker": fact("ticker", "HRTD", line("press", "HRTD"), 0.93),
}  # fmt: skip
SIGNALS = {
    "delays": signal("pain", "account", "Vessel delays cost us more than any tariff last year", "press", 0.93),
    "data": signal(
        "pain", "account", "Fragmented data across eleven terminals slows every decision that we take", "report", 0.88
    ),
    "drivers": signal("pain", "account", "do not have enough crane drivers for the night shifts", "report", 0.84),
    "gate": signal("pain", "account", "Our older gate software fails during peaks", "report", 0.8),
    "energy": signal("pain", "account", "We could face higher energy costs at our cold stores", "report", 0.6),
    "customs": signal("pain", "customer", "lose days to unclear customs rules", "about", 0.82),
    "demurrage": signal("pain", "customer", "unpredictable demurrage charges", "about", 0.79),
    "shortage": signal("pain", "industry", "The whole industry suffers from a shortage of drivers", "report", 0.7),
    "berth": signal("goal", "account", "cut berth waiting times by 20% before the end of 2025", "press", 0.9),
    "electric": signal("goal", "account", "run half of our yard tractors on electricity by 2027", "report", 0.83),
    "spreadsheets": signal(
        "goal", "account", "replace night-time spreadsheets with one plan for every terminal", "job", 0.77
    ),
    "retrain": signal("remedy", "account", "We began to retrain yard staff as crane drivers in 2022", "report", 0.72),
}
OTHERS = (
    person("Jonas Weidt", "Director of Procurement", "Jonas Weidt", True, 0.9),
    person("Priya Raman", "Vice President, Terminal Operations", "Priya Raman", True, 0.91),
    person("Ingrid Vaszary", "Chief Executive Officer", "Ingrid Vaszary", True, 0.96),
    person("Tomás Okafor-Lind", "Chief Information Officer", "Tomás Okafor-Lind", True, 0.95),
    person("Karel Bohm", "Chief Financial Officer", "Karel Bohm", False, 0.86),
    finding(
        "offering",
        line("job", "TidePlan"),
        0.88,
        name="TidePlan",
        description="books a slot at any terminal in one call",
    ),
    finding("offering", line("job", "ColdChain"), 0.86, name="ColdChain Connect", description=None),
    finding(
        "offering", line("job", "YardSight"), 0.81, name="YardSight", description="shows every container in the yard"
    ),
    finding("office", line("about", "Hamburg"), 0.9, place="Hamburg"),
    finding("office", line("about", "Gdańsk"), 0.88, place="Gdańsk"),
    finding("office", line("about", "offices in Esbjerg"), 0.88, place="Esbjerg"),
    relation("Delta Quay Group", "competitor", "report", 0.91),
    relation("Rhine Container Lines", "competitor", "report", 0.9),
    relation("Ostwerk", "competitor", "report", 0.86),
    relation("Lindqvist Motors", "customer", "about", 0.93),
    relation("Norsk Papir", "customer", "about", 0.92),
    relation("Alba Chemicals", "customer", "about", 0.9),
    relation("Blauwe Lijn Rail", "partner", "about", 0.87),
    relation("Kestrel Drayage", "acquired", "press", 0.9),
    relation("Port Basin Services B.V.", "subsidiary", "report", 0.89),
    relation("Nordhavn Pension Fund", "investor", "press", 0.74),
    relation("Kestrel Drayage, a trucking company", "supplier", "press", 0.22),
    event("2024-03-12", "expansion", "the company opened its second terminal in Gdańsk", "press", 0.93),
    event("2024-01", "acquisition", "Harrow & Tides acquired Kestrel Drayage", "press", 0.92),
    event("2023-09-04", "leadership", "the company named Tomás Okafor-Lind as Chief Information Officer", "press", 0.9),
    event("2024-03-12", "results", "reported revenue of €412.6 million for 2023, up 7%", "press", 0.89),
    event("2021", "divestiture", "the company sold its ferry line", "report", 0.8),
    finding("presence", line("job", "Portlane"), 0.85, company="Portlane", product="YardMaster", basis="job post"),
)
FINDINGS = (*FACTS.values(), *SIGNALS.values(), *OTHERS)
CONFLICTS = (
    Conflict(
        field="headquarters", kind="genuine", finding_ids=(FACTS["rotterdam"].id, FACTS["antwerp"].id),
        explanation="Two of the account's own documents name different cities.",
    ),
    Conflict(
        field="employees", kind="stale", finding_ids=(FACTS["employees_press"].id, FACTS["employees_about"].id),
        explanation="The press release is newer than what the about page seems to be based on.",
    ),
)  # fmt: skip


def theme(label: str, *keys: str) -> Theme:
    """A theme of the signals with these keys."""
    ids = tuple(SIGNALS[key].id for key in keys)
    return Theme(
        id=short_id("theme", label), label=label, terms=tuple(label.lower().split()), finding_ids=ids, medoid=ids[0]
    )


THEMES = (
    theme("Terminal planning", "delays", "data", "gate", "berth", "spreadsheets"),
    theme("Crane drivers", "drivers", "retrain", "shortage"),
    theme("Energy", "energy", "electric"),
    theme("Customs and charges", "customs", "demurrage"),
)
SKIPPED = (
    Skipped(url="https://harrowtides.example/investors/", reason="robots.txt refuses /investors/"),
    Skipped(url="https://harrowtides.example/brochure.pdf", reason="a damaged PDF: no pages could be read"),
)


def make_brief(*, seller: Seller | None = SELLER, **changes: object) -> Brief:
    """The fixture's brief, drafted anew; `changes` replace fields of it before drafting."""
    documents = tuple(DOCUMENTS.values())
    brief = Brief(
        account=ACCOUNT, as_of=AS_OF, documents=documents,
        fetched_at=tuple((document.id, SEEN) for document in documents),
        body_sha256=tuple((document.id, sha256_text("body" + document.id)) for document in documents),
        skipped=SKIPPED,
        admissions=tuple(
            Admission(
                document_id=document.id, url=document.url, admitted=True, own=True,
                reason="published on the account's own domain",
            )
            for document in documents
        ),
        findings=FINDINGS, conflicts=CONFLICTS, themes=THEMES, sections=(),
    )  # fmt: skip
    brief = replace(brief, **changes)  # type: ignore[arg-type]
    sections = draft_sections(
        brief.account, brief.findings, brief.themes, brief.conflicts, {d.id: d for d in brief.documents},
        fetched_at=dict(brief.fetched_at), as_of=brief.as_of, seller=seller, searched=frozenset(d.page_type for d in brief.documents),
        blocked=frozenset({"investor"}),
    )  # fmt: skip
    return replace(brief, sections=sections)
