"""What kind of page an address and a title promise; shared by the planner, which ranks, and the analysers, which read."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

PAGE_TYPES: Final = (
    "home",
    "about",
    "leadership",
    "product",
    "press_release",
    "newsroom",
    "investor",
    "careers",
    "job",
    "customers",
    "case_study",
    "comparison",
    "partners",
    "contact",
    "blog",
    "legal",
    "filing",
    "other",
)

# First match wins: the narrower kind stands before the wider one. Each pattern is searched in the lower-case path.
_PATH_RULES: Final = tuple(
    (page_type, re.compile(pattern))
    for page_type, pattern in (
        ("legal", r"/(legal|privacy|terms|cookies?|imprint|impressum|gdpr|eula|agb|datenschutz)\b|privacy-(policy|notice)"
                  r"|(terms|conditions)-(of|and)|cookie-policy|tax-strategy|modern-slavery"),
        ("comparison", r"/(compar(e|ison|isons)|alternatives?|replace|versus)(/|$)|-vs-|-versus-|-alternatives?(/|$|\.)|/switch-from"),
        ("leadership", r"/(leadership|management|executives?|board(-of-directors)?|our-people|people|team|our-team|founders?)"
                       r"(/|$|\.|-team)|executive-team|leadership-team|management-team"),
        ("press_release", r"/(press-releases?|pressreleases?|news-releases?|pressemitteilung(en)?|releases?)/[^/]+"),
        ("job", r"/(careers?|jobs?|vacanc(y|ies)|opportunities|openings|stellen)/([^/]+/)*[^/]+"),
        ("case_study", r"/(case-stud(y|ies)|customer-stor(y|ies)|success-stor(y|ies)|customers|stories)/[^/]+"),
        ("investor", r"/(investors?|investor-relations|ir|shareholders?|financials?|annual-report|sec-filings)(/|$|\.)|//(ir|investors?)\."),
        ("newsroom", r"/(news|newsroom|press|press-releases?|media|media-center|in-the-news|presse|aktuelles)(/|$|\.)"),
        ("careers", r"/(careers?|jobs?|vacancies|join-us|work-with-us|working-at|karriere)(/|$|\.|-)"),
        ("customers", r"/(customers?|clients?|case-stud(y|ies)|references|success-stories|referenzen|kunden)(/|$|\.)"),
        ("partners", r"/(partners?|partnerships?|partner-program|alliances|technology-partners|integrations?)(/|$|\.)|-partnership"),
        ("contact", r"/(contact|contact-us|locations?|offices?|kontakt|standorte)(/|$|\.|-)"),
        ("blog", r"/(blog|blogs|insights|articles?|posts?)(/|$|\.)"),
        ("about", r"/(about|about-us|company|who-we-are|our-story|our-company|history|mission|values|ueber-uns|unternehmen)(/|$|\.|-)"),
        ("product", r"/(products?|solutions?|services?|platform|features?|pricing|offerings?|technology|produkte|loesungen|leistungen)(/|$|\.|-)"),
    )
)
_TITLE_RULES: Final = tuple(
    (page_type, re.compile(pattern, re.IGNORECASE))
    for page_type, pattern in (
        ("comparison", r"\b(vs\.?|versus|alternatives? to)\b"),
        ("leadership", r"\b(leadership|management|executive) team\b|\bboard of directors\b|\bour leadership\b"),
        ("filing", r"\bform 10-[kq]\b|\bannual report on form\b"),
        ("careers", r"\b(careers|join our team)\b"),
        ("contact", r"^contact\b"),
        ("about", r"^about\b"),
    )
)
_HOME: Final = re.compile(r"^/?((index|default|home)(\.[a-z.]+)?)?$")
_LOCALE: Final = re.compile(r"^/[a-z]{2}([-_][a-z]{2})?(?=/|$)")


def page_type(url: str, title: str = "") -> str:
    """One of PAGE_TYPES for the page at `url`; the path decides, and the title where the path says nothing."""
    parts = urlsplit(url)
    path = _LOCALE.sub("", unquote(parts.path).lower()) or "/"
    if parts.scheme in ("http", "https") and _HOME.match(path) and not parts.query:
        return "home"
    subject = f"//{parts.hostname or ''}{path}"
    by_path = next((kind for kind, pattern in _PATH_RULES if pattern.search(subject)), None)
    return by_path or next((kind for kind, pattern in _TITLE_RULES if pattern.search(title)), "other")
