"""Sentences that have passed the verifier; what does not pass is replaced by a plain quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from research.draft.check import Problem, verify_groups
from research.draft.material import Material
from research.draft.sources import ANALYST_TEXT, print_date
from research.draft.support import squash
from research.draft.wording import Wording, render
from research.model.draft import Claim, Gap
from research.model.finding import Finding

_CLAUSE = re.compile(r"(?<=[,;:–—•])\s+|\s+(?=(?:and|as|because|but|or|since|that|when|where|which|while|who)\s)")
_HANGING = re.compile(r"(?:\s+(?:an?|at|by|during|for|from|in|into|its|of|on|our|than|the|their|to|with))+\s*\Z")
QUOTE_LIMIT = 160  # characters of a quote on the page: three lines of print; the whole quote stands in the evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One section's pen: material and wording together."""

    material: Material
    wording: Wording

    def say(self, key: str, *findings: Finding, **values: str) -> tuple[Claim, ...]:
        """The first template of `key` that passes the verifier on `findings`, else one quote a finding."""
        return self.say_with(self.wording.sentences[key], *findings, **values)

    def say_with(self, templates: Sequence[str], *findings: Finding, **values: str) -> tuple[Claim, ...]:
        """As `say`, with these templates; an analyst's own words, where there are any, take their place."""
        if len(findings) == 1 and (words := findings[0].text(ANALYST_TEXT)):
            templates, values = self.wording.sentences["analyst"], {"words": words.rstrip(" .")}
        texts = render(templates, {**self._common(findings), **values})
        passed = next((text for text in texts if not self._problems(text, findings)), None)
        if passed is not None:
            return (Claim(text=self._flagged(passed, findings), finding_ids=_ids(findings)),)
        return tuple(self.plain(finding) for finding in findings)

    def plain(self, finding: Finding) -> Claim:
        """A finding's best quote and its date, shortened where the short form keeps the meaning."""
        whole = self.material.sources.quotes(finding)[0]
        for quote in (excerpt(whole, finding_words(finding)), whole):
            (text,) = render(self.wording.sentences["quote"], {"quote": inner(quote), "when": self.when([finding])})
            if not self._problems(text, [finding]):
                break
        return Claim(text=text, finding_ids=(finding.id,))

    def say_names(
        self, key: str, findings: Sequence[Finding], name: Callable[[Finding], str], **values: str
    ) -> tuple[Claim, ...]:
        """One sentence that lists names; a finding whose name does not pass alone gets its own quote behind it."""
        good = [f for f in findings if self._names_pass(key, [f], name, values)]
        listed: tuple[Claim, ...] = ()
        if good:
            unique = {squash(name(f)): name(f) for f in good}
            listed = self.say(key, *good, names=", ".join(unique.values()), **values)
        return listed + tuple(self.plain(f) for f in findings if f not in good)

    def limited(
        self, findings: Sequence[Finding], limit: int, say: Callable[[Finding], tuple[Claim, ...]]
    ) -> tuple[Claim, ...]:
        """What `say` makes of the first `limit` findings, and the others as left out."""
        claims = tuple(claim for finding in findings[:limit] for claim in say(finding))
        return claims + self.more(findings[limit:])

    def more(self, left_out: Sequence[Finding]) -> tuple[Claim, ...]:
        """Findings that stand in brief.json only, as a claim without words, which `spoken_only` takes out again; none
        where there are none."""
        return (Claim(text="", finding_ids=_ids(left_out)),) if left_out else ()

    def gap(self, field: str, **values: str) -> Gap:
        """The gap `field` of this section, with its state and its question."""
        template = self.wording.gaps[field]
        (question,) = render([template.question], {"account": self.material.sources.account.name, **values})
        return Gap(field=field, state=self.material.gap_state(template.where), question=question)

    def when(self, findings: Sequence[Finding]) -> str:
        """The newest day behind `findings`: "as of" its publication, or "seen" on it."""
        day, published = max(self.material.sources.date(finding) for finding in findings)
        return f"{self.wording.label('published' if published else 'seen')} {print_date(day)}"

    def quote(self, finding: Finding, *around: str) -> str:
        """A finding's best quote as it may stand inside quotation marks, cut to the page's measure."""
        return inner(excerpt(self.material.sources.quotes(finding)[0], around or finding_words(finding)))

    def _common(self, findings: Sequence[Finding]) -> dict[str, str]:
        return {"account": self.material.sources.account.name, "when": self.when(findings)}

    def _problems(self, text: str, findings: Sequence[Finding]) -> tuple[Problem, ...]:
        sources = self.material.sources
        return verify_groups(
            text,
            [sources.quotes(finding) for finding in findings],
            context=sources.context(findings),
            own_words=self.wording.words,
        )

    def _names_pass(
        self, key: str, findings: Sequence[Finding], name: Callable[[Finding], str], values: dict[str, str]
    ) -> bool:
        texts = render(self.wording.sentences[key], {**self._common(findings), **values, "names": name(findings[0])})
        return any(not self._problems(text, findings) for text in texts)

    def _flagged(self, text: str, findings: Sequence[Finding]) -> str:
        facts = [f for f in findings if f.kind == "fact" and self.material.contested(f)]
        if not facts or self.wording.section in ("contested", "questions"):
            return text
        return f"{text} {self.wording.sentences['flag'][0]}"


