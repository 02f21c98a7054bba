"""The main job on the sample company, over real HTTP on this machine."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.brief import Order, Outcome, make_brief
from pipelines.demo import HOST, sample_folder, serve_sample
from pipelines.seller import read_profile
from research.model.account import Account
from research.store.accounts import load_account, load_seller, save_account, save_seller

ACCOUNT_ID: Final = "sample"
PORT: Final = 48653  # always the same where it is free, so that a second run finds the pages of the first


def run_demo(workspace: Workspace, out: Path) -> Outcome:
    """Serve the sample site, crawl it, write its brief; a seller's profile is loaded where none is stored."""
    store = workspace.store
    if load_account(store, ACCOUNT_ID) is None:
        save_account(store, Account(id=ACCOUNT_ID, name=HOST, domains=(HOST,)))
    if load_seller(store) is None:
        save_seller(store, read_profile(Path(str(sample_folder() / "seller.toml"))))
    with serve_sample(port=PORT if _is_free(PORT) else 0) as origin:
        port = int(origin.rstrip("/").rsplit(":", 1)[1])
        return make_brief(Order(target=origin, out=out, allowed_hosts=((HOST, port),)), workspace)


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
