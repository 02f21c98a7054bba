"""Bytes into characters: byte order mark, then the transport's word, the page's own, a guess; never an error."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

# The labels that the WHATWG Encoding Standard reads as something wider than they say.
_WIDER: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "big5": "big5hkscs", "hz": "gb18030", "johab": "cp949",
}  # fmt: skip
_ALIASES: Final = {
    "x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-cp1252": "cp1252", "x-user-defined": "cp1252",
    "unicode": "utf-16-le", "ucs-2": "utf-16-le", "windows-874": "cp874", "dos-874": "cp874", "utf8": "utf-8",
    "x-x-big5": "big5hkscs", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
}  # fmt: skip
# Encodings of text that pages use; what else Python calls a codec (hex, idna, utf-7, punycode) is none.
_KNOWN: Final = re.compile(
    r"utf-8|utf-16(-le|-be)?|utf-32(-le|-be)?|cp(866|874|932|949|125\d)|iso8859-\d+|iso2022_(jp|kr)\w*|koi8-[rut]"
    r"|gb18030|big5(hkscs)?|euc_(jp|kr)|mac[-_](roman|cyrillic)|hkscs"
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD: Final = 16_384  # bytes in which a page may declare itself: browsers look at 1,024 first, and go on as they parse
_TAG: Final = re.compile(rb"<(meta)[\s/]|</?[a-z][^\s/>]*|<[!/?][^>]*>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    rb"[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)))?", re.IGNORECASE
)
_CLOSE: Final = re.compile(rb"[\s/]*>")
_CONTENT: Final = re.compile(rb"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_DAMAGE: Final = 0.01  # share of unreadable characters up to which a declared encoding is believed
_SAMPLE: Final = 65_536


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of `body`; characters that cannot be read become U+FFFD, NUL characters are dropped."""
    encoding, start = choose(body, declared)
    return body[start:].decode(encoding, "replace").replace("\x00", "")


def choose(body: bytes, declared: str | None = None) -> tuple[str, int]:
    """The encoding of `body` as a Python codec, and the length of its byte order mark."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding, len(mark)
    named = [codec for label in (declared, _meta(body)) if label and (codec := known(label))]
    for codec in named:
        if _damage(body, codec) <= _DAMAGE:
            return codec, 0
    if _damage(body, "utf-8") == 0:
        return "utf-8", 0
    return _guess(body) or (named[0] if named else "cp1252"), 0


def known(label: str) -> str | None:
    """The codec for a label as pages write it, or None where it is no encoding of text."""
    name = label.strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    codec = _WIDER.get(codec, codec)
    return codec if _KNOWN.fullmatch(codec) else None


def _meta(body: bytes) -> str | None:
    """The label that the page gives itself in its first bytes, if it is one of an encoding."""
    head = body[:_HEAD]
    match = _XML.search(head)
    labels = [match[1]] if match else _labels(_COMMENT.sub(b"", head))
    for raw in labels:
        label = raw.strip().decode("ascii", "replace").lower()
        if label.startswith(("utf-16", "utf16", "unicode")):
            return "utf-8"  # it was read as ASCII, so it is not
        if known(label):
            return label
    return None


def _labels(head: bytes) -> Iterator[bytes]:
    """What <meta charset> and <meta http-equiv=content-type> say, as browsers look for it: tag by tag."""
    at = 0
    while match := _TAG.search(head, at):
        at = match.end()
        if match[0].endswith(b">"):  # a declaration or an instruction
            continue
        values, at = _attributes(head, at)
        if not match[1]:
            continue
        if label := values.get(b"charset"):
            yield label
        elif values.get(b"http-equiv", b"").lower() == b"content-type":
            content = _CONTENT.search(values.get(b"content", b""))
            if content:
                yield content[1] or content[2] or content[3]


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag from `at` on, and where the tag ends; one that never ends has none."""
    values: dict[bytes, bytes] = {}
    while match := _ATTRIBUTE.match(head, at):
        values.setdefault(match[1].lower(), match[2] or match[3] or match[4] or b"")
        at = match.end()
    end = _CLOSE.match(head, at)
    return (values, end.end()) if end else ({}, at)


def _damage(body: bytes, codec: str) -> float:
    try:
        body.decode(codec)
    except UnicodeDecodeError:
        text = body[:_SAMPLE].decode(codec, "replace")
        return max(text.count("\ufffd") / max(len(text), 1), 1e-9)
    except ValueError:  # a codec that refuses the bytes as a whole
        return 1.0
    return 0.0


def _guess(body: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_SAMPLE]).best()
    return known(best.encoding) if best else None
