"""A claim's sentence taken apart for the eye: what to set bold, what small, and whose pain it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from research.model.draft import Claim
from research.model.finding import Finding

FLAG = "Sources differ; see Contested and uncertain."
_TAIL = re.compile(r"\s*\((?P<when>(?:as of|seen) [^()]{4,11})\)\.?$")
_OURS = re.compile(r"\s*\[Ours: (?P<ours>[^\[\]]*)\]\.?$")
_LABEL = re.compile(r"(?P<label>[^:“”]{2,60}): (?P<rest>.+)", re.DOTALL)
_COMMA = re.compile(r"(?P<label>[^,“”]{2,60}), (?P<rest>.+)", re.DOTALL)
_ASKED = re.compile(r"(?P<lead>.*(?:[.”)]|\)[.:,]))\s+(?P<ask>[^“”]{8,}\?)", re.DOTALL)
_COMMA_SECTIONS = ("why_now", "people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A footnote mark: `text` is one number or a run of them, `number` the note it leads to."""

    text: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One claim, ready to be set; the parts that it lacks are empty."""

    label: str = ""
    body: str = ""
    ask: str = ""
    ours: str = ""
    when: str = ""
    flagged: bool = False
    holder: str = ""
    theme: str = ""
    internal: bool = False
    word: str = ""  # "analyst's word", where no quote shows the line
    references: tuple[Reference, ...] = field(default=())


def set_line(section: str, claim: Claim, cited: list[Finding], theme: str, numbers: list[int]) -> Line:
    """The parts of a claim; together they say every word of it but the punctuation between them."""
    flagged = claim.text.endswith(FLAG)
    text = claim.text.removesuffix(FLAG).strip()
    if section == "questions":
        label, body, ask, ours, when = "", *_question(text), "", ""
    else:
        ask = ""
        text, ours = _cut(_OURS, text, "ours")
        text, when = _cut(_TAIL, text, "when")
        label, body = _labelled(section, text)
    return Line(
        label=label,
        body=body,
        ask=ask,
        ours=ours,
        when=when,
        flagged=flagged,
        holder=_holder(section, cited),
        theme=theme,
        references=references(numbers),
    )


def references(numbers: list[int]) -> tuple[Reference, ...]:
    """Footnote marks, three or more neighbouring numbers drawn together: 4–9."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    marks = [
        [Reference(text=f"{run[0]}–{run[-1]}", number=run[0])]
        if len(run) > 2
        else [Reference(text=str(number), number=number) for number in run]
        for run in runs
    ]
    return tuple(mark for run in marks for mark in run)


def _cut(pattern: re.Pattern[str], text: str, group: str) -> tuple[str, str]:
    match = pattern.search(text.rstrip("."))
    return (text[: match.start()], match[group]) if match else (text, "")


def _labelled(section: str, text: str) -> tuple[str, str]:
    pattern = _COMMA if section in _COMMA_SECTIONS else _LABEL
    match = pattern.match(text)
    return (match["label"], match["rest"]) if match else ("", text)


def _question(text: str) -> tuple[str, str]:
    match = _ASKED.fullmatch(text)
    if match is None:
        return "", text
    asked = match["ask"]
    return match["lead"].rstrip(":, "), asked[:1].upper() + asked[1:]


def _holder(section: str, cited: list[Finding]) -> str:
    """Whose pain a line of `pains` is; a line on several findings is the account's only if all of them are."""
    holders = {finding.text("holder") for finding in cited if finding.kind == "signal"}
    return (holders.pop() if len(holders) == 1 else "") if section == "pains" else ""
