"""Documents and observations of a fictional account, in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from research.model.account import Account
from research.model.document import Document
from research.model.finding import Finding, FindingKind, Observation, Value, attributes
from research.resolve.resolve import Resolution, resolve
from research.text.hashing import sha256_text

ACCOUNT = Account(id="harrowgate", name="Harrowgate Systems", domains=("harrowgate.example",), aliases=("Harrowgate",))
NOW = "2024-05-01T08:00:00+00:00"


def document(
    identity: str = "d1",
    text: str = "",
    *,
    url: str | None = None,
    title: str = "",
    published: str | None = None,
    **metadata: str,
) -> Document:
    return Document(
        id=identity, account_id=ACCOUNT.id, capture_id=f"c-{identity}", url=url or f"https://news.example/{identity}",
        title=title, published=published, language="en", page_type="other", media_type="text/html", text=text,
        text_sha256=sha256_text(text), extractor="sample", extractor_version="1", passages=(),
        metadata=tuple(metadata.items()),
    )  # fmt: skip


class Library:
    """Documents that grow by what is observed in them: each quote is written into its document at once."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._published: dict[str, str | None] = {}
        self.observations: list[Observation] = []

    def say(
        self,
        kind: FindingKind,
        quote: str,
        *,
        doc: str = "d1",
        published: str | None = None,
        score: float = 0.8,
        **values: Value,
    ) -> Observation:
        """Adds one observation that stands on `quote` in the document."""
        start = len(self._texts.get(doc, ""))
        self._texts[doc] = self._texts.get(doc, "") + quote + "\n"
        self._published[doc] = published or self._published.get(doc)
        observation = Observation(
            kind=kind, attributes=attributes(**values), document_id=doc, start=start, end=start + len(quote), score=score,
            analyser="sample", version="1",
        )  # fmt: skip
        self.observations.append(observation)
        return observation

    def fact(self, field: str, value: str, normal: Value = None, **options) -> Observation:
        """One observation of a profile fact."""
        stated = {"unit": None, "period": None, "normal": value if normal is None else normal, **options}
        return self.say("fact", options.pop("quote", f"{field}: {value}"), field=field, value=value, **_rest(stated))

    @property
    def documents(self) -> Mapping[str, Document]:
        return {key: document(key, text, published=self._published[key]) for key, text in self._texts.items()}

    def resolve(self, observations: Iterable[Observation] | None = None) -> Resolution:
        """The resolution of everything said so far, or of these observations."""
        return resolve(ACCOUNT, self.observations if observations is None else observations, self.documents, NOW)


def _rest(options: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in options.items() if key != "quote"}


def of(resolution: Resolution, kind: str, **values: Value) -> list[Finding]:
    """The findings of a kind with these attributes, surest first."""
    return [f for f in resolution.findings if f.kind == kind and all(f.get(k) == v for k, v in values.items())]
