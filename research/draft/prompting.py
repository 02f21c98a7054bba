"""What a model is told about one section: the section's prompt, and findings as data that cannot end its own block."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from research.draft.sources import Sources
from research.errors import DossierError
from research.model.draft import Section
from research.model.finding import Finding, Theme
from research.text.suspicion import suspicion

MODEL_SECTIONS: Final = ("snapshot", "why_now", "profile", "goals", "pains", "people", "market")
"""The sections that a model may word: the others speak of our own side, or weigh sources against one another."""
MOST_FINDINGS: Final = 40  # that a prompt gives: about three pages, and more than any section has lines for
MOST_QUOTE: Final = 600  # characters of a quote in a prompt
_PARTS: Final = re.compile(r"^# (System|User)\s*$", re.MULTILINE)
_KNOWN: Final = frozenset({"account", "as_of", "themes", "findings"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One section's prompt; `sha256` is of its files, `variables` are the names that `user` is filled with."""

    section: str
    system: str
    user: str
    variables: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model is asked: its answer may cite `findings` and nothing else."""

    section: str
    system: str
    user: str
    findings: tuple[Finding, ...]
    limit: int


@cache
def load_prompt(section: str) -> Prompt:
    """The prompt in `prompts/SECTION`; DossierError where its files do not agree with one another."""
    folder = files("prompts").joinpath(section)
    settings = tomllib.loads(folder.joinpath("prompt.toml").read_text("utf-8"))
    parts = _PARTS.split(folder.joinpath("prompt.md").read_text("utf-8"))
    if [parts[0].strip(), *parts[1::2]] != ["", "System", "User"]:
        raise DossierError(f"prompts/{section}/prompt.md: needs exactly the headings System and User, in this order")
    system, user = parts[2].strip(), parts[4].strip()
    used = {name for _, name, _, _ in Formatter().parse(user) if name}
    declared = set(settings["variables"])
    if used != declared:
        raise DossierError(f"prompts/{section}: its text and its variables differ in {sorted(used ^ declared)}")
    if section in MODEL_SECTIONS and (unknown := declared - _KNOWN):
        raise DossierError(f"prompts/{section}: nothing fills {sorted(unknown)}")
    output = f'\n\nOutput: one JSON object {{"claims": [...]}}, {settings["output"]["claims"]}'
    return Prompt(
        section=section,
        system=system,
        user=user + output.replace("{", "{{").replace("}", "}}"),
        variables=tuple(sorted(declared)),
        limit=int(settings.get("limit", 8)),
    )


def request_of(section: Section, findings: Mapping[str, Finding], themes: Sequence[Theme], sources: Sources) -> Request:
    """The request for a section that is drafted from templates already: the model gets the findings that it cites."""
    prompt = load_prompt(section.name)
    cited = dict.fromkeys((*(i for claim in section.claims for i in claim.finding_ids), *section.left_out))
    given = tuple(findings[i] for i in cited if i in findings and _harmless(findings[i], sources))[:MOST_FINDINGS]
    ids = {finding.id for finding in given}
    values = {
        "account": _data(sources.account.name),
        "as_of": _data(sources.as_of[:10]),
        "findings": "\n".join(_data(_row(finding, sources)) for finding in given),
        "themes": "\n".join(
            _data({"label": theme.label, "findings": sorted(ids.intersection(theme.finding_ids))}) for theme in themes
        ),
    }
    return Request(
        section=section.name,
        system=prompt.system,
        user=prompt.user.format_map({name: values[name] for name in prompt.variables}),
        findings=given,
        limit=max(prompt.limit, len(section.claims)),
    )


def _harmless(finding: Finding, sources: Sources) -> bool:
    """Whether nothing of a finding addresses a model; an analyst's own words are not handed on either."""
    said = (str(value) for _, value in finding.attributes if isinstance(value, str))
    return not any(suspicion(text) for text in (*said, *sources.quotes(finding)))


def _row(finding: Finding, sources: Sources) -> dict[str, Any]:
    day, published = sources.date(finding)
    return {
        "id": finding.id,
        "kind": finding.kind,
        "attributes": {name: value for name, value in finding.attributes if value is not None},
        "date": day,
        "published": published,
        "quotes": [quote[:MOST_QUOTE] for quote in sources.quotes(finding)[:3]],
    }


def _data(value: object) -> str:
    """JSON that holds no mark of markup, so that no quote can close the block that it stands in."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for char in "<>&`#|":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
