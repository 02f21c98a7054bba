"""The section `people`: who decides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from research.draft.material import Drafted, Material
from research.draft.sentence import Writer
from research.draft.wording import Wording
from research.model.draft import Claim
from research.model.finding import Finding
from research.text.names import fold

RANKS = ("top", "senior", "director")


def draft_people(material: Material, wording: Wording) -> Drafted:
    """People by rank of their role, former ones behind the present; a gap where nobody of the top is known."""
    writer = Writer(material=material, wording=wording)
    posts = sorted(material.of_kind("person"), key=lambda f: (f.get("current") is False, rank(f.text("role"), wording)))
    people = each_once(posts)
    claims = writer.limited(people, wording.limits["limit"], lambda f: _say(writer, f))
    if not people:
        return Drafted(gaps=(writer.gap("people"),))
    led = any(rank(f.text("role"), wording) == 0 and f.get("current") is not False for f in people)
    return Drafted(claims=claims, gaps=() if led else (writer.gap("decision_maker"),))


def each_once(posts: Sequence[Finding]) -> list[Finding]:
    """Everybody's leading post in the given order, the one that is known to be held before others, and behind them all
    the further posts: a person with three titles takes one line of the page."""
    leading: dict[str, Finding] = {}
    for post in sorted(posts, key=lambda f: f.get("current") is not True):
        leading.setdefault(_who(post), post)
    chosen = {post.id for post in leading.values()}
    return [f for f in posts if f.id in chosen] + [f for f in posts if f.id not in chosen]


def _who(post: Finding) -> str:
    """First and last part of a name, as the finding's id takes it."""
    parts = fold(post.text("name")).split()
    return f"{parts[0]} {parts[-1]}" if parts else post.id


def rank(role: str, wording: Wording) -> int:
    """0 for the top of a company, 1 for vice presidents and heads, 2 for directors, 3 for everybody else."""
    for place, name in enumerate(RANKS):
        lowered = place == 0 and _has(role, wording.ranks["not_top"])
        if _has(role, wording.ranks[name]) and not lowered:
            return place
    return len(RANKS)


def _has(role: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", role, re.IGNORECASE) for word in words)


def _say(writer: Writer, finding: Finding) -> tuple[Claim, ...]:
    key = "former" if finding.get("current") is False else "current"
    role = " ".join(finding.text("role").split())
    return writer.say(key, finding, name=finding.text("name"), role=role)