def spoken_only(claims: Sequence[Claim]) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims that say something, and the findings that were left out: a count of them is no claim."""
    silent = [finding_id for claim in claims if not claim.text for finding_id in claim.finding_ids]
    return tuple(claim for claim in claims if claim.text), tuple(dict.fromkeys(silent))


def excerpt(quote: str, around: Iterable[str], limit: int = QUOTE_LIMIT) -> str:
    """At most about `limit` characters of `quote`, whole words, around the first of `around` that stands in it; `…`
    marks what was left out.

    It begins with the quote where the words then fit, else with a clause, and ends with one where it can.
    """
    folded = " ".join(quote.split())
    if len(folded) <= limit:
        return folded
    lower = folded.casefold()
    word = next((word for word in around if word and word.casefold() in lower), "")
    found = lower.find(word.casefold())
    start = 0 if found + len(word) <= limit else _beginning(folded, found, limit)
    if start + limit >= len(folded):
        return f"… {folded[start:]}"
    end = _ending(folded, max(found + len(word), start + limit * 3 // 4), start + limit)
    return ("… " if start else "") + folded[start:end].rstrip(" ,;:–—•") + " …"


def _beginning(text: str, found: int, limit: int) -> int:
    """Where an excerpt begins that is to show what stands at `found`: with a clause not far before it, or a word."""
    clause = _CLAUSE.search(text, max(0, found - limit // 2), found)
    return clause.end() if clause else text.rfind(" ", 0, max(0, min(found - limit // 4, len(text) - limit))) + 1


def _ending(text: str, least: int, most: int) -> int:
    """Where an excerpt ends: with the last clause between the two places, or with a word."""
    clauses = [clause.start() for clause in _CLAUSE.finditer(text, min(least, most), most)]
    if clauses:
        return clauses[-1]
    end = max(text.rfind(" ", 0, most + 1), least)
    hanging = _HANGING.search(text, least, end)
    return hanging.start() if hanging else end


def inner(quote: str) -> str:
    """A quote as it may stand inside “…”: white space folded, its own quotation marks single, no full stop."""
    return " ".join(quote.replace("“", "‘").replace("”", "’").split()).rstrip(" .")


def finding_words(finding: Finding) -> tuple[str, ...]:
    """The attribute values that a quote is best cut around."""
    return tuple(
        text for name in ("phrase", "company", "name", "place", "value", "product") if (text := finding.text(name))
    )


def _ids(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.id for finding in findings))
