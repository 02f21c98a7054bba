"""Pains, goals and remedies: cues pick the candidates, page and section say how they are read, a model decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from research.analyse.features_phrase import phrase_of
from research.analyse.features_signals import LEXICON, ClassifySignals, SentenceContext, SignalAnswer
from research.analyse.features_text import lexicon, tokenize
from research.analyse.naming import account_pattern
from research.analyse.read import Block, Reading, Sentence
from research.analyse.recurrence import recurrence
from research.analyse.stated import Stated, stated_goals, stated_pains
from research.analyse.wording import BOILERPLATE
from research.model.finding import Observation, attributes
from research.text.names import fold

NAME: Final = "signals"
VERSION: Final = "9"

KINDS: Final = ("pain", "goal", "remedy")
_LEAST: Final = 0.3  # a sentence that is rather something else is no signal
_OWN_VOICE_LEAST: Final = 0.15  # where the account speaks of itself "none" wins narrowly, and such sentences are few
_WORDS: Final = (5, 90)  # shorter is a title, longer is a table or a list run together
_ROLES: Final = frozenset({"paragraph", "list_item", "quote", "heading"})
_SILENT_PAGES: Final = frozenset({"legal", "contact"})
_WISHFUL_PAGES: Final = frozenset({"job", "careers"})  # their problems are duties, not pains
_CUES: Final = ("negative.", "goal.", "remedy.")
_SELF: Final = re.compile(r"\b(?:we|our|us|the company)\b", re.IGNORECASE)
# How far a section of a filing is trusted with each kind; from reading filings, not from a table of counts.
_SECTIONS: Final = (
    (re.compile(r"item 1a|risk factors", re.IGNORECASE), {"pain": 1.0, "goal": 0.7, "remedy": 0.8}),
    (re.compile(r"item 1\b|item 7\b|item 2\b", re.IGNORECASE), {"pain": 0.8, "goal": 1.0, "remedy": 1.0}),
    (re.compile(r"item 1c|item 3|item 7a", re.IGNORECASE), {"pain": 0.6, "goal": 0.6, "remedy": 0.9}),
    (
        re.compile(r"item \d|part (?:ii|iii|iv)|signatures|cover", re.IGNORECASE),
        {"pain": 0.4, "goal": 0.4, "remedy": 0.4},
    ),
)
_PARTICULAR: Final = re.compile(r"\d|(?<=[a-z,] )[A-Z][A-Za-z]*[a-z]|\b[A-Z]{2,5}\b")  # a figure, a name, an acronym
_ECHO: Final = 1.0  # a sentence that repeats a better one word for word counts nothing
_COMPARED: Final = 150
_RECURRENCE: Final = 0.2  # of a pain's score hangs on how much a long document comes back to it
_MOST: Final = 1000  # pains that are compared, each with each; the largest annual reports have some 600
_MANY: Final = 20  # pains, below which a document comes back to nothing: a page of a site has fewer
_HAPPENED: Final = re.compile(
    r"\b(?:have|has|had) (?:\w+ ){0,4}(?:experienced|been|faced|resulted|led|identified|failed|caused|incurred|"
    r"increased|decreased|declined|received|adversely|negatively|harmed|affected|impacted|seen|suffered|lost)\b|"
    r"\b(?:we|the company) (?:currently|continue to|are|is|rel(?:y|ies)|depends?|faces?|experiences?) |"
    r"\bfor example\b|\b(?:in|during|since) (?:the \w+ quarter of )?(?:fiscal (?:year )?)?(?:19|20)\d\d\b|"
    r"\$\s?\d|\d\s?(?:%|percent)|"
    r"\b(?:decreased|declined|delayed|halted|was lower|were lower)\b",
    re.IGNORECASE,
)
_RISK_LIST: Final = re.compile(
    r"\brisks? (?:and uncertainties)?,?\s*(?:that )?(?:includ\w+|related to|relating to|associated with)\b[^.]{0,60}?"
    r"(?=our |competition|risks related)",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"(?!and\b)[^\s,;.()][^,;.()]*")
_OWN_RISK: Final = re.compile(r"\b(?:our|competition|ability)\b", re.IGNORECASE)
_NO_RISK: Final = re.compile(
    r"\b(?:filings?|sec|form 10|reports?|statements?|date|obligation|section)\b", re.IGNORECASE
)
_LISTED: Final = 0.45  # true of the account in its lawyers' words; what it says in its own ranks before
_MAY: Final = re.compile(r"\b(?:may|might|could|would|can|if)\b", re.IGNORECASE)


# Where a company reports on itself, a sentence without any other subject is about itself: "Late deliveries cost us
# orders", "The decline is due to the shortage of sensors".
_REPORTING_PAGES: Final = frozenset({"investor", "press_release", "newsroom", "careers", "leadership", "other"})
_OF_OTHERS: Final = re.compile(
    r"\b(?:customers?|clients?|users?|buyers?|patients?|students?|you|your|yours|teams?|organi[sz]ations?|compan(?:y|ies)|firms?|"
    r"business(?:es)?|enterprises?|operators?|owners?|managers?|professionals?|practitioners?|developers?|administrators?|"
    r"analysts?|attackers?|adversar(?:y|ies)|hackers?|criminals?|consumers?|people|employees|everyone|they|their|them|he|she|his|"
    r"her|many|most|industry|sector|market|world|government|vendors?|suppliers?|partners?|competitors?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    block: Block
    sentence: Sentence
    prev: str
    next: str


def observe(reading: Reading, classify: ClassifySignals) -> tuple[Observation, ...]:
    """Kind `signal`: `type`, `holder`, `phrase`; the score is the probability of type and holder, less where a section
    or a repetition makes the sentence a poorer witness."""
    if reading.document.page_type in _SILENT_PAGES:
        return ()
    candidates = list(_candidates(reading))
    contexts = [_context(reading, c) for c in candidates]
    asked = list(dict.fromkeys(contexts))  # a page may say one thing three hundred times: it is judged once
    told = dict(zip(asked, classify(asked), strict=True))
    answers = [told[context] for context in contexts]
    found: Sequence[Observation] = [
        observation
        for candidate, answer in zip(candidates, answers, strict=True)
        if answer.holders and (observation := _observation(reading, candidate, answer))
    ]
    found = [*found, *_listed_risks(reading)]
    pains = stated_pains(reading, _REPORTING_PAGES, _OF_OTHERS)
    for kind, stated in (("pain", pains), ("goal", stated_goals(reading))):
        found = _with_stated(reading, kind, stated, found)
    return tuple(_without_echoes(_by_recurrence(found, reading.document.text), reading.document.text))


def _candidates(reading: Reading) -> Iterator[_Candidate]:
    """Sentences that hold a cue and are no boilerplate, with their neighbours."""
    every = [(block, sentence) for block, sentence in reading.sentences(main_only=True) if block.passage.role in _ROLES]
    for at, (block, sentence) in enumerate(every):
        if _readable(reading, block, sentence):
            before = every[at - 1][1].text if at else ""
            after = every[at + 1][1].text if at + 1 < len(every) else ""
            yield _Candidate(block, sentence, before, after)


def _readable(reading: Reading, block: Block, sentence: Sentence) -> bool:
    words = sentence.text.count(" ") + 1
    if not _WORDS[0] <= words <= _WORDS[1] or sentence.text.rstrip().endswith("?"):
        return False
    if block.passage.role == "heading" and not _is_risk_headline(block):
        return False
    listing = reading.document.page_type != "filing" and _RISK_LIST.search(sentence.text)  # read item by item
    if listing or BOILERPLATE.search(sentence.text) or not _speaks_of_account(reading, sentence.text):
        return False
    if reading.own and reading.document.page_type != "filing" and _speaks_of_itself(reading, sentence.text):
        return True  # on a site such sentences are few, and a pain is often said without a word for it
    return any(cue.name.startswith(_CUES) for cue in lexicon(LEXICON).find(tokenize(sentence.text)))


def _speaks_of_itself(reading: Reading, text: str) -> bool:
    return bool(_SELF.search(text) or account_pattern(reading.account.names).search(text))


def _speaks_of_account(reading: Reading, text: str) -> bool:
    """On other people's pages "we" is somebody else: only sentences that name the account are read."""
    return reading.own or bool(account_pattern(reading.account.names).search(text))


