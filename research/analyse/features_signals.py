"""What a signal classifier sees of one sentence: words, cues, whose sentence it is, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from research.analyse.features_text import Cue, Features, Token, count, lexicon, ngrams, tokenize
from research.text.names import company_key
from research.text.pages import page_type

LEXICON = "signal_cues"
ACCOUNT = "@account"  # stands for the account's name, so that nothing is learnt of one company
NAME = "@name"

_WORDS_OF_SUBJECT = 8  # a grammatical subject that stands later is rare, and cannot be told without a parser
_NOT_NAMES = frozenset("the a an in on at of for we our it this these those to and or if as by with from".split())
_ENDS = ".?!:;”"
_NEIGHBOUR = 40  # words of the sentences before and after that are read
_REACH = 6  # tokens between what moves and how
_UP = re.compile(
    r"increas(e|es|ed|ing)|higher|rose|ris(e|es|ing)|grew|grow(s|ing|th)?|rais(e|ed|ing)|greater|more|up|gains?"
)
_DOWN = re.compile(
    r"decreas(e|es|ed|ing)|lower|fell|fall(s|ing)?|declin(e|es|ed|ing)|reduc(e|ed|ing|tions?)|less|fewer|down|drop(ped|s)?"
)
_WANTED = re.compile(
    r"sales|revenues?|incomes?|profit(s|ability)?|margins?|demand|volumes?|earnings|traffic|share|customers?|orders|cash|"
    r"liquidity|productivity|efficienc(y|ies)|attendance|subscribers|members|viewers|deposits|shipments|backlog|prices?|spending"
)
_UNWANTED = re.compile(
    r"costs?|expenses?|loss(es)?|charges?|risks?|competition|debt|delinquenc(y|ies)|inflation|impairments?|turnover|"
    r"claims?|returns|discounts|write-offs|delays|taxes|tariffs|attrition|complaints|defaults|interest|fees|regulations?"
)
_BULLETS = frozenset("•·▪◦*-–—●")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceContext:
    """One sentence with what surrounds it; `accounts` are the names of the company that is researched."""

    sentence: str
    prev: str = ""
    next: str = ""
    title: str = ""
    url: str = ""
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAnswer:
    """What a classifier says of one sentence: the probability of each kind, and of each holder if it is no `none`.

    `holders` is empty where the sentence is surely nothing.
    """

    kinds: Mapping[str, float]
    holders: Mapping[str, float]


ClassifySignals = Callable[[Sequence[SentenceContext]], Sequence[SignalAnswer]]
"""What the analyser of signals asks of trained models: one answer a sentence, in order."""


@lru_cache(maxsize=256)
def _account_keys(names: tuple[str, ...]) -> frozenset[str]:
    """Squashed spellings of the account's names: `hrcloud.com` and `HR Cloud` both give `hrcloud`.

    Tokens spell digits as 0, so that a name with a digit is none of the account's here. Known by its token it did harm
    to the held-out sentences of the one labelled company that has such a name.
    """
    keys = set()
    for name in names:
        bare = re.sub(r"^www\.|\.(com|org|net|io|ai|co|cloud|eu|edu|gov|us|uk|in|ly|dev)\b.*$", "", name.lower())
        words = company_key(re.sub(r"[\\/].*$", "", bare)).split()
        keys.add("".join(words))
        if len(words) > 1 and len(words[0]) > 4:
            keys.add(words[0])
    return frozenset(key for key in keys if len(key) > 2)


@lru_cache(maxsize=256)
def _account_heads(names: tuple[str, ...]) -> frozenset[str]:
    """What a squashed spelling can begin with."""
    return frozenset(key[:end] for key in _account_keys(names) for end in range(len(key) + 1))


def mask_account(tokens: Sequence[Token], names: tuple[str, ...]) -> tuple[Token, ...]:
    """The tokens with every spelling of the account's name as one token `@account`."""
    keys, heads = _account_keys(names), _account_heads(names)
    squashed = [_squashed(token.key) for token in tokens]
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        sizes = range(min(3, len(tokens) - at), 0, -1) if squashed[at] in heads else ()
        step = next((n for n in sizes if "".join(squashed[at : at + n]) in keys), 0)
        last = tokens[at + max(step, 1) - 1]
        out.append(tokens[at]._replace(key=ACCOUNT, end=last.end) if step else tokens[at])
        at += step or 1
    return tuple(out)


@lru_cache(maxsize=50_000)
def _squashed(key: str) -> str:
    return key.removesuffix("'s").replace(".", "").replace("-", "")


@lru_cache(maxsize=4096)
def masked_tokens(text: str, names: tuple[str, ...]) -> tuple[Token, ...]:
    """`mask_account` of a text's tokens, remembered: a sentence is its neighbours' neighbour too."""
    return mask_account(tokenize(text), names)


def _keys(text: str, names: tuple[str, ...]) -> list[str]:
    return [token.key for token in masked_tokens(text, names)]


def _shape(tokens: Sequence[Token]) -> list[str]:
    """Keys where capitalised words inside a sentence read `@name`: what is said of whom, without who it is."""
    shape: list[str] = []
    for index, token in enumerate(tokens):
        named = token.title and index > 0 and token.key[:1].isalpha() and token.key not in _NOT_NAMES
        if not (named and shape and shape[-1] == NAME):
            shape.append(NAME if named else token.key)
    return shape


