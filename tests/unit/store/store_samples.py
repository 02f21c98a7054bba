"""Small valid values for the tests of the store."""

from __future__ import annotations

from research.model.account import Account, Source
from research.model.capture import Capture, Fetched
from research.model.document import Document, Passage
from research.model.finding import Evidence, Finding, attributes
from research.store.accounts import save_account, save_source
from research.store.captures import keep
from research.store.connect import Store
from research.store.documents import record_extraction
from research.text.hashing import sha256_text, short_id

DAY_1, DAY_2, DAY_3, DAY_4 = (f"2026-03-0{day}T08:00:00+00:00" for day in (1, 2, 3, 4))
EXTRACTOR = "fingerprint of the extractor"


def add_account(store: Store, slug: str = "acme", name: str = "Acme Works Ltd") -> Account:
    """An account with one site as its source, `<slug>-site`."""
    account = Account(id=slug, name=name, domains=(f"{slug}.example",))
    save_account(store, account)
    save_source(store, Source(id=f"{slug}-site", account_id=slug, kind="site", url=f"https://{slug}.example/"))
    return account


def answer(url: str, body: str, at: str = DAY_1, *, status: int = 200, etag: str | None = None) -> Fetched:
    """What a server gives for `url`."""
    return Fetched(
        url=url,
        final_url=url,
        fetched_at=at,
        status=status,
        media_type="text/html",
        body=body.encode("utf-8", "surrogatepass"),
        etag=etag,
    )


def document(capture: Capture, lines: list[str], account_id: str = "acme", version: str = "1") -> Document:
    """A document of `lines`, each one a passage."""
    text = "\n".join(lines)
    passages, start = [], 0
    for ordinal, line in enumerate(lines):
        passages.append(
            Passage(
                ordinal=ordinal,
                start=start,
                end=start + len(line),
                role="heading" if ordinal == 0 else "paragraph",
                heading_path=() if ordinal == 0 else (lines[0],),
                main=ordinal < 5,
            )
        )
        start += len(line) + 1
    return Document(
        id=short_id(account_id, capture.final_url, sha256_text(text)),
        account_id=account_id,
        capture_id=capture.id,
        url=capture.final_url,
        title=lines[0],
        published="2026-02-28",
        language="en",
        page_type="about",
        media_type="text/html",
        text=text,
        text_sha256=sha256_text(text),
        extractor="sample",
        extractor_version=version,
        passages=tuple(passages),
        metadata=(("site_name", "Acme"), ("author", "Ä. Müller")),
    )


def read_page(store: Store, url: str, lines: list[str], at: str = DAY_1, account_id: str = "acme") -> Document:
    """Fetch and extract one page of an account."""
    capture = keep(store, f"{account_id}-site", answer(url, "<p>".join(lines), at))
    made = document(capture, lines, account_id)
    record_extraction(store, capture, account_id, EXTRACTOR, made)
    return made


def finding(made: Document, quote: str, *, field: str = "founded", value: str = "1998", at: str = DAY_1) -> Finding:
    """A fact that `quote`, a part of the document's text, shows."""
    identity = short_id(made.account_id, "fact", field, value)
    return Finding(
        id=identity,
        account_id=made.account_id,
        kind="fact",
        attributes=attributes(field=field, value=value),
        confidence=0.8,
        status="new",
        first_seen=at,
        last_seen=at,
        evidence=(evidence(identity, made, quote),),
    )


def evidence(finding_id: str, made: Document, quote: str) -> Evidence:
    """The place of `quote` in a document."""
    start = made.text.index(quote)
    return Evidence(
        finding_id=finding_id,
        document_id=made.id,
        start=start,
        end=start + len(quote),
        quote_sha256=sha256_text(quote),
        score=0.9,
    )