def _is_risk_headline(block: Block) -> bool:
    """A risk factor's headline: a whole sentence set as a heading."""
    text = block.text.rstrip()
    return _in_risks(block) and text.endswith((".", ";")) and text.count(" ") >= _WORDS[0]


def _in_risks(block: Block) -> bool:
    return bool(_SECTIONS[0][0].search(" ".join(block.passage.heading_path)))


def _context(reading: Reading, candidate: _Candidate) -> SentenceContext:
    document = reading.document
    filing = document.page_type == "filing"
    return SentenceContext(
        sentence=candidate.sentence.text,
        prev=candidate.prev,
        next=candidate.next,
        title="Form 10-K" if filing else document.title,
        url="10-K/" if filing else document.url,
        accounts=(*reading.account.names, *reading.account.domains),
    )


def _observation(reading: Reading, candidate: _Candidate, answer: SignalAnswer) -> Observation | None:
    text = candidate.sentence.text
    kinds, holders = answer.kinds, answer.holders
    holder = _holder(reading, text, holders)
    kind = _kind(reading, text, kinds, holder)
    if kind is None:
        return None
    score = kinds[kind] * holders.get(holder, 0.25) ** 0.5 * _trust(reading, candidate, kind)
    return _signal(
        reading, kind, holder, phrase_of(text, kind), (candidate.sentence.start, candidate.sentence.end), score
    )


