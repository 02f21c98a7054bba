"""What strangers write for programs: robots.txt, feeds, and the encodings that their pages declare."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

from benchmarks.figure import Figure, Row, data_folder, p99
from research.collect.feeds import read_feed
from research.collect.sitemaps import read_sitemap
from research.extract.charset import decode, known
from research.net.robots import rules_of
from tests.hostile.robots_cases import CASES, HOST


def _robots() -> Figure:
    """Decisions: ours at Google's reading, the shared ones; a failure is what is allowed and should not be, or is
    refused where both readings allow it."""
    wrong, seconds = [], []
    for file, robot, opened, closed in CASES:
        start = time.perf_counter()
        rules = rules_of(200, file.encode())
        wrong += [f"{p} of {file[:40]!r}" for p in opened.split() if not rules.allow(HOST + p, robot)]
        wrong += [f"{p} of {file[:40]!r}" for p in closed.split() if rules.allow(HOST + p, robot)]
        seconds.append(time.perf_counter() - start)
    own = sum(len(opened.split()) + len(closed.split()) for _, _, opened, closed in CASES)
    rows = [json.loads(line) for line in (data_folder() / "robots" / "cases.jsonl").open(encoding="utf-8")]
    other = [r for r in rows if rules_of(200, r["robots"].encode()).allow(r["url"], r["agent"]) != r["allowed"]]
    wrong += [f"{r['url']} of {r['test']}" for r in other if not r["allowed"]]
    stricter = Counter(r["test"] for r in other if r["allowed"])
    note = f"own {own}, shared {len(rows) - len(other)}/{len(rows)}; stricter than Protego, as Google's parser is: "
    note += ", ".join(f"{name} {count}" for name, count in stricter.items())
    note += f"; FAILED {'; '.join(wrong[:5])}" if wrong else ""
    return Figure(tried=own + len(rows), failures=len(wrong), p99=p99(seconds), max=max(seconds), note=note)


def _feeds() -> Figure:
    """Every collected feed, read as a feed and, which some sites do, as a sitemap: no crash."""
    files = sorted(path for path in (data_folder() / "feeds" / "tests").rglob("*") if path.is_file())
    crashed, seconds, entries = [], [], 0
    for path in files:
        body, start = path.read_bytes(), time.perf_counter()
        try:
            entries += len(read_feed(body, "https://pumps.example/feed"))
            read_sitemap(body)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is counted
            crashed.append(f"{path.name}: {error!r}")
        seconds.append(time.perf_counter() - start)
    note = f"{entries} entries with an address" + (f"; FAILED {'; '.join(crashed[:5])}" if crashed else "")
    return Figure(tried=len(files), failures=len(crashed), p99=p99(seconds), max=max(seconds), note=note)


def _encodings() -> Figure:
    """html5lib's encoding cases: every body is decoded, and by the encoding that a browser would find."""
    wrong, seconds, tried, better = [], [], 0, 0
    for path in sorted((data_folder() / "hostile" / "encoding").rglob("*.dat")):
        for case in re.split(rb"(?m)^#data\r?\n", path.read_bytes()):
            body, mark, expected = case.partition(b"\n#encoding\n")
            if not mark:
                continue
            tried += 1
            start = time.perf_counter()
            text, label = decode(body), expected.split(b"\n")[0].strip().decode()
            seconds.append(time.perf_counter() - start)
            told = body.decode(known(label) or label, "replace").replace("\x00", "").removeprefix("\ufeff")
            better += text != told and "\ufffd" in told and "\ufffd" not in text
            if text != told and ("\ufffd" in text or "\ufffd" not in told):
                wrong.append(f"{path.name}: {label}")
    note = f"text as by the encoding that browsers find; {better} declare another than they have, and are read whole"
    note += f"; FAILED {'; '.join(wrong[:5])}" if wrong else ""
    return Figure(tried=tried, failures=len(wrong), p99=p99(seconds), max=max(seconds), note=note)


ROWS: Final[Mapping[str, Row]] = {"robots": _robots, "feeds": _feeds, "encodings": _encodings}
