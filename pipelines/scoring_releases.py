"""Press releases against the day and the place that stand in their own markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipelines.bench import SITES, Bench
from pipelines.scoring import Counts, Scored
from research.model.capture import Request, Skipped
from research.net.replay import open_warc
from research.text.datelines import release_place
from research.text.names import fold

_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
# A release of this site has one element that holds its dateline and nothing else.
_DATELINE: Final = re.compile(
    rf">\s*(?P<place>[^<>—]{{3,60}}?)\s*—\s*(?P<day>(?:{_MONTHS})\s+\d{{1,2}},\s+\d{{4}})\s*<"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place as printed and the ISO day of a release."""

    place: str
    day: str


def read_dateline(markup: str) -> Dateline | None:
    """The dateline of a release in its markup, read apart from the project's own extraction; None where there is not
    exactly one."""
    found = list(_DATELINE.finditer(html.unescape(markup)))
    if len(found) != 1:
        return None
    day = datetime.strptime(" ".join(found[0]["day"].split()), "%B %d, %Y").replace(tzinfo=UTC)
    return Dateline(" ".join(found[0]["place"].split()), day.date().isoformat())


def score_releases(bench: Bench) -> Iterator[Scored]:
    """Days and places of the releases of the site that has them: right where the document says what its markup says."""
    documents = {document.url: document for document in bench.sites["rapid7"].documents}
    gold = _gold(bench)
    rows = [(url, line, documents.get(url)) for url, line in gold.items()]
    days = [(url, line.day, document.published if document else None) for url, line, document in rows]
    places = [(url, line.place, release_place(document) if document else None) for url, line, document in rows]
    for name, answers in (("dates", days), ("places", places)):
        units = tuple(Counts(right=float(fold(want) == fold(got or ""))) for _, want, got in answers)
        wrong = [{"url": u, "want": want, "got": got} for u, want, got in answers if fold(want) != fold(got or "")]
        yield Scored(name=f"releases.{name}", n=len(units), kind="mean", units=units, detail=wrong)


def _gold(bench: Bench) -> dict[str, Dateline]:
    archive = open_warc(bench.data / "warc" / SITES["rapid7"][1])
    pages = [archive.fetch(Request(url=url, origin="replay")) for url in archive.pages() if "/press-releases/" in url]
    lines = {
        page.final_url: read_dateline(page.body.decode("utf-8", "replace"))
        for page in pages
        if not isinstance(page, Skipped)
    }
    return {url: line for url, line in lines.items() if line is not None}
