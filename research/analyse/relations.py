"""Companies and what each is to the account: trigger, scope and enumeration; a vetoed reading yields nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from research.analyse.competition import is_vetoed
from research.analyse.naming import FIRST_PERSON, account_pattern, has_given_name, is_person_name, same_company
from research.analyse.read import Block, Reading, Sentence
from research.analyse.subject import boilerplate_of_another
from research.model.finding import Observation, attributes
from research.text.names import fold
from research.text.patterns import load_patterns

NAME: Final = "relations"
VERSION: Final = "4"

_PATTERNS: Final = load_patterns("companies")
_NAME: Final = _PATTERNS["name"]
_JOINT: Final = _PATTERNS["joint"]
_LEAD: Final = _PATTERNS["lead"]


@dataclass(frozen=True, slots=True)
class _Trigger:
    relation: str
    pattern: str
    score: float
    side: str  # where the other company stands: before or after


@cache
def _triggers() -> tuple[_Trigger, ...]:
    data = tomllib.loads((files("corpora") / "patterns" / "relations.toml").read_text(encoding="utf-8"))
    return tuple(
        _Trigger(row["relation"], row["pattern"], float(row["score"]), row.get("side", "after"))
        for row in data["trigger"]
    )


_NEGATED: Final = _PATTERNS["negated"]
_COMPETE_FOR: Final = _PATTERNS["compete_for"]
_OWN_MOVE: Final = re.compile(
    r"\b(?:his|her|prior to|previously|earlier|before joining|degree|university|career)\b", re.IGNORECASE
)
# Whose rivals are meant: those of customers, or of "companies that compete with X".
_OF_OTHERS: Final = re.compile(r"\b(?:that|who|which)\s+(?:\w+ly\s+)?$|\b(?:customers|clients|users|partners)[’']\s*$")
_OTHERS_STORY: Final = frozenset({"case_study"})


@cache
def not_companies() -> frozenset[str]:
    """Folded words that stand capitalised and are no company."""
    data = tomllib.loads((files("corpora") / "lexicons" / "not_companies.toml").read_text(encoding="utf-8"))
    return frozenset(data["words"])


def is_company_name(name: str, reading: Reading, own_terms: frozenset[str]) -> bool:
    """Whether `name` can be another company: no generic word, no person, nothing of the account's own."""
    key = fold(name)
    if len(key) < 2 or key in not_companies() or key in own_terms or key.isdigit():
        return False
    if same_company(name, reading.account.names) or account_pattern(reading.account.names).search(name):
        return False
    return not re.match(r"Q[1-4]\b|FY\d|(?:19|20)\d\d$|\d+\w?$|[\d.,]+$", name) and not re.search(
        r"\d{3}", name.split(maxsplit=1)[0]
    )


