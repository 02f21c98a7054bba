"""What stands behind a finding: its quotes, their dates, and the texts that may vouch for a sentence on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from research.draft.support import scale_note
from research.model.account import Account
from research.model.document import Document
from research.model.finding import Evidence, Finding

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ISO_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
ANALYST = "analyst"  # the attribute that says whose words they are
ANALYST_TEXT = "analyst_text"  # the attribute under which an analyst's own words lock a finding's sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The account's documents by id, when each was fetched (ISO), and the day as of which is written (ISO)."""

    account: Account
    documents: Mapping[str, Document]
    fetched_at: Mapping[str, str]
    as_of: str

    def quote(self, evidence: Evidence) -> str:
        """The words of one evidence; raises KeyError where its document is not among the sources."""
        return self.documents[evidence.document_id].text[evidence.start : evidence.end]

    def quotes(self, finding: Finding) -> tuple[str, ...]:
        """The words of every evidence of a finding, best first, and an analyst's own words behind them."""
        return vouching([self.quote(evidence) for evidence in finding.evidence], finding.text(ANALYST_TEXT))

    def date(self, finding: Finding) -> tuple[str, bool]:
        """The day of the best evidence, and whether it is the day of publication (else that on which it was fetched: an
        archived page was seen when it was archived, whenever it is read)."""
        best = finding.evidence[0].document_id
        published = self.documents[best].published
        return (published[:10], True) if published else (self.fetched_at.get(best, finding.last_seen)[:10], False)

    def context(self, findings: Iterable[Finding]) -> tuple[str, ...]:
        """The texts beside the quotes that may vouch for a sentence on `findings`."""
        texts = [*account_context(self.account.names, self.account.domains, self.account.identifiers), self.as_of[:10]]
        for finding in findings:
            texts += [finding.first_seen[:10], finding.last_seen[:10]]
            for evidence in finding.evidence:
                document = self.documents[evidence.document_id]
                texts += document_context(document.title, document.published, document.url)
                texts.append(self.fetched_at.get(document.id, "")[:10])
                texts.append(scale_note(document.text, evidence.start))
        return tuple(dict.fromkeys(text for text in texts if text))


def print_date(iso: str) -> str:
    """An ISO date as people read it, as exact as it is: `12 Mar 2024`, `Mar 2024`, `2024`; other text stays."""
    match = _ISO_DATE.fullmatch(iso)
    if match is None or (match["month"] and not 1 <= int(match["month"]) <= 12):
        return iso
    month = _MONTHS[int(match["month"]) - 1] if match["month"] else ""
    return " ".join(part for part in (str(int(match["day"])) if match["day"] else "", month, match["year"]) if part)


def vouching(quotes: Sequence[str], analyst_text: str) -> tuple[str, ...]:
    """Quotes, and behind them the words of an analyst, who vouches for them in person."""
    return (*quotes, analyst_text) if analyst_text else tuple(quotes)


def account_context(
    names: Iterable[str], domains: Iterable[str], identifiers: Iterable[tuple[str, str]]
) -> tuple[str, ...]:
    """What is known of the account without any document."""
    return (*names, *domains, *(value for _, value in identifiers))


def document_context(title: str, published: str | None, url: str) -> tuple[str, ...]:
    """What a document says of itself beside its text."""
    return tuple(text for text in (title, (published or "")[:10], url) if text)
