"""Sentences that address a language model or an agent: page text is data, and what gives orders is marked as such.

The patterns are in corpora/patterns/suspicious.toml; what they say of ordinary text is in docs/security/parsing.md.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote

from research.text.patterns import load_patterns

VERSION: Final = "1"
_SUBJECT: Final = "suspicious"
_GATE: Final = "gate_"
_LONGEST: Final = 20_000  # characters that are looked at in one go; longer texts are looked at piece by piece
_OVERLAP: Final = 300
_WORD: Final = re.compile(r"[a-z]{5,14}")
_SPACED: Final = re.compile(r"(?:(?<!\w)\w[ \t._*-]{1,2}){6,}\w(?!\w)")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX: Final = re.compile(r"\b(?:[0-9a-fA-F]{2}[ :]?){12,}\b")
_LEET: Final = str.maketrans("0134578@$", "oleastbas")
_DIGIT: Final = re.compile(r"[0-9@$]")
_LEETED: Final = re.compile(r"\b(?=\w*[a-z])(?=\w*[0-9@$])[a-z0-9@$]{4,14}\b")
# Letters of other scripts that look like Latin ones (Unicode TR 39, "confusables", the frequent ones).
_ALIKE: Final = str.maketrans(
    "абвгдезийкмнорстухіјѕԁԛԝһӏєαβεικνορτυχγηωμҽɑɡıⅼցօսհքյոｅ",
    "abbrae3nnkmhopctyxijsdqwhleabeiknoptuxynwmeagilgouhqjne",
)
_MIXED: Final = re.compile(r"\b(?=\w*[a-z])(?=\w*[^\x00-\u024f\W])\w+\b")
_SEPARATED: Final = re.compile(r"[-_+/.,=&?%:;~]+")


@lru_cache(maxsize=16_384)  # a site's navigation stands on each of its pages
def suspicion(text: str) -> str | None:
    """The name of the pattern that a text meets (`override`, `addressed`, …); None of ordinary text."""
    for start in range(0, max(len(text), 1), _LONGEST - _OVERLAP):
        piece = text[start : start + _LONGEST]
        if (name := _of_piece(piece)) is not None:
            return name
    return None


@lru_cache(maxsize=16_384)  # each format of a brief asks after the same addresses
def suspicious_address(url: str) -> bool:
    """Whether the words of an address or file name address a model."""
    plain = unquote(url).removeprefix("file:")
    spaced = _SEPARATED.sub(" ", plain)
    return any(suspicion(form) is not None for form in {plain, spaced, plain.rpartition("/")[2]})


def _of_piece(piece: str) -> str | None:
    lower = unicodedata.normalize("NFKC", piece).lower()
    if not lower.isascii() and load_patterns(_SUBJECT)["foreign"].search(lower):  # its gate is of ASCII letters
        return "foreign"
    return next((name for form in _forms(piece, lower) if (name := _met(form)) is not None), None)


def _met(form: str) -> str | None:
    patterns = load_patterns(_SUBJECT)
    return next((name for name, gate in _gates() if gate(form) and patterns[name].search(form)), None)


@cache
def _gates() -> tuple[tuple[str, Callable[[str], bool]], ...]:
    """Each reason with its gate, in the order of the file."""
    patterns = load_patterns(_SUBJECT)
    return tuple(
        (name.removeprefix(_GATE), _gate(tuple(patterns.source(name).split("|"))))
        for name in patterns
        if name.startswith(_GATE)
    )


def _gate(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: any(word in text for word in words)


def _forms(piece: str, lower: str) -> Iterator[str]:
    """The text as it stands, and as what it may be meant to be read."""
    yield lower
    mended = _mended(lower)
    if mended != lower:
        yield mended
    for match in _SPACED.finditer(lower):
        joined = re.sub(r"[ \t._*-]{2}", "\x00", match[0])
        yield re.sub(r"[ \t._*-]", "", joined).replace("\x00", " ") + lower[match.end() :]
    yield from _hidden_in(piece)


def _mended(lower: str) -> str:
    """Look-alike letters, digits for letters and wrong spellings put right."""
    text = lower if lower.isascii() else _MIXED.sub(lambda match: match[0].translate(_ALIKE), lower)
    if _DIGIT.search(text):
        text = _LEETED.sub(lambda match: _unleeted(match[0]), text)
    return _WORD.sub(lambda match: _spelt(match[0]), text)


@lru_cache(maxsize=65_536)
def _unleeted(word: str) -> str:
    plain = word.translate(_LEET)
    return plain if _shape(plain) in _near() else word


@lru_cache(maxsize=65_536)
def _spelt(word: str) -> str:
    return _near().get(_shape(word), word)


def _shape(word: str) -> str:
    """Equal for words whose inner letters changed places: such a word is still read as what it was."""
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]


@cache
def _near() -> dict[str, str]:
    """By the shape of a word, or of a word that lacks or doubles one of its letters, the word."""
    near: dict[str, str] = {}
    words = load_patterns(_SUBJECT).source("words").split("|")
    for word in words:
        inner = range(1, len(word) - 1)
        for form in (
            *(word[:at] + word[at + 1 :] for at in inner),
            *(word[:at] + word[at] + word[at:] for at in inner),
        ):
            if len(form) >= 5:
                near.setdefault(_shape(form), word)
    return near | {_shape(word): word for word in words}


def _hidden_in(piece: str) -> Iterator[str]:
    """What letters that encode other letters say, where they say anything."""
    for match in _BASE64.finditer(piece):
        yield from _words(_from_base64(match[0]))
    for match in _HEX.finditer(piece):
        digits = re.sub(r"[ :]", "", match[0])
        yield from _words(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _from_base64(text: str) -> bytes:
    packed = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4))
    except binascii.Error:
        return b""


def _words(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace").lower()
    if text.isprintable() and " " in text and "\ufffd" not in text:
        yield text
