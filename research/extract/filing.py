"""SEC filings (10-K, 10-Q) into documents whose passages know their item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from research.extract.build import RawBlock, assemble
from research.extract.filing_items import SIGNATURES, Item, find_items, in_order, place, without_furniture
from research.extract.filing_walk import Line, read_lines
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.dates import dates

NAME: Final = "filing"
VERSION: Final = "1"

_HEAD_BYTES: Final = 400_000  # a cover page with all its markup; the inline XBRL header before it is cut off first
_HEAD_CHARACTERS: Final = 9_000
_HEADER: Final = re.compile(rb"<ix:header\b.*?</ix:header>", re.DOTALL | re.IGNORECASE)
_FORM: Final = re.compile(
    r"\bform\s*(10-?k(?:t|405|sb)?(?:/a)?|10-?q(?:/a)?|8-?k(?:/a)?|20-?f|40-?f|6-?k)\b", re.IGNORECASE
)
_REGISTRANT: Final = re.compile(
    r"\(?\s*exact\s+name\s+of\s+(?:the\s+)?(?:registrant|company|issuer)s?\s+as\s+(?:specified|it\s+appears)",
    re.IGNORECASE,
)
_FILE_NUMBER: Final = re.compile(r"\bcommission\s+file\s+(?:number|no)\b", re.IGNORECASE)
_DAY_OF: Final = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+day\s+of\s+([A-Z][a-z]+),?\s+(\d{4})")
_PERIOD: Final = re.compile(
    r"for\s+the\s+(?:fiscal\s+year|year|quarterly\s+period|quarter|period)\s+ended:?\s*(.{0,60})",
    re.IGNORECASE | re.DOTALL,
)
_CIK: Final = re.compile(rb"dei:EntityCentralIndexKey[^>]*>\s*(\d{6,10})\s*<", re.IGNORECASE)
_TICKER: Final = re.compile(r"^[A-Z]{1,5}(?:[.-][A-Z]{1,2})?$")


def is_filing(body: bytes) -> bool:
    """Whether an HTML body is a filing with the SEC: its cover page names form, Commission and registrant."""
    head = _visible_head(body)
    marks = _FORM.search(head) and re.search(r"securities\s+and\s+exchange\s+commission", head, re.IGNORECASE)
    return bool(marks and (_REGISTRANT.search(head) or _FILE_NUMBER.search(head)))


def is_periodic(body: bytes) -> bool:
    """Whether a filing is an annual or quarterly report, whose items are worth telling apart."""
    form = _FORM.search(_visible_head(body))
    return is_filing(body) and form is not None and _form(form[1]).startswith(("10-K", "10-Q"))


def extract_filing(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of one filing: passages under part, item and headings; `trust` is low where items are not in order.

    Metadata: `form`, and where the cover page states them `fiscal_year_end` (ISO), `registrant`, `ticker`, `cik`.
    """
    try:
        lines = without_furniture(read_lines(body))
    except ValueError as error:
        return Skipped(url=capture.final_url, reason=f"the filing cannot be read: {error}")
    if not lines:
        return Skipped(url=capture.final_url, reason="the filing has no text")
    metadata = dict(_metadata(lines, body))
    form = metadata.get("form", "")
    items = find_items(lines, form)
    blocks = list(place(lines, items, form))
    return assemble(
        blocks,
        capture=capture,
        account_id=account_id,
        title=_title(metadata, lines),
        published=_signed(blocks),
        language="en",
        page_type="filing",
        extractor=NAME,
        version=VERSION,
        metadata=tuple(metadata.items()),
        trust="normal" if _is_sure(lines, items, form) else "low",
    )


def _is_sure(lines: Sequence[Line], items: Sequence[Item], form: str) -> bool:
    if form.startswith("10-K"):
        return in_order(lines, items)
    return len(items) >= 4 or not form.startswith("10-Q")  # a current report has no items to be wrong about


def _visible_head(body: bytes) -> str:
    start = max(0, body.lower().rfind(b"</ix:header>", 0, len(body)))
    head = body[start : start + _HEAD_BYTES].decode("utf-8", "replace")
    plain = re.sub(r"&#160;|&nbsp;|&#xa0;|\s", " ", re.sub(r"<[^>]*>", " ", head), flags=re.IGNORECASE)
    return re.sub(r" {2,}", " ", plain)[:_HEAD_CHARACTERS]


def _metadata(lines: Sequence[Line], body: bytes) -> list[tuple[str, str]]:
    cover = lines[:90]
    text = "\n".join(line.text for line in cover)
    form, period = _FORM.search(text), _PERIOD.search(text)
    ended = dates(" ".join(period[1].split())) if period and form and form[1][:2] == "10" else []
    cik = _CIK.search(body)
    found = {
        "form": _form(form[1]) if form else None,
        "fiscal_year_end": next((stated.iso for stated in ended if len(stated.iso) == 10), None),
        "registrant": registrant(cover),
        "ticker": _ticker(cover),
        "cik": cik[1].decode().zfill(10) if cik else None,
    }
    return [(key, value) for key, value in found.items() if value]


def _form(printed: str) -> str:
    return re.sub(r"^(\d+)-?([A-Z])", r"\1-\2", printed.upper())


def registrant(cover: Sequence[Line]) -> str | None:
    """The name that stands before "(Exact name of registrant …)", else the one after the file number."""
    fallback: str | None = None
    for index, line in enumerate(cover):
        if match := _REGISTRANT.search(line.text):
            before = line.text[: match.start()].strip(" |(")
            named = (cover[back].text for back in range(index - 1, max(index - 6, -1), -1))
            return before or next((text.strip(" |") for text in named if re.search(r"[A-Za-z]{2}", text)), None)
        if _FILE_NUMBER.search(line.text):
            fallback = next(
                (after.text for after in cover[index + 1 : index + 3] if re.search(r"[A-Za-z]{2}", after.text)), None
            )
    return fallback


def _ticker(cover: Sequence[Line]) -> str | None:
    """The symbol of the common stock in the table of registered securities."""
    rows = [line for line in cover if len(line.cells) >= 2]
    for wanted in (r"common|ordinary|capital\s+stock|class\s+a", r""):
        for row in rows:
            if re.search(wanted, row.cells[0], re.IGNORECASE):
                symbol = next((cell for cell in row.cells[1:] if _TICKER.match(cell)), None)
                if symbol and len(row.cells) >= 3:
                    return symbol
    return None


def _title(metadata: dict[str, str], lines: Sequence[Line]) -> str:
    period = next((match for line in lines[:60] if (match := _PERIOD.search(line.text))), None)
    parts = [f"Form {metadata['form']}"] if "form" in metadata else ["Filing"]
    if period and metadata.get("fiscal_year_end"):
        span = dates(period[1])
        word = "fiscal year ended" if metadata.get("form", "").startswith("10-K") else "period ended"
        parts.append(f"{word} {period[1][span[0].start : span[0].end]}" if span else "")
    name = metadata.get("registrant")
    return ", ".join(filter(None, parts)) + (f" – {name}" if name else "")


def _signed(blocks: Sequence[RawBlock]) -> str | None:
    """The first full date of the signature page."""
    page = [block.text for block in blocks if block.heading_path[:1] == SIGNATURES]
    dated = (_DAY_OF.sub(r"\2 \1, \3", text) for text in page)
    stated = (date.iso for text in dated for date in dates(text) if len(date.iso) == 10)
    return next(stated, None)
