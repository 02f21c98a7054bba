"""The pages that are measured on: real ones of captured sites, and made-up ones in any number."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from research.model.capture import Fetched, Request
from research.net.archive import open_archive

CAPTURED: Final = {
    "rapid7": ("www.rapid7.com", "rapid7_2019.warc.gz"),
    "doublecloud": ("double.cloud", "doublecloud_2025.warc.gz"),
    "flux": ("www.fluxfederation.com", "flux_2020.warc.gz"),
}
_LINK: Final = re.compile(rb"href=(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_PARAGRAPH: Final = re.compile(rb"<p[^>]*>[^<]{40,}</p>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site under a made-up host: bodies by path, the home page under `/`."""

    host: str
    pages: Mapping[str, bytes]

    @property
    def urls(self) -> list[str]:
        """The address of every page."""
        return [f"http://{self.host}{path}" for path in self.pages]


def captured_sites(folder: Path, most: int) -> list[Site]:
    """The three captured sites with at most `most` pages each, evenly drawn from the whole capture."""
    return [_captured(name, folder / file, host, most) for name, (host, file) in CAPTURED.items()]


def _captured(name: str, archive: Path, real: str, most: int) -> Site:
    replay = open_archive(archive)
    host = f"{name}.example"
    pages: dict[str, bytes] = {}
    for url in replay.pages():
        if real not in url:
            continue
        answer = replay.fetch(Request(url=url, origin="replay"))
        if isinstance(answer, Fetched) and answer.status == 200 and answer.media_type == "text/html":
            path = "/" + url.split("/", 3)[3].partition("#")[0].partition("?")[0]
            pages.setdefault(path, _moved(answer.body, real, host))
    home = pages.pop("/", None) or next(iter(pages.values()))
    step = max(1, len(pages) / max(1, most - 1))
    chosen = [list(pages)[int(at * step)] for at in range(min(most - 1, len(pages)))]
    held = {"/": home, **{path: pages[path] for path in dict.fromkeys(chosen)}}
    return Site(host=host, pages={path: _without_dead_links(body, host, held) for path, body in held.items()})


def _without_dead_links(body: bytes, host: str, held: Mapping[str, bytes]) -> bytes:
    """The page without links to pages that are not served: nobody shall pay for asking after them."""
    start = f"http://{host}".encode()
    known = {path.encode() for path in held}

    def kept(link: re.Match[bytes]) -> bytes:
        target = link[1].strip(b"\"'")
        path = target.removeprefix(start) or b"/"
        inside = target.startswith((start, b"/")) or not re.match(rb"[a-z]+:|#", target)
        return link[0] if not inside or path in known else b'href="#"'

    return _LINK.sub(kept, body)


def _moved(body: bytes, real: str, host: str) -> bytes:
    """The page with links to its own site leading to the made-up host."""
    bare = real.removeprefix("www.")
    return re.sub(rb"https?://(?:www\.)?" + re.escape(bare.encode()), b"http://" + host.encode(), body)


def edited(site: Site, share: float, seed: int = 7) -> Site:
    """The site with `share` of its pages (at least one) changed in one paragraph each."""
    chosen = Random(seed).sample(sorted(site.pages), max(1, round(share * len(site.pages))))
    return Site(host=site.host, pages={p: _edited(b) if p in chosen else b for p, b in site.pages.items()})


def _edited(body: bytes) -> bytes:
    found = _PARAGRAPH.search(body)
    added = b"<p>In autumn we will open a second service desk and hire forty engineers for it.</p>"
    at = found.end() if found else body.lower().rfind(b"</body>")
    return body[:at] + added + body[at:]


_WORDS: Final = (
    "pump valve boiler sensor turbine cable filter motor ledger parcel orchard harbour gauge panel bearing compressor"
).split()
_NAMES: Final = "Ada Bram Cleo Dario Elif Femke Goran Hana Ivo Jana Kofi Lena Milo Nadia Otto Petra".split()
_SURNAMES: Final = "Alder Birch Corvin Dale Ember Frost Grove Hollin Iversen Juniper Kestrel Larch Marlow".split()
_TOWNS: Final = "Ghent Turku Graz Porto Tartu Malmo Brno Leeds Cork Basel".split()
_SAID: Final = (
    "We make {a}s and {b}s for {town}.",
    "Our {a} line was down for {n} days last year, which cost us orders.",
    "We plan to open a plant in {town} by {year} and to double the output of {b}s.",
    "{name} {surname} joined as Chief Financial Officer in {year}.",
    "Customers tell us that the {a} arrives late, and we are working on it.",
    "The {b} unit grew by {n} percent after we hired {n} engineers in {town}.",
    "In {year} we bought a maker of {a}s and moved its {b} works to {town}.",
    "Our goal is to cut the energy that each {a} uses by {n} percent before {year}.",
)  # fmt: skip
_PLAIN: Final = (
    "The {a} comes in {n} sizes and fits every {b} of its class.",
    "A {a} holds up to {n} litres and is painted blue or grey.",
    "Each {b} ships with a manual, a {a} and a spare seal.",
    "The catalogue lists {n} kinds of {a}s by size and by thread.",
    "{name} {surname} shows the {a} at the fair in {town} every spring.",
    "Orders from {town} leave the warehouse on Mondays and Thursdays.",
    "The {b} was first shown in {year} and is made of steel and brass.",
    "A drawing of the {a} with all measures stands on the next page.",
    "The {town} showroom is open from nine to five and closed on Sundays.",
    "Read more about the {a} and the {b} in the handbook of {year}.",
)


def made_up_site(number: int, pages: int, paragraphs: int = 6) -> Site:
    """A deterministic company of `pages` pages that share navigation and footer, as a site of a template does; with six
    paragraphs as many sentences of a page are worth a question to the readers as on captured sites."""
    random = Random(number)
    company = f"{random.choice(_SURNAMES)}{random.choice(_WORDS)} {number} Ltd"
    paths = ["/", *(f"/{random.choice(_WORDS)}-{at}/" for at in range(1, pages))]
    nav = "".join(f'<li><a href="{path}">{path.strip("/") or "Home"}</a></li>' for path in paths)
    host = f"account{number}.example"
    return Site(host=host, pages={path: _made_up(company, path, nav, random, paragraphs) for path in paths})


def _made_up(company: str, path: str, nav: str, random: Random, count: int) -> bytes:
    title = "About us" if path == "/" else path.strip("/").replace("-", " ").title()
    paragraphs = "".join(f"<p>{' '.join(_sentences(random, 1, 4))}</p>" for _ in range(count))
    return (
        f"<!doctype html><html lang='en'><head><title>{title} | {company}</title></head><body><nav><ul>{nav}</ul></nav>"
        f"<main><h1>{title}</h1>{paragraphs}</main><footer><p>© 2026 {company}. All rights reserved.</p></footer>"
        "</body></html>"
    ).encode()


def _sentences(random: Random, said: int, plain: int) -> Iterator[str]:
    for template in (*random.sample(_SAID, said), *random.sample(_PLAIN, plain)):
        yield template.format(
            a=random.choice(_WORDS),
            b=random.choice(_WORDS),
            town=random.choice(_TOWNS),
            n=random.randint(3, 90),
            year=random.randint(2019, 2031),
            name=random.choice(_NAMES),
            surname=random.choice(_SURNAMES),
        )


def etag(body: bytes) -> str:
    """A strong validator of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'
