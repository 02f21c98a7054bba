"""Changes of claims as lines of text, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from research.export.as_markdown import escape
from research.export.as_news import change_json, headline, shorten
from research.model.account import Account
from research.model.change import News, ToldChange

SCHEMA: Final = "dossier.changes/1"
_TYPES: Final = {"new": "New", "changed": "Changed", "lapsed": "Lapsed", "contradicted": "Contradicted"}


def change_text(change: ToldChange) -> str:
    """One change as lines of text: what, what it was, and both quotes."""
    head = f"{change.at[:10]} {change.change:<12} {change.importance:>3} {change.topic:<18} {headline(change)}"
    lines = [head]
    lines += [f"    before: “{shorten(change.quote_before)}” {change.url_before}"] if change.quote_before else []
    lines += [f"    now:    “{shorten(change.quote_after)}” {change.url_after}"] if change.quote_after else []
    lines += [f"    note:   {change.note}"] if change.note else []
    return "\n".join(lines)


def change_line(change: ToldChange) -> str:
    """The change as one item of a Markdown list, its quotes below it."""
    lines = [
        f"- **{_TYPES[change.change]}** {escape(headline(change))} *({escape(change.topic)}, {change.importance})*"
    ]
    for words, quote, url in (
        ("before", change.quote_before, change.url_before),
        ("now", change.quote_after, change.url_after),
    ):
        lines += [f"  - {words}: “{escape(shorten(quote))}” — {escape(url)}"] if quote else []
    lines += [f"  - {escape(change.note)}"] if change.note else []
    return "\n".join(lines)


def changes_markdown(account: Account, news: News) -> str:
    """The changes of one account as Markdown."""
    return f"# {escape(account.name)}: what changed\n\n{_section(news)}\n"


def digest_markdown(entries: Sequence[tuple[Account, News]], failed: Sequence[tuple[Account, str]], day: str) -> str:
    """The changes of many accounts as one Markdown page: the account with the weightiest change first, then the names
    of those with none, and those of which nothing can be said, with the reason."""
    told = [(account, news) for account, news in entries if news.changes]
    told.sort(key=lambda entry: (-entry[1].changes[0].importance, entry[0].id))
    parts = [f"# What changed at your accounts, as of {day[:10]}"]
    parts += [f"## {escape(account.name)}\n\n{_section(news)}" for account, news in told]
    quiet = sorted(account.name for account, news in entries if not news.changes)
    parts += [f"## No changes\n\n{escape(', '.join(quiet))}"] if quiet else []
    reasons = "\n".join(f"- {escape(account.name)}: {escape(reason)}" for account, reason in failed)
    parts += [f"## Not told\n\n{reasons}"] if failed else []
    return "\n\n".join(parts) + "\n"


def _section(news: News) -> str:
    lines = [change_line(change) for change in news.changes] or ["No claim changed."]
    return f"Since {escape(news.since[:10])}. {_folded(news)}\n\n" + "\n".join(lines)


def _folded(news: News) -> str:
    if not news.folded:
        return ""
    return f"{news.folded} {'rewording' if news.folded == 1 else 'rewordings and the like'} folded."


def changes_json(account: Account, news: News, until: str) -> str:
    """The changes as one JSON object."""
    data = {
        "schema": SCHEMA,
        "account": {"slug": account.id, "name": account.name},
        "since": news.since,
        "until": until,
        "folded": news.folded,
        "changes": [change_json(change) for change in news.changes],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def changes_text(changes: Iterable[ToldChange]) -> str:
    """Every change as lines of text."""
    return "\n".join(change_text(change) for change in changes)
