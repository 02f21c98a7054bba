"""Pictures of the desk's main views, of made-up companies: `python -m tests.desk.screenshots docs/screenshots [HOME]`.

The sample is crawled over HTTP on this machine into a folder that is thrown away (or copied from HOME, where `dossier
demo` made it before), two analysts decide on some of its findings, and a headless Chromium takes the pictures. Each
has fewer than LIMIT bytes.
"""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.demo_run import ACCOUNT_ID, run_demo
from research.model.account import Account
from research.model.judgement import Judgement
from research.review.seller_edits import seller_changes
from research.store.accounts import load_account, load_seller, save_account, set_last_meeting
from research.store.findings import load_findings
from research.store.judgements import add_judgement
from research.store.sellers import edit_seller, seller_version
from tests.desk.serving import CHROMIUM, FLAGS, served
from tests.desk.stored import fixture, keep_brief

LIMIT = 150_000  # bytes of a picture
SIZE = {"width": 1280, "height": 800}
HOME = f"/accounts/{ACCOUNT_ID}"
NOW = "2026-11-26T09:30:00+00:00"
VIEWS: Mapping[str, str] = {
    "accounts": "/",
    "account": HOME,
    "review": f"{HOME}/review",
    "battlecard": f"{HOME}/rivals/ordamo",
    "search": "/search?q=lead+times",
}
"""The pictures and the pages that they are of."""


def main(arguments: list[str]) -> int:
    """Make every picture; 1 where there is no Chromium or a picture is too large."""
    out = Path(arguments[0])
    if CHROMIUM is None:
        sys.stderr.write("no Chromium on the PATH: install the package `chromium`\n")
        return 1
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if len(arguments) > 1:
            shutil.copytree(arguments[1], home)
        prepare(home)
        with served(home, NOW) as address, browsing(CHROMIUM, address) as page:
            for name, path in VIEWS.items():
                page.goto(address + path)
                picture = compress(page.screenshot())
                (out / f"{name}.png").write_bytes(picture)
                sys.stdout.write(f"{out / name}.png {len(picture) / 1000:.0f} KB\n")
                if len(picture) > LIMIT:
                    return 1
    return 0


def prepare(home: Path) -> None:
    """The sample company in a home folder, with what two analysts decided on it and what they know of a rival."""
    keep_brief(home, fixture.make_brief(), seller=None)
    with open_workspace(home, lambda: NOW) as workspace:
        if load_account(workspace.store, ACCOUNT_ID) is None:
            run_demo(workspace, home / "out")
        set_last_meeting(workspace.store, ACCOUNT_ID, "2026-12-03")
        save_account(
            workspace.store, Account(id="brede", name="Brede Foods", domains=("brede.example",), segment="tier-2")
        )
        findings = load_findings(workspace.store, ACCOUNT_ID)
        sure = sorted(findings, key=lambda f: (-f.confidence, f.id))
        for number, finding in enumerate(sure[:12]):
            judgement = Judgement(
                id=f"j{number}", account_id=ACCOUNT_ID, target_kind="finding", target_ids=(finding.id,),
                verdict="accept", analyst=("Ada Larsen", "Ben Okoro")[number % 2], at=f"2026-11-26T08:{number:02}:00+00:00",
            )  # fmt: skip
            add_judgement(workspace.store, judgement)
        know_rivals(workspace)


def know_rivals(workspace: Workspace) -> None:
    """What our people know of the first rival; the rest stays a question."""
    known = load_seller(workspace.store)
    if known is None:
        raise SystemExit("the sample has no seller's profile")
    told = replace(
        known.rivals[0],
        about="Sells planning software to manufacturers by the seat.",
        weaknesses=("Plans the parts of one plant at a time", "Needs its own consultants for every new supplier"),
        landmines=("How long did it take to add your newest plant?", "Who corrects the plan when a supplier is late?"),
    )
    after = replace(
        known, rivals=(told, *known.rivals[1:]), differentiators=("One plan over all plants and their suppliers",)
    )
    seen = seller_version(known)
    edit_seller(workspace.store, after, seller_changes(known, after), analyst="Ada Larsen", at=NOW, seen=seen)


@contextmanager
def browsing(chromium: str, address: str) -> Iterator[Any]:
    """A page of a headless browser in which the analyst has given a name."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport=SIZE, color_scheme="light")
        context.add_cookies([{"name": "analyst", "value": "Ada%20Larsen", "url": address}])
        yield context.new_page()
        browser.close()


def compress(png: bytes) -> bytes:
    """A truecolour PNG with a palette of its 256 most frequent colours; every other pixel takes the nearest of them."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    if depth != 8 or colour not in (2, 6):
        return png
    pixel = 3 if colour == 2 else 4
    rows = _rows(zlib.decompress(_data(png)), width * pixel, height, pixel)
    pixels = [[bytes(row[at : at + 3]) for at in range(0, len(row), pixel)] for row in rows]
    counts = Counter(one for row in pixels for one in row)
    palette = [one for one, _ in counts.most_common(256)]
    place = {one: palette.index(min(palette, key=lambda known: _apart(known, one))) for one in counts}
    body = zlib.compress(b"".join(b"\0" + bytes(place[one] for one in row) for row in pixels), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _data(png: bytes) -> bytes:
    parts, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            parts.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(parts)


def _rows(raw: bytes, stride: int, height: int, pixel: int) -> Iterator[bytearray]:
    """The rows of a picture without their filters (PNG specification, section 9)."""
    above = bytearray(stride)
    for number in range(height):
        kind, row = raw[number * (stride + 1)], bytearray(raw[number * (stride + 1) + 1 : (number + 1) * (stride + 1)])
        if kind:
            for at in range(stride):
                left = row[at - pixel] if at >= pixel else 0
                corner = above[at - pixel] if at >= pixel else 0
                guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
                row[at] = (row[at] + guess) & 255
        yield row
        above = row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