def observe(reading: Reading, own_terms: frozenset[str] = frozenset()) -> tuple[Observation, ...]:
    """Kind `relation`: `own_terms` are folded names of the account's own products, brands and units, never rivals."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    found = [*_by_page(reading, own_terms), *_by_heading(reading, own_terms), *_by_sentence(reading, own_terms)]
    return tuple(found)


def _observation(reading: Reading, company: str, relation: str, start: int, end: int, score: float) -> Observation:
    return Observation(
        kind="relation",
        attributes=attributes(company=company, relation=relation, of=reading.account.name),
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )


# --- sentences -----------------------------------------------------------------------------------------------------


def _by_sentence(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    for block, sentence in reading.sentences():
        if block.passage.role in ("metadata", "footer", "contact", "card") or len(sentence.text) > 1200:
            continue
        if _COMPETE_FOR.search(sentence.text) or boilerplate_of_another(block, reading):
            continue
        for trigger in _triggers():
            yield from _fire(trigger, block, sentence, reading, own_terms)


def _fire(
    trigger: _Trigger, block: Block, sentence: Sentence, reading: Reading, own_terms: frozenset[str]
) -> Iterator[Observation]:
    text = sentence.text
    for match in _compiled(trigger, reading.account.names).finditer(text):
        if _NEGATED.search(text[: match.start()]) or not _subject_fits(trigger, match, sentence, reading):
            continue
        names = names_after(text, match.end()) if trigger.side == "after" else names_before(text, match.start())
        if trigger.relation == "competitor" and re.match(r"(?i)vs|versus", match.group()):
            names = [*names_before(text, match.start()), *names]
        explicit = trigger.score >= _EXPLICIT
        for name, plain in named_companies(text, names, block):
            strength = max(plain, 0.9) if explicit else plain
            human = plain < 1.0 or has_given_name(name)
            person = not explicit and plain <= 1.0 and human and is_person_name(name)
            fits = is_company_name(name, reading, own_terms) and not person
            if not fits or (trigger.relation in _COMMERCIAL and _INSTITUTION.search(name)):
                continue
            score = trigger.score * strength * _weight(trigger, sentence, reading)
            yield _observation(
                reading, name, trigger.relation, sentence.start, sentence.end, round(min(score, 0.95), 4)
            )


# A run of capitals that ends in one of these describes the company that is named behind it.
_DESCRIPTION: Final = re.compile(
    r"^(?:.*\s)?(?:Company|Firm|Provider|Maker|Vendor|Specialist|Startup|Leader|Developer|Supplier|Manufacturer)\b\s*"
)
_INSTITUTION: Final = re.compile(
    r"\b(?:Magazine|Awards?|Journal|Times|Reports?|Quadrant|Wave|Association|Act|Forum|Gartner|Forrester|IDC|Summit|Conference)\b"
)
_EXPLICIT: Final = 0.8  # what such a trigger lists is a company, whatever its shape
_COMMERCIAL: Final = frozenset({"competitor", "customer", "supplier", "investor", "acquired", "parent", "subsidiary"})
_SHAPED: Final = re.compile(r"[a-z][A-Z]|\d|[A-Z]{2}|\b(?:Inc|Corp|Ltd|LLC|plc|GmbH|AG)\b")


def named_companies(text: str, spans: Sequence[tuple[int, int]], block: Block) -> list[tuple[str, float]]:
    """The names of an enumeration with how sure each is one: descriptions are dropped ("Security Firm, Komand"), and a
    single plain word counts only where the model takes it for a firm or a product."""
    names = [tidy(text[start:end]) for start, end in spans]
    last = max((i for i, name in enumerate(names) if _DESCRIPTION.match(name)), default=-1)
    if last >= 0:
        rest = _DESCRIPTION.sub("", names[last])
        names = [rest, *names[last + 1 :]] if rest else names[last + 1 :]
    return [(name, strength) for name in names if name and (strength := _strength(name, block))]


def _strength(name: str, block: Block) -> float:
    labels = {
        m.label for m in block.mentions if m.text.startswith(name) or (len(m.text) > 3 and name.startswith(m.text))
    }
    if labels & {"company", "product"}:
        return 1.05
    if "place" in labels:
        return 0.0
    if labels & {"person", "date"}:
        return 0.5
    return 1.0 if _SHAPED.search(name) or len(name.split()) > 1 else 0.6


@cache
def _compiled(trigger: _Trigger, names: tuple[str, ...]) -> re.Pattern[str]:
    """A trigger's pattern with `@` standing for the account's names."""
    return re.compile(trigger.pattern.replace("@", account_pattern(names).pattern))


def _subject_fits(trigger: _Trigger, match: re.Match[str], sentence: Sentence, reading: Reading) -> bool:
    """The account is on the other side of the trigger: named there, speaking, or the hero of a comparison page."""
    text, kind = sentence.text, reading.document.page_type
    named = account_pattern(reading.account.names).search(text) is not None
    speaking = FIRST_PERSON.search(text) is not None and "“" not in text and '"' not in text
    if trigger.relation in ("acquired", "parent"):
        before = text[: match.start()]
        close = account_pattern(reading.account.names).search(before[-80:]) or FIRST_PERSON.search(before[-40:])
        titled = account_pattern(reading.account.names).search(reading.document.title) is not None
        return bool(close or ("acquisition" in match.group().lower() and titled)) and not _OWN_MOVE.search(before)
    if re.match(r"(?i)vs|versus", match.group()):
        return kind == "comparison" or _account_beside(match, text, reading)
    if trigger.relation == "competitor":
        theirs = is_vetoed(text) or _OF_OTHERS.search(text[: match.start()]) is not None
        return not theirs and (named or (speaking and kind not in _OTHERS_STORY) or kind == "comparison")
    if trigger.relation == "supplier" and re.search(r"\b[Cc]ompet", text[: match.end()]):
        return False
    if trigger.relation in ("partner", "investor"):
        return (named or speaking) and not _OWN_MOVE.search(text[: match.start()])
    return named or (speaking and kind not in _OTHERS_STORY)


def _account_beside(match: re.Match[str], text: str, reading: Reading) -> bool:
    """Whether one side of a `versus` is the account."""
    around = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    return any(account_pattern(reading.account.names).search(side) for side in around)


def _weight(trigger: _Trigger, sentence: Sentence, reading: Reading) -> float:
    """1 where the account is named in the sentence, less where it only speaks."""
    if reading.document.page_type == "comparison" and trigger.relation == "competitor":
        return 1.1
    return 1.0 if account_pattern(reading.account.names).search(sentence.text) else 0.85


def names_after(text: str, position: int) -> list[tuple[int, int]]:
    """Spans of the names that an enumeration starting at `position` lists: `such as A, B Inc. and C`."""
    lead = _LEAD.match(text, position)
    at = lead.end() if lead else position
    found: list[tuple[int, int]] = []
    while match := _NAME.match(text, at):
        end = match.end() + (
            _STOP_OF_FORM.search(match.group()) is not None and text[match.end() : match.end() + 1] == "."
        )
        found.append((match.start(), end))
        joint = _JOINT.match(text, end)
        if joint is None:
            break
        at = joint.end()
    return found


_STOP_OF_FORM: Final = re.compile(r"\b(?:Inc|Corp|Co|Ltd)$")  # whose full stop ends no sentence


def names_before(text: str, position: int) -> list[tuple[int, int]]:
    """The span of the name that ends right before `position`, if there is one."""
    found = [m.span() for m in _NAME.finditer(text[:position])]
    if not found or text[found[-1][1] : position].strip(" ,’'s()™®") not in ("", "has", "have", "also", "recently"):
        return []
    return [found[-1]]


_AROUND: Final = re.compile(
    r"^(?:\w+ )?[Cc]omparison of\s+|\s+(?:[Pp]erformance\s+)?[Cc]omparison$"
    r"|\s+(?:[Aa]lternatives?|[Pp]ricing|[Ss]olutions?)$"
)


def tidy(name: str) -> str:
    """A name without possessive, article and trailing punctuation."""
    clean = re.sub(r"^(?:The|the|A|An|Our|Your|Their|Its|Unlike|Compared)\s+", "", name.strip(" ,;:–—-"))
    clean = _AROUND.sub("", re.sub(r"^[A-Z][a-z]+ing\s+(?=[A-Z])", "", clean))  # "Exploring Kafka vs RabbitMQ"
    clean = re.sub(r"[’']s?$|[™®©]+", "", clean)
    return re.sub(r"\s+(?:and|&|of|for)$", "", clean).strip(" ,")


# --- lists under a heading that says what their members are ---------------------------------------------------------

_LIST_HEADING: Final = re.compile(
    r"^(?:\w+[\s-]+){0,3}(?P<kind>partners|customers|clients|suppliers|investors|competitors|subsidiaries)(?:\s+\w+){0,4}$",
    re.IGNORECASE,
)
_HEADED: Final = {"clients": "customer", "subsidiaries": "subsidiary"}
_STARTS_CLAUSE: Final = re.compile(
    r"\s*(?:$|[,–—:|-]|\s(?:is|are|was|has|have|supplies|carries|tests|assembles|makes|provides|delivers|builds|sells|installs|uses)\b)"
)


def _by_heading(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The company with which each item of such a list, or each sentence below such a heading, begins."""
    for block in reading.blocks:
        heading = block.passage.heading_path[-1] if block.passage.heading_path else ""
        match = _LIST_HEADING.match(heading)
        if (
            match is None
            or not block.passage.main
            or block.passage.role not in ("list_item", "paragraph", "table_row", "card")
        ):
            continue
        kind = match["kind"].lower()
        relation = _HEADED.get(kind, kind.removesuffix("s"))
        for sentence in block.sentences:
            lead = _NAME.match(sentence.text)
            name = tidy(lead.group()) if lead and _STARTS_CLAUSE.match(sentence.text, lead.end()) else ""
            strength = _strength(name, block) if name else 0.0
            if strength >= 1.0 and is_company_name(name, reading, own_terms):
                yield _observation(reading, name, relation, sentence.start, sentence.end, 0.7)


