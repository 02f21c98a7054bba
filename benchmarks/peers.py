"""What people build from finished parts: Scrapy with trafilatura and spaCy, newspaper4k with spaCy."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def scrapy_spacy(wanted: dict[str, Any]) -> int:
    """Scrapy fetches, trafilatura extracts, spaCy's full pipeline reads."""
    import scrapy
    import spacy
    import trafilatura
    from scrapy.crawler import CrawlerProcess

    nlp = spacy.load(wanted["model"])
    seen: list[int] = []

    class Pages(scrapy.Spider):  # type: ignore[misc]
        name = "pages"
        custom_settings = {"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": 8}  # noqa: RUF012

        def start_requests(self) -> Iterator[Any]:
            for url in wanted["urls"]:
                host, path = url.split("/", 3)[2:]
                address = f"http://127.0.0.1:{wanted['port']}/{path}"
                yield scrapy.Request(address, headers={"Host": host}, callback=self.parse, dont_filter=True)

        async def start(self) -> Any:
            for request in self.start_requests():
                yield request

        def parse(self, response: Any, **_: Any) -> None:
            text = trafilatura.extract(response.text, with_metadata=True) or ""
            seen.append(len(nlp(text).ents))

    process = CrawlerProcess()
    process.crawl(Pages)
    process.start()
    return len(seen)


def newspaper_spacy(wanted: dict[str, Any]) -> int:
    """newspaper4k downloads nothing itself here (it cannot set a Host), parses, and spaCy's full pipeline reads."""
    import httpx
    import newspaper
    import spacy

    nlp = spacy.load(wanted["model"])
    seen = 0
    with httpx.Client() as client:
        for url in wanted["urls"]:
            host, path = url.split("/", 3)[2:]
            answer = client.get(f"http://127.0.0.1:{wanted['port']}/{path}", headers={"Host": host})
            article = newspaper.Article(url, language="en")
            article.download(input_html=answer.text)
            article.parse()
            list(nlp(article.text).ents)
            seen += 1
    return seen


if __name__ == "__main__":
    job = json.loads(Path(sys.argv[2]).read_text())
    sys.stdout.write(
        json.dumps({"pages": {"scrapy": scrapy_spacy, "newspaper": newspaper_spacy}[sys.argv[1]](job)}) + "\n"
    )