def kind_of_page(url: str, title: str) -> str:
    """The page type, with 10-K filings told by their address or title."""
    if url.startswith("10-K") or title.lower().startswith("form 10-k") or "10-k" in url.lower():
        return "filing"
    return page_type(url, title)


def subject(keys: Sequence[str], cues: Sequence[Cue]) -> str:
    """Who the sentence is about, as far as its first words tell: a class of `person` cues, the account, a name."""
    for index, key in enumerate(keys[:_WORDS_OF_SUBJECT]):
        if key == ACCOUNT:
            return "account"
        found = next((cue.name for cue in cues if cue.first == index and cue.name.startswith("person.")), None)
        if found and found != "person.named":
            return found.removeprefix("person.")
        if key == NAME:
            return "name"
    return "none"


def signal_features(context: SentenceContext) -> Features:
    """The features of one sentence in its context."""
    tokens = masked_tokens(context.sentence, context.accounts)
    keys = [token.key for token in tokens]
    out: dict[str, float] = {}
    count("w", ngrams(keys, 1, 2), out)
    count("s", ngrams(_shape(tokens), 2, 3), out)
    count("f", _flags(context, tokens), out)
    count("p", _keys(context.prev, context.accounts)[-_NEIGHBOUR:], out)
    count("n", _keys(context.next, context.accounts)[:_NEIGHBOUR], out)
    count("t", _keys(context.title, context.accounts), out)
    count("x", _neighbour_cues(context), out)
    return out


def _flags(context: SentenceContext, tokens: Sequence[Token]) -> Iterator[str]:
    cues = lexicon(LEXICON).find(tokens)
    page = kind_of_page(context.url, context.title)
    filing = "filing" if page == "filing" else "web"
    who = subject(_shape(tokens), cues)
    yield from (f"page {page}", f"source {filing}")
    yield from (f"subject {who}", f"subject {who} {filing}", f"subject {who} {page}")
    yield from _cue_flags(cues, filing, who)
    yield from _directions(tokens)
    yield from _layout(context.sentence, tokens)


def _cue_flags(cues: Sequence[Cue], filing: str, who: str) -> Iterator[str]:
    names = sorted({cue.name for cue in cues})
    for name in names:
        yield from (name, f"{name} {filing}", f"{name} by {who}")
    for table in sorted({name.split(".")[0] for name in names}):
        found = min(sum(cue.name.startswith(table) for cue in cues), 4)
        yield from (f"{table} {found}", f"{table} {found} {filing}")
    yield from (f"{a} + {b}" for i, a in enumerate(names) for b in names[i + 1 :])


def _directions(tokens: Sequence[Token]) -> Iterator[str]:
    """Whether what rose or fell is good or bad for its owner: "costs rose" is bad, "lower costs" is good."""
    found: set[str] = set()
    for at, token in enumerate(tokens):
        way = _way(token.key)
        if not way:
            continue
        behind = [t.key for t in tokens[at + 1 : at + 1 + _REACH]]
        before = [t.key for t in tokens[max(0, at - _REACH) : at]][::-1]
        after = next((good for key in behind if (good := _worth(key))), 0)
        first = after or next((good for key in before if (good := _worth(key))), 0)
        if first:
            found.add(f"{'good' if first * way > 0 else 'bad'} move")
            found.add(f"{'up' if way > 0 else 'down'} {'good' if first > 0 else 'bad'}")
    yield from sorted(found)
    if len(found & {"good move", "bad move"}) == 1:
        yield f"only {next(iter(found & {'good move', 'bad move'}))}"


@lru_cache(maxsize=16_384)
def _way(word: str) -> int:
    """1 for what goes up, -1 for what goes down, 0 for other words."""
    return 1 if _UP.fullmatch(word) else -1 if _DOWN.fullmatch(word) else 0


@lru_cache(maxsize=16_384)
def _worth(word: str) -> int:
    """1 for what one wants more of, -1 for what one wants less of, 0 for other words."""
    return 1 if _WANTED.fullmatch(word) else -1 if _UNWANTED.fullmatch(word) else 0


def _layout(sentence: str, tokens: Sequence[Token]) -> Iterator[str]:
    bare = sentence.strip()
    yield f"length {min(len(tokens) // 6, 9)}"
    yield f"ends {bare[-1] if bare[-1:] in _ENDS and bare else 'open'}"
    if bare[:1] in _BULLETS:
        yield "bullet"
    if any(mark in sentence for mark in '"“”'):
        yield "quote"
    if tokens:
        yield f"first {tokens[0].key}"
    if any(token.key == ACCOUNT for token in tokens):
        yield "account named"
    if sum(token.title for token in tokens) > 0.6 * len(tokens):
        yield "title case"


def _neighbour_cues(context: SentenceContext) -> Iterator[str]:
    for side, text in (("prev", context.prev[-400:]), ("next", context.next[:400])):
        for name in _cue_names(text):
            yield f"{side} {name}"
    if context.prev.rstrip().endswith(":"):
        yield "prev leads in"


@lru_cache(maxsize=4096)
def _cue_names(text: str) -> tuple[str, ...]:
    return tuple(sorted({cue.name for cue in lexicon(LEXICON).find(tokenize(text))}))
