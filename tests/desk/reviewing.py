"""A desk asked as a program asks it, over a socket, with what it says of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import httpx

from tests.desk.stored import ACCOUNT, TOKEN

API = f"/api/accounts/{ACCOUNT.id}"


@dataclass
class Program:
    """A client of the API, who decides under one name."""

    address: str
    analyst: str = "Ada"

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address, headers={"x-dossier-token": TOKEN}, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def queue(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.get(f"{API}/queue", **query)["findings"])

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(path, json=body)

    def decide(self, key: str, verdict: str, *targets: str, **more: Any) -> httpx.Response:
        body = {"key": key, "verdict": verdict, "targets": list(targets), "analyst": self.analyst, **more}
        return self.post(f"{API}/judgements", body)

    def judgements(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while more := self.get(f"{API}/judgements", after=found[-1]["number"] if found else 0, limit=200)["judgements"]:
            found += more
        return found
