"""The main job on the sample company, over real HTTP on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.brief import Order, Outcome, make_brief
from pipelines.demo import sample_folder, serve_sample
from pipelines.seller import read_profile
from research.model.account import Account
from research.store.accounts import load_account, load_seller, save_account, save_seller

ACCOUNT_ID: Final = "sample"
DOMAIN: Final = "kelvarn.example"
SITE: Final = (
    "www.kelvarn.example"  # known to no name service (RFC 2606): a link leads nowhere, and is the same in every run
)


def run_demo(workspace: Workspace, out: Path) -> Outcome:
    """Serve the sample site, crawl it under its made-up host, write its brief; a seller's profile is loaded where none
    is stored."""
    store = workspace.store
    known = load_account(store, ACCOUNT_ID)
    if known is None or DOMAIN not in known.domains:
        save_account(store, Account(id=ACCOUNT_ID, name=DOMAIN, domains=(DOMAIN,)))
    if load_seller(store) is None:
        save_seller(store, read_profile(Path(str(sample_folder() / "seller.toml"))))
    with serve_sample(origin=f"http://{SITE}") as address:
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        return make_brief(Order(target=f"http://{SITE}/", out=out, played_hosts=((SITE, port),)), workspace)