def _signal(reading: Reading, kind: str, holder: str, phrase: str, span: tuple[int, int], score: float) -> Observation:
    return Observation(
        kind="signal",
        attributes=attributes(type=kind, holder=holder, phrase=phrase),
        document_id=reading.document.id,
        start=span[0],
        end=span[1],
        score=round(min(score, 0.99), 4),
        analyser=NAME,
        version=VERSION,
    )


def _kind(reading: Reading, text: str, kinds: Mapping[str, float], holder: str) -> str | None:
    """The likeliest label, or the likeliest signal where the account speaks of itself and "none" wins narrowly."""
    best = max(kinds, key=lambda label: kinds[label])
    least = _LEAST
    if best not in KINDS and holder == "account" and reading.own and reading.document.page_type != "filing":
        speaks = _speaks_of_itself(reading, text)
        best = max(KINDS, key=lambda label: kinds.get(label, 0.0)) if speaks else best
        least = _OWN_VOICE_LEAST
    if best not in KINDS or kinds[best] < least:
        return None
    return None if best == "pain" and reading.document.page_type in _WISHFUL_PAGES else best


def _with_stated(
    reading: Reading, kind: str, stated: Iterable[Stated], found: Sequence[Observation]
) -> list[Observation]:
    """`found` with the account's own plain statements: new where the model saw none of this kind, surer where it did;
    they overrule another holder, and a plan that is stated outright is no remedy yet."""
    sure = {s.sentence.start: s for s in stated if not BOILERPLATE.search(s.sentence.text)}
    merged: list[Observation] = []
    for o in found:
        plain = sure.get(o.start)
        if plain is None or o.get("type") not in (kind, *(("remedy",) if kind == "goal" else ())):
            merged.append(o)
        elif o.get("type") == kind and o.get("holder") == "account":
            merged.append(replace(o, score=max(o.score, plain.score)))
            del sure[o.start]
    for start, s in sure.items():
        span = (start, s.sentence.end)
        merged.append(_signal(reading, kind, "account", phrase_of(s.sentence.text, kind), span, s.score))
    return merged