# --- pages that are a relation as a whole --------------------------------------------------------------------------

_VERSUS: Final = re.compile(rf"(?P<a>{_NAME.pattern})\s+(?:vs\.?|versus)\s+(?P<b>{_NAME.pattern})")


def _by_page(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    kind = reading.document.page_type
    if kind == "comparison":
        yield from _compared(reading, own_terms)
    if kind == "case_study":
        yield from _told(reading, own_terms)


def _compared(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The rivals that a comparison page is about: named in its title or address."""
    for block in reading.blocks[:40]:
        match = _VERSUS.search(block.text)
        if match is None or block.passage.role not in ("heading", "paragraph") or len(block.text) > 160:
            continue
        for side in ("a", "b"):
            name = tidy(match[side])
            if is_company_name(name, reading, own_terms):
                yield _observation(reading, name, "competitor", block.passage.start, block.passage.end, 0.85)
    yield from (
        (_observation(reading, name, "competitor", start, end, 0.8))
        for name, start, end in _slug_names(reading, own_terms)
    )


def _told(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The customer whose story a case-study page tells."""
    for name, start, end in _slug_names(reading, own_terms):
        yield _observation(reading, name, "customer", start, end, 0.85)


_SLUG_STOP: Final = frozenset(
    [
        "how",
        "why",
        "what",
        "with",
        "and",
        "the",
        "for",
        "from",
        "to",
        "in",
        "of",
        "a",
        "an",
        "vs",
        "versus",
        "case",
        "study",
        "success",
        "story",
        "customer",
        "customers",
        "helped",
        "helps",
        "help",
        "chose",
        "uses",
        "using",
        "built",
        "builds",
        "index",
        "html",
        "htm",
        "replace",
        "replaces",
        "replaced",
        "alternative",
        "alternatives",
        "compare",
        "comparison",
        "switch",
        "migrate",
        "best",
        "top",
        "clickhouse",
    ]
)


def _slug_names(reading: Reading, own_terms: frozenset[str]) -> list[tuple[str, int, int]]:
    """The company that the address names, as the page prints it: the longest run of slug words that stands
    capitalised in the text."""
    words = [
        w
        for w in re.split(
            r"[-_.]+", reading.document.url.rstrip("/").removesuffix("/index.html").rsplit("/", 1)[-1].lower()
        )
        if w
    ]
    text = reading.document.text
    for size in range(min(5, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            if run[0] in _SLUG_STOP or run[-1] in _SLUG_STOP or len("".join(run)) < 3 or " ".join(run) in own_terms:
                continue
            if any(" ".join(run) in fold(known) for known in reading.account.names):
                continue
            found = _capitalised(text, run)
            if found and is_company_name(found[0], reading, own_terms) and not _is_place(found[0], reading):
                return [found]
    return []


def _is_place(name: str, reading: Reading) -> bool:
    labels = {m.label for block in reading.blocks for m in block.mentions if m.text == name}
    return "place" in labels and "company" not in labels


def _capitalised(text: str, words: list[str]) -> tuple[str, int, int] | None:
    pattern = re.compile(r"(?<!\w)" + r"[\s\-.’'&]*".join(re.escape(w) for w in words) + r"(?!\w)", re.IGNORECASE)
    hits = [
        m
        for m in pattern.finditer(text)
        if all(
            part[:1].isupper() or part[:1].isdigit() or part.lower() in ("and", "of", "the")
            for part in re.split(r"[\s\-]+", m.group())
            if part
        )
    ]
    if len(hits) < 2:
        return None
    first = next((m for m in hits if len(m.group()) > 0), hits[0])
    start = text.rfind("\n", 0, first.start()) + 1
    end = text.find("\n", first.end())
    return first.group(), max(start, first.start() - 120), min(end if end >= 0 else len(text), first.end() + 160)
