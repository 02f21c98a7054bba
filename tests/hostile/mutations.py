"""Hostile inputs by the thousand, the same ones for the same seed: pages and files of a made-up company, broken."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from fpdf import FPDF

from tests.hostile import pathologies
from tests.hostile.injected import home_page, page_of, read_rows

_HTML, _PDF, _WORD = "text/html", "application/pdf", pathologies.MEDIA["word"]
_HOST: Final = "https://www.norvane.example/"
PIECES: Final = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b$B", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"<script>", b"</script>", b"<style>", b"<plaintext>", b"<svg/onload=alert(1)>", b"<table><tr><td>", b"</p>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#x110000;", b"&#0;", b"<meta charset=utf-7>", b"<base href='//x'>",
    b"<a href=javascript:alert(1)>x</a>", b"{{7*7}}", b"${x}", b"%s%n", b"../../etc/passwd", b"=cmd|' /C calc'!A0",
    "\u202e\u2066\u200b".encode(), "𝕳𝖊𝖑𝖑𝖔".encode(), "ﷺ".encode() * 20, "e\u0301".encode() * 30, b"9" * 400, b"1e309",
    b"$999,999,999,999,999,999 trillion", b"99/99/9999", b"\r\n\r\n", b"\x0c", b"\xc2\x85", b"'" * 50, b'"' * 51,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One hostile input: where it is from (for the report), and what a fetch of it would have given."""

    name: str
    url: str
    media_type: str
    body: bytes


def inputs(count: int, seed: int, shared: Path | None = None) -> Iterator[Input]:
    """`count` inputs: each pathology, each malformed file and each injection row once, and mutations for the rest."""
    made = 0
    for one in (*_pathological(), *(_of_shared(shared) if shared else ())):
        if made == count:
            return
        made += 1
        yield one
    chance = random.Random(seed)
    naughty = [text.encode("utf-8", "surrogatepass") for text in _naughty(shared)]
    for number in range(made, count):
        yield _mutant(number, chance, naughty)


def _pathological() -> Iterator[Input]:
    ends = {"html": "", "word": ".docx", "mail": ".eml", "text": ".md"}
    tables = {"html": pathologies.HTML, "word": pathologies.WORD, "mail": pathologies.MAIL, "text": pathologies.TEXT}
    for kind, table in tables.items():
        for name, make in table.items():
            yield Input(f"{kind} {name}", f"{_HOST}{kind}-{name}{ends[kind]}", pathologies.MEDIA[kind], make())


def _of_shared(shared: Path) -> Iterator[Input]:
    hostile = shared / "hostile"
    for path in sorted((hostile / "pdf-malformed").rglob("*")):
        if path.suffix in (".pdf", ".fuzz"):
            yield Input(f"malformed {path.name}", f"{_HOST}{path.stem}.pdf", _PDF, path.read_bytes())
    for path in sorted((hostile / "encoding").rglob("*")):
        if path.suffix in (".dat", ".txt"):
            yield Input(f"encoding {path.name}", f"{_HOST}{path.stem}.html", _HTML, path.read_bytes())
    for row in read_rows(hostile / "injection.jsonl"):
        url, body, kind = page_of(row)
        yield Input(f"injection {row['id']}", url, kind, body)


def _naughty(shared: Path | None) -> list[str]:
    if shared is None:
        return [piece.decode("utf-8", "replace") for piece in PIECES]
    listed: list[str] = json.loads((shared / "hostile" / "blns" / "blns.json").read_text("utf-8"))
    return listed


def _mutant(number: int, chance: random.Random, naughty: Sequence[bytes]) -> Input:
    kind = chance.choices(("html", "pdf", "word", "mail", "text", "markdown"), (70, 10, 5, 5, 5, 5))[0]
    name, media_type, body = _SEEDS[kind]()
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        body = chance.choice(_WAYS)(body, chance, naughty)
    return Input(f"mutant {number} {kind}", f"{_HOST}m/{number}{name}", media_type, body[:2_000_000])


def _flip(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(body)
    for _place in range(chance.choice((1, 4, 30))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    first, last = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    return chance.choice((body[:first], body[first:last], body[:first] + body[last:]))


def _repeat(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    first = chance.randrange(len(body) + 1)
    last = min(len(body), first + chance.choice((1, 8, 60, 400)))
    return body[:last] + body[first:last] * chance.choice((2, 20, 300)) + body[last:]


def _insert(body: bytes, chance: random.Random, naughty: Sequence[bytes]) -> bytes:
    piece = chance.choice((*PIECES, *naughty)) * chance.choice((1, 1, 1, 10, 200))
    place = chance.randrange(len(body) + 1)
    return body[:place] + piece + body[place:]


def _shuffle(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    parts = body.split(b"<")
    chance.shuffle(parts)
    return b"<".join(parts)


def _recode(body: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    codec = chance.choice(("utf-16", "utf-32", "utf-7", "cp037", "shift_jis", "utf-8-sig", "iso2022_jp"))
    return body.decode("latin-1").encode(codec, "replace")


def _fill(body: bytes, chance: random.Random, naughty: Sequence[bytes]) -> bytes:
    """Words of the page replaced by naughty ones: they end up in titles, names, roles and figures."""
    words = body.split(b" ")
    for _ in range(chance.choice((1, 5, 20))):
        words[chance.randrange(len(words))] = chance.choice(naughty)
    return b" ".join(words)


_WAYS: Final[tuple[Callable[[bytes, random.Random, Sequence[bytes]], bytes], ...]] = (
    _flip, _cut, _repeat, _insert, _insert, _shuffle, _recode, _fill, _fill,
)  # fmt: skip


@cache
def _pdf() -> bytes:
    made = FPDF()
    made.set_creation_date(datetime(2026, 1, 5, tzinfo=UTC))  # the same bytes every time
    made.add_page()
    made.set_font("helvetica", size=11)
    made.multi_cell(0, 6, "Norvane Pumps employs 640 people. Our goal is to grow in Norway. " * 12)
    return bytes(made.output())


@cache
def _word() -> bytes:
    return pathologies.docx(
        pathologies.paragraph("Norvane Pumps was founded in 1987. We struggle to hire technicians.")
    )


_MAIL: Final = b"From: Kari <k@norvane.example>\nSubject: Norvane Pumps\nDate: Mon, 5 Jan 2026 09:00:00 +0000\n\nThey plan to hire.\n"
_TEXT: Final = (
    b"Norvane Pumps\n\nOur goal is to open a plant in Oslo.\n\n- CEO: Ingrid Solheim\n- Revenue: $112 million\n"
)
_SEEDS: Final[dict[str, Callable[[], tuple[str, str, bytes]]]] = {
    "html": lambda: (".html", _HTML, home_page()),
    "pdf": lambda: (".pdf", _PDF, _pdf()),
    "word": lambda: (".docx", _WORD, _word()),
    "mail": lambda: (".eml", "message/rfc822", _MAIL),
    "text": lambda: (".txt", "text/plain", _TEXT),
    "markdown": lambda: (".md", "text/markdown", b"# " + _TEXT),
}
