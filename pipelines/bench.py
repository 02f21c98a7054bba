"""What several measurements share: the briefs of the development accounts, each made once, and their scores."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.brief import Order, make_brief
from pipelines.models import Models, load_models
from research.export.as_json import to_json
from research.model.draft import Brief

SITES: Final = {
    "rapid7": ("https://www.rapid7.com/", "rapid7_2019.warc.gz"),
    "doublecloud": ("https://double.cloud/", "doublecloud_2025.warc.gz"),
    "flux": ("https://www.fluxfederation.com/", "flux_2020.warc.gz"),
}
WORKERS: Final = 2
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The data, their scorer and the time of writing; briefs are made when they are first asked for."""

    data: Path
    scorer: ModuleType
    now: str

    @cached_property
    def sites(self) -> Mapping[str, Brief]:
        """The briefs of the three company sites, replayed from their archives."""
        orders = [Order(target=url, sources=(str(self.data / "warc" / name),)) for url, name in SITES.values()]
        return dict(zip(SITES, briefs(orders, self.now), strict=True))

    @cached_property
    def filings(self) -> Mapping[str, Brief]:
        """The briefs of the annual reports by ticker, each a company of its own."""
        orders = [
            Order(
                target=str(fact["dei"]["EntityRegistrantName"]),
                sources=(str(self.data / "tenk" / f"{fact['ticker']}.html.gz"),),
            )
            for fact in self.facts
        ]
        return dict(zip((fact["ticker"] for fact in self.facts), briefs(orders, self.now), strict=True))

    @cached_property
    def facts(self) -> list[Json]:
        """What the reports state of themselves in XBRL, one a report."""
        return list(self.scorer.jl(self.data / "tenk" / "facts.jsonl"))

    @cached_property
    def site_results(self) -> dict[str, Json]:
        """The scorer's answer on each site."""
        return {n: self.scorer.score_account(parsed(brief), self.site_gold[n]) for n, brief in self.sites.items()}

    @cached_property
    def filing_results(self) -> dict[str, Json]:
        """The scorer's answer on each report whose facts were annotated by hand."""
        gold = self.filing_gold
        return {t: self.scorer.score_account(parsed(b), gold[t]) for t, b in self.filings.items() if t in gold}

    @cached_property
    def site_gold(self) -> Mapping[str, Json]:
        """The annotated facts of each site."""
        files = {name: self.data / "gold" / f"account.{name}.json" for name in SITES}
        return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in files.items()}

    @cached_property
    def filing_gold(self) -> Mapping[str, Json]:
        """The annotated facts of the reports that have them, by ticker."""
        rows = self.scorer.jl(self.data / "gold" / "tenk.accounts.jsonl")
        return {row["profile"]["ticker"]["value"]: row for row in rows}


def parsed(brief: Brief) -> Json:
    """The brief as its readers get it."""
    return dict(json.loads(to_json(brief)))


def briefs(orders: Sequence[Order], now: str) -> list[Brief]:
    """The brief of each order, in their order; two processes share the work, largest sources dealt out first."""
    by_size = sorted(range(len(orders)), key=lambda at: -_size(orders[at]))
    shares = [by_size[first::WORKERS] for first in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        made = pool.map(_briefs_of, ([orders[at] for at in share] for share in shares), [now] * WORKERS)
        found = {
            at: brief for share, some in zip(shares, made, strict=True) for at, brief in zip(share, some, strict=True)
        }
    return [found[at] for at in range(len(orders))]


def _size(order: Order) -> int:
    return sum(Path(source).stat().st_size for source in order.sources)


def _briefs_of(orders: Sequence[Order], now: str) -> list[Brief]:
    """The briefs of a share, made in a home of its own with the models loaded once."""
    loaded: list[Models] = []

    def models(workspace: Workspace) -> Models:
        if not loaded:
            loaded.append(load_models(workspace))
        return loaded[0]

    with tempfile.TemporaryDirectory() as folder, open_workspace(Path(folder), lambda: now) as workspace:
        out = Path(folder) / "out"
        return [make_brief(replace(order, out=out, formats=("json",)), workspace, models).brief for order in orders]
