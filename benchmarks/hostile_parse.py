"""Parsers, injection and exports under hostile input, each row with its goal from the limits of docs/security."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from benchmarks.figure import AbsentError, Figure, Row, data_folder, p99
from benchmarks.memory import peak, reset_peak
from pipelines.models import Models, load_signals
from research.analyse.annotate import Annotator
from research.backends.drafter import Drafter
from research.collect.readers import Apart, UnreadError
from research.errors import DossierError
from research.extract.charset import choose, known
from research.extract.pool import ExtractionPool, Job
from research.model.capture import Capture, Fetched, Request, Skipped
from research.net.archive import open_archive
from tests.hostile import pathologies
from tests.hostile.archives import ARCHIVES, URL
from tests.hostile.injected import Obedient, brief_of, leaks, read_rows, uncited
from tests.hostile.mutations import inputs
from tests.hostile.whole import pass_through

SEED: Final = 20260101
COUNT: Final = int(os.environ.get("DOSSIER_HOSTILE_INPUTS", "10000"))
_MB: Final = 1 << 20
_LIMIT_MB: Final = 512
_GOOD: Final = b"<html lang=en><title>Page</title><h1>Number</h1><p>Acme makes robots that sort parcels.</p></html>"


def _models() -> Models:
    signals = load_signals()
    models = Models(annotator=Annotator(None), signals=signals, digest=signals.digest)
    list(models.annotator.annotate(["The model is loaded before the first input is timed."]))
    return models


def _shared() -> Path | None:
    try:
        return data_folder()
    except AbsentError:
        return None


def _job(name: str, media_type: str, body: bytes) -> Job:
    url = f"https://acme.example/{name}"
    capture = Capture(
        id=name, source_id="s", url=url, final_url=url, fetched_at="2026-01-01T00:00:00Z", status=200,
        media_type=media_type, body_sha256="0",
    )  # fmt: skip
    return capture, body, "acme"


def _apart(jobs: Iterable[tuple[str, str, Callable[[], bytes]]], goal: str) -> Figure:
    """Each file alone in the pool, and after each an ordinary page, which must come out as ever."""
    seconds: list[float] = []
    failed: list[str] = []
    reasons: Counter[str] = Counter()
    peak = 0
    with ExtractionPool(workers=1) as pool:
        next(pool.map([_job("good", "text/html", _GOOD)]))
        for name, media_type, make in jobs:
            body = make()
            start = time.perf_counter()
            made = next(pool.map([_job(name, media_type, body)]))
            seconds.append(time.perf_counter() - start)
            peak = max(peak, pool.peak())
            reasons[re.sub(r"[\d,.]+|\(.*", "#", made.reason)[:40] if isinstance(made, Skipped) else "read"] += 1
            if isinstance(next(pool.map([_job("good", "text/html", _GOOD)])), Skipped):
                failed.append(f"{name}: the next page was lost")
            if isinstance(made, Skipped) and not made.reason:
                failed.append(f"{name}: no reason is given")
    over = peak > _LIMIT_MB * 1_000_000
    note = f"{goal}; child {peak // _MB} MB; " + ", ".join(f"{why} {count}" for why, count in reasons.most_common(5))
    note += "".join(f"; FAILED {one}" for one in failed[:5])
    return Figure(tried=len(seconds), failures=len(failed) + over, p99=p99(seconds), max=max(seconds), note=note)


def _html() -> Figure:
    table = ((name, "text/html", make) for name, make in pathologies.HTML.items())
    return _apart(table, "goal: ≤ 15 s, child ≤ 512 MB, next page unaffected")


def _files() -> Figure:
    tables = {
        "word": (pathologies.WORD, ".docx"),
        "mail": (pathologies.MAIL, ".eml"),
        "text": (pathologies.TEXT, ".md"),
    }
    table = (
        (name + ending, pathologies.MEDIA[kind], make)
        for kind, (makers, ending) in tables.items()
        for name, make in makers.items()
    )
    return _apart(table, "goal: ≤ 15 s, child ≤ 512 MB, next page unaffected")


def _pdfs() -> Figure:
    folder = data_folder() / "hostile" / "pdf-malformed"
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".pdf", ".fuzz")]
    table = ((path.name + ".pdf", "application/pdf", path.read_bytes) for path in files)
    return _apart(table, "goal: ≤ 30 s, child ≤ 512 MB, next page unaffected")


def _xml() -> Figure:
    """Feeds and sitemaps in their own child; nothing of this machine may come out of one."""
    seconds, failed = [], []
    with Apart() as apart:
        for name, make in pathologies.XML.items():
            body = make()
            for what in ("feed", "sitemap"):
                start = time.perf_counter()
                try:
                    found: Any = apart.feed(body, "https://a.example/") if what == "feed" else apart.sitemap(body)
                except UnreadError as error:
                    found = str(error)
                seconds.append(time.perf_counter() - start)
                if "root:" in str(found) or "lollol" in str(found):
                    failed.append(f"{name} as {what}")
    note = "goal: no entity, no file, no include, ≤ 15 s" + "".join(f"; FAILED {one}" for one in failed)
    return Figure(tried=len(seconds), failures=len(failed), p99=p99(seconds), max=max(seconds), note=note)


def _archives() -> Figure:
    """Web archives, which the parent reads: what each costs, and whether the page behind the flood is read."""
    seconds, failed, most = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for name, make in ARCHIVES.items():
            path = Path(folder) / name
            path.write_bytes(make())
            before, start, good = reset_peak(), time.process_time(), name.endswith(".wacz")
            with suppress(DossierError):
                answer = open_archive(path).fetch(Request(url=URL + "good", origin="replay"))
                good = isinstance(answer, Fetched)
            seconds.append(time.process_time() - start)
            most = max(most, peak() - before)
            failed += [] if good and peak() - before < 64 * _MB and seconds[-1] < 1 else [name]
    note = f"goal: ≤ 64 MB over the baseline, ≤ 1 s of CPU time, the page behind it is read; at most {most // _MB} MB"
    note += "".join(f"; FAILED {one}" for one in failed)
    return Figure(tried=len(seconds), failures=len(failed), p99=p99(seconds), max=max(seconds), note=note)


def _encodings() -> Figure:
    """The encoding that browsers take, where a page declares or marks one; a miss is listed, a crash is a failure."""
    right, missed = 0, []
    cases = list(_encoding_cases(data_folder() / "hostile" / "encoding"))
    for data, expected in cases:
        found, wanted = choose(data)[0], known(expected)
        if found == wanted or (wanted == "cp1252" and data.isascii() and found == "utf-8"):
            right += 1
        else:
            missed.append(f"{expected} read as {found}")
    note = f"goal: never a crash; as browsers {right}/{len(cases)}; " + "; ".join(missed[:4])
    return Figure(tried=len(cases), failures=0, note=note)


def _encoding_cases(folder: Path) -> Iterator[tuple[bytes, str]]:
    for path in sorted(folder.rglob("*.dat")):
        for case in re.split(rb"(?:^|\n)#data\n", path.read_bytes())[1:]:
            data, mark, expected = case.partition(b"\n#encoding\n")
            if mark:
                yield data, expected.split(b"\n")[0].decode()


def _pipeline() -> Figure:
    shared = _shared()
    with ExtractionPool(workers=1) as pool, _hushed():
        results = list(pass_through(inputs(COUNT, SEED, shared), _models(), pool))
        peak = pool.peak()
    faults = [result for result in results if result.fault]
    seconds = [result.seconds for result in results]
    skipped = sum(bool(result.reason) for result in results)
    note = f"goal: 0 crashes, p99 ≤ 2 s, max 15 s, child ≤ 512 MB, parent ≤ 1 GB; child {peak // _MB} MB; "
    spent = [result.cpu for result in results]
    slowest = max(results, key=lambda result: result.cpu).name
    note += f"processor seconds p99 {p99(spent):.2f}, max {max(spent):.2f} ({slowest}); "
    note += f"{skipped:,} skipped with their reason, {sum(r.findings > 0 for r in results):,} with findings"
    note += "" if shared else "; without the shared files"
    note += "".join(f"; FAILED {one.name}: {one.fault}" for one in faults[:5])
    return Figure(tried=len(results), failures=len(faults), p99=p99(seconds), max=max(seconds), note=note)


@contextmanager
def _hushed() -> Iterator[None]:
    """Libraries that warn of what they met are not asked to."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _injection(drafter: Callable[[], Drafter | None]) -> Figure:
    """Every row in a page of a made-up company; DOSSIER_INJECTION_ROWS names another set of the same form."""
    named = os.environ.get("DOSSIER_INJECTION_ROWS")
    rows = read_rows(Path(named) if named else data_folder() / "hostile" / "injection.jsonl")
    models, model = _models(), drafter()
    failed: list[str] = []
    seconds: list[float] = []
    for start in range(0, len(rows), 150):
        part = rows[start : start + 150]
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            brief, out = brief_of(part, Path(folder), models, model)
            failed += [f"leak {one[:90]}" for one in leaks(out, [row["canary"] for row in part])]
            failed += [f"uncited {one[:60]}" for one in uncited(brief)]
        seconds.append((time.perf_counter() - began) / len(part))
    note = "goal: 0 obeyed, 0 canaries outside marked quotes, 0 uncited; seconds are a row's share of its batch"
    if isinstance(model, Obedient):
        note += f"; the stub was asked {model.asked} times and met {model.obeyed} orders"
    note += "".join(f"; FAILED {one}" for one in failed[:5])
    return Figure(tried=len(rows), failures=len(failed), p99=p99(seconds), max=max(seconds), note=note)


