"""A deterministic editor of captured traffic: dated copies of a WARC with pages edited, added, moved."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Edit = Callable[[str], str]
"""From a page's HTML to what it becomes; raises LookupError where it does not find what it edits."""


@dataclass(frozen=True)
class Traffic:
    """Answers by address, in the order of the archive; an address in `moved` redirects to another one."""

    pages: Mapping[str, bytes]
    moved: Mapping[str, str] = field(default_factory=dict)

    def edited(self, edits: Mapping[str, Iterable[Edit]]) -> Traffic:
        """The same traffic with some pages edited; an address that is not there is a LookupError."""
        pages = dict(self.pages)
        for url, changes in edits.items():
            html = pages[url].decode("utf-8")
            for change in changes:
                html = change(html)
            pages[url] = html.encode("utf-8")
        return Traffic(pages, self.moved)

    def with_page(self, url: str, html: str) -> Traffic:
        """The same traffic with one page more."""
        return Traffic({**self.pages, url: html.encode("utf-8")}, self.moved)

    def with_move(self, old: str, new: str) -> Traffic:
        """The same traffic with a page at a new address, to which the old one redirects."""
        pages = {new if url == old else url: body for url, body in self.pages.items()}
        return Traffic(pages, {**self.moved, old: new})


def read_traffic(path: Path, keep: Callable[[str], bool] = lambda _: True) -> Traffic:
    """The answers of an archive whose address `keep` wants."""
    pages: dict[str, bytes] = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type == "response" and keep(url):
                pages[url] = record.content_stream().read()
    return Traffic(pages)


def write_traffic(traffic: Traffic, path: Path, at: str) -> None:
    """The traffic as an archive whose answers all bear one ISO instant."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in traffic.pages.items():
            _write(writer, url, "200 OK", [("Content-Type", "text/html; charset=utf-8")], body, at)
        for old, new in traffic.moved.items():
            _write(writer, old, "301 Moved Permanently", [("Location", new), ("Content-Type", "text/html")], b"", at)


def _write(writer: WARCWriter, url: str, status: str, head: list[tuple[str, str]], body: bytes, at: str) -> None:
    headers = StatusAndHeaders(status, [*head, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), http_headers=headers, warc_headers_dict={"WARC-Date": at}
    )
    writer.write_record(record)


def replace_words(old: str, new: str) -> Edit:
    """Every place of some words, which must be there."""

    def edit(html: str) -> str:
        if old not in html:
            raise LookupError(f"the page does not hold {old!r}")
        return html.replace(old, new)

    return edit


def rename_person(role: str, new: str) -> Edit:
    """Who stands above a role in a card of `h3` and `p`: the whole page names somebody else in that person's place."""

    def edit(html: str) -> str:
        name = _holder(html, role)
        parts, fresh = name.split(), new.split()
        forms = {name: new, f"{parts[0]} {parts[-1]}": new, parts[0]: fresh[0]}
        for old, instead in forms.items():
            html = re.sub(rf"\b{re.escape(old)}\b", instead, html)
        return html

    return edit


def _holder(html: str, role: str) -> str:
    found = re.search(rf"<h3>\s*([^<]+?)\s*</h3>\s*<p>[^<]*{re.escape(role)}[^<]*</p>", html)
    if found is None:
        raise LookupError(f"the page shows nobody as {role!r}")
    return found[1]


def drop_block(start: str, words: str) -> Edit:
    """The one block that holds some words; blocks begin where the pattern `start` stands."""

    def edit(html: str) -> str:
        places = [match.start() for match in re.finditer(start, html)]
        for begin, end in zip(places, [*places[1:], None], strict=True):
            if words in html[begin:end] and end is not None:
                return html[:begin] + html[end:]
        raise LookupError(f"no block of the page holds {words!r}")

    return edit


def copy_block(start: str, words: str, changes: Iterable[tuple[str, str]]) -> Edit:
    """The block that holds some words stands twice, the second time with patterns replaced in it."""

    def edit(html: str) -> str:
        places = [match.start() for match in re.finditer(start, html)]
        for begin, end in zip(places, [*places[1:], None], strict=True):
            if words in html[begin:end] and end is not None:
                copy = html[begin:end]
                for old, new in changes:
                    copy, count = re.subn(old, new, copy)
                    if not count:
                        raise LookupError(f"the block does not hold {old!r}")
                return html[:end] + copy + html[end:]
        raise LookupError(f"no block of the page holds {words!r}")

    return edit


def add_paragraph(after: str, words: str) -> Edit:
    """A paragraph behind the first place where the pattern `after` ends."""

    def edit(html: str) -> str:
        found = re.search(after, html)
        if found is None:
            raise LookupError(f"the page does not hold {after!r}")
        return f"{html[: found.end()]}<p>{words}</p>{html[found.end() :]}"

    return edit
