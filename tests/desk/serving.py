"""The desk as a process or thread of its own on a free port, and a browser before it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from pipelines.desk.app import create_app
from tests.desk.stored import NOW, TOKEN, make_desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 60.0  # seconds for a loaded machine to answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, now: str = NOW) -> Iterator[str]:
    """The address of a desk that a thread serves."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(uvicorn.Config(create_app(make_desk(home, now)), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


PROGRAM = f"""
import sys
from pathlib import Path
from pipelines.desk.app import create_app
from pipelines.desk.desk import Desk
from pipelines.desk.serve import serve
serve(create_app(Desk(home=Path(sys.argv[1]), clock=lambda: {NOW!r}, token={TOKEN!r})), int(sys.argv[2]))
"""


def start_process(home: Path, port: int) -> subprocess.Popen[bytes]:
    """A desk as a process of its own, which can be killed; it answers when this comes back."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(home), str(port)])
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/accounts", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return process
    process.kill()
    raise AssertionError("the desk did not answer in time")


@dataclass
class Watched:
    """A page of a browser, and everything that it must never do."""

    page: Any
    address: str
    ran: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, key: str) -> None:
        """A key of the review, and the page that follows it."""
        before = self.page.url
        self.page.keyboard.press(key)
        self.page.wait_for_function("url => location.href !== url && !document.querySelector('.busy')", arg=before)

    def title(self) -> str:
        return str(self.page.locator("#h-finding").inner_text())

    def status(self) -> str:
        return str(self.page.locator("[role=status]").inner_text())


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium; the test is skipped, and says so, where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this computer")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


def sit_down(opened: Any, address: str, analyst: str, **options: Any) -> Watched:
    """A browser window of its own, in which an analyst has said who they are."""
    context = opened.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    context.add_cookies([{"name": "analyst", "value": analyst, "url": address}])
    page = context.new_page()
    watched = Watched(page=page, address=address)
    page.on("dialog", lambda dialog: (watched.ran.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: watched.ran.append(f"error {error}"))
    page.on("console", lambda message: watched.ran.append(message.text) if _alarming(message.text) else None)
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
    )
    return watched


def _alarming(text: str) -> bool:
    return bool(re.search(r"CSP|Content Security Policy|Refused to|ran-", text))