def _listed_risks(reading: Reading) -> Iterator[Observation]:
    """The risks that an own page lists of itself beside its forward-looking statements, one signal an item."""
    if not reading.own or reading.document.page_type == "filing":
        return
    for _, sentence in reading.sentences(main_only=True):
        for opening in _RISK_LIST.finditer(sentence.text):
            at = opening.end()
            for item in _ITEM.finditer(sentence.text, at):
                words = len(item[0].split())
                if 4 <= words <= 20 and _OWN_RISK.search(item[0]) and not _NO_RISK.search(item[0]):
                    span = (sentence.start + item.start(), sentence.start + item.end())
                    yield _signal(reading, "pain", "account", " ".join(item[0].split()[:15]), span, _LISTED)
            break


def _holder(reading: Reading, text: str, holders: Mapping[str, float]) -> str:
    """The model's choice; on a customer's story "we" is the customer, unless the account is named."""
    best = max(holders, key=lambda label: holders[label])
    named = account_pattern(reading.account.names).search(text) is not None
    story = reading.document.page_type in ("case_study", "customers")
    if story and best == "account" and not named:
        return "customer"
    reports = reading.own and (named or reading.document.page_type in _REPORTING_PAGES)
    if reports and best in ("customer", "industry") and not _OF_OTHERS.search(text):
        return "account"
    return best


def _trust(reading: Reading, candidate: _Candidate, kind: str) -> float:
    telling = _telling(candidate)
    if reading.document.page_type != "filing":
        return 0.7 + 0.3 * telling
    path = " ".join(candidate.block.passage.heading_path)
    section = next((trust[kind] for pattern, trust in _SECTIONS if pattern.search(path)), 0.6)
    early = 1.0 - 0.3 * candidate.sentence.start / max(1, len(reading.document.text))
    return section * early * (0.4 + 0.6 * telling if kind == "pain" else 1.0)


def _telling(candidate: _Candidate) -> float:
    """How much a sentence of a filing tells, 0..1: what happened rather than what might, figures and names, enough
    words, the head of its paragraph.

    Chosen on ten annotated filings: recall of their pains at 3n rose from .35 to .43 with it.
    """
    text = candidate.sentence.text
    points = (
        not _is_hypothetical(text),
        bool(_PARTICULAR.search(text)),
        min(1.0, text.count(" ") / 25),
        candidate.sentence in candidate.block.sentences[:2],
    )
    return sum(points) / len(points)


def _by_recurrence(found: Sequence[Observation], text: str) -> list[Observation]:
    """The observations; of a document with many pains of the account, those lowered that it does not come back to.

    Chosen on ten annotated filings, which at 3n then found .55 of their pains and .48 before; with share and number of
    companions chosen on nine filings each time, and tried on the tenth, .51.
    """
    own = [at for at, o in enumerate(found) if o.get("type") == "pain" and o.get("holder") == "account"]
    if len(own) < _MANY:
        return list(found)
    best = sorted(sorted(own, key=lambda at: -found[at].score)[:_MOST])
    near = recurrence([text[found[at].start : found[at].end] for at in best])
    places = {**dict.fromkeys(own, 0.0), **dict(zip(best, near, strict=True))}
    return [
        replace(o, score=round(o.score * (1 - _RECURRENCE * (1 - places.get(at, 1.0))), 4))
        for at, o in enumerate(found)
    ]


def _is_hypothetical(text: str) -> bool:
    """Whether a sentence only says what could happen."""
    return bool(_MAY.search(text)) and not _HAPPENED.search(text)


def _without_echoes(found: Sequence[Observation], text: str) -> Iterator[Observation]:
    """The observations, best first, each with its score lowered by the share of words that a better one has too."""
    said: dict[tuple[object, object], list[frozenset[str]]] = {}
    for observation in sorted(found, key=lambda o: (-o.score, o.start)):
        words = frozenset(w for w in fold(text[observation.start : observation.end]).split() if len(w) > 3)
        better = said.setdefault((observation.get("type"), observation.get("holder")), [])
        shared = max((len(words & other) / max(1, len(words | other)) for other in better), default=0.0)
        yield replace(observation, score=round(observation.score * (1 - _ECHO * shared), 4))
        if len(better) < _COMPARED:
            better.append(words)