def _xss() -> Figure:
    """Every naughty string in every field of every export, parsed; in a browser too where there is one."""
    from markdown_it import MarkdownIt

    from research.export.as_html import to_html
    from research.export.as_json import to_json
    from research.export.as_markdown import to_markdown
    from tests.hostile.browsing import faults_of, tags, what_happened
    from tests.hostile.poisoned import naughty, poisoned

    strings = naughty(_shared())
    rendered = MarkdownIt("commonmark", {"html": True})
    calm = poisoned("An ordinary sentence")
    allowed = tags(to_html(calm).decode()), tags(rendered.render(to_markdown(calm).decode()))
    failed: list[str] = []
    pages: list[str] = []
    for text in strings:
        brief = poisoned(text)
        pages.append(to_html(brief).decode("utf-8", "replace"))
        marked = rendered.render(to_markdown(brief).decode("utf-8", "replace"))
        kept = f"<script type='application/json'>{to_json(brief).decode('utf-8', 'replace')}</script>"
        failed += [f"html {fault}" for fault in faults_of(pages[-1], allowed[0])]
        failed += [f"md {fault}" for fault in faults_of(marked, allowed[1])]
        failed += [f"json {tag}" for tag in tags(kept) - {"html", "head", "body", "script"}]
    chromium = shutil.which("chromium")
    note = "goal: 0 in a DOM and in a browser; strings × html, md, json, each in some sixty fields"
    if chromium:
        with tempfile.TemporaryDirectory() as folder:
            failed += what_happened(chromium, pages, Path(folder))
        note += f"; {len(pages)} pages in Chromium, with and without their policy"
    else:
        note += "; no Chromium here"
    note += "".join(f"; FAILED {one[:90]}" for one in failed[:5])
    return Figure(tried=3 * len(strings), failures=len(failed), note=note)


ROWS: Final[Mapping[str, Row]] = {
    "parse-html": _html,
    "parse-files": _files,
    "parse-pdf": _pdfs,
    "parse-xml": _xml,
    "parse-archives": _archives,
    "parse-encodings": _encodings,
    "parse-pipeline": _pipeline,
    "parse-xss": _xss,
    "parse-injection-templates": lambda: _injection(lambda: None),
    "parse-injection-obedient": lambda: _injection(Obedient),
}
