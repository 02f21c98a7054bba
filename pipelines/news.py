"""What the brief opens with: the changes since the last meeting with the account."""

from __future__ import annotations

from dataclasses import replace

from pipelines.bootstrap import Workspace
from pipelines.changes import news_of
from research.export.as_news import is_internal_change
from research.model.draft import Brief
from research.store.history import state_at
from research.store.meetings import last_meeting


def with_news(brief: Brief, workspace: Workspace, *, internal: bool = True) -> Brief:
    """The brief with what changed since the last meeting. It stays as it is where no meeting is known, nothing had been
    read by then, or it is made as of a past day; the team's own documents are spoken of only with `internal`."""
    account = brief.account
    day = last_meeting(workspace.store, account.id, workspace.today)
    past = brief.as_of[:10] < workspace.today
    if day is None or past or not state_at(workspace.store, account.id, day).findings:
        return brief
    news = news_of(account, day, workspace)
    if not internal:
        news = replace(news, changes=tuple(c for c in news.changes if not is_internal_change(c)))
    return replace(brief, news=news)
