"""Messages about changes to those who asked for them in notify.toml; each change goes out once a rule."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipelines.bootstrap import Workspace
from pipelines.changes import steps_of
from research.errors import DossierError, UsageError
from research.export.as_changes import change_text
from research.export.as_news import headline
from research.model.account import Account
from research.model.change import ChangeType, ToldChange
from research.model.finding import FindingKind
from research.net.notify import Notifier
from research.store.accounts import list_accounts
from research.store.notices import Notice, mark_sent, note_run, queue_notices, unsent_notices, until_of

LOOK_BACK: Final = 7  # days before its last run that a rule looks at again: a change bears the moment of the fetch
# that showed it, and a long run may find it out days later; what was told is not told again
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_Name = Annotated[str, Field(min_length=1, max_length=80)]


class Rule(BaseModel):
    """Who is told what: an empty list leaves its point open; `targets` name environment variables that hold apprise
    addresses, since those hold secrets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Name
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    kinds: tuple[FindingKind, ...] = ()
    topics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    changes: tuple[ChangeType, ...] = ()
    segments: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    importance: Annotated[int, Field(ge=0, le=100)] = 0

    @field_validator("targets")
    @classmethod
    def _variables(cls, targets: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_VARIABLE.fullmatch(target) for target in targets):
            raise ValueError(
                "name environment variables such as SALES_CHAT: an address holds a secret and may not stand in the file"
            )
        return targets

    def wants(self, account: Account, change: ToldChange) -> bool:
        """Whether a change of an account is one that this rule tells."""
        return (
            change.importance >= self.importance
            and (not self.kinds or change.kind in self.kinds)
            and (not self.topics or any(_under(change.topic, topic) for topic in self.topics))
            and (not self.fields or change.topic.partition(".")[2] in self.fields)
            and (not self.changes or change.change in self.changes)
            and (not self.segments or account.segment in self.segments)
            and (not self.accounts or account.id in self.accounts)
        )


class Rules(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Annotated[tuple[Rule, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a run told: lines for the user, how many messages went out, and why others did not."""

    lines: tuple[str, ...]
    sent: int
    failed: tuple[str, ...]


Send = Callable[[str, str, str], str | None]


def load_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a TOML file; UsageError for what is missing, unknown or of another kind."""
    try:
        rules = Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).rule
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file; docs/refresh.md shows one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is no valid TOML: {error}") from error
    except ValidationError as error:
        raise UsageError(f"{path}: {_complaint(error)}") from error
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        raise UsageError(f"{path}: two rules have one name; what was sent is kept by the name of its rule")
    return rules


def send_notices(
    rules: Sequence[Rule],
    workspace: Workspace,
    *,
    since: str | None = None,
    dry_run: bool = False,
    send: Send | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Sent:
    """Queue what each rule wants and has not told yet, then send what is queued, what failed before included.

    A message is queued before it is sent and marked right after: one that a crash cuts off goes out with the next run.
    """
    addresses = _addresses(rules, environment)
    wanted = [notice for rule in rules for notice in _wanted(rule, workspace, since)]
    if dry_run:
        fresh = queue_notices(workspace.store, wanted, only_look=True)
        return Sent(lines=tuple(f"{n.rule} to {n.target}: {n.title}" for n in fresh), sent=len(fresh), failed=())
    queue_notices(workspace.store, wanted)
    for rule in rules:
        note_run(workspace.store, rule.name, workspace.clock())
    return _send_queued(rules, addresses, workspace, send or Notifier().send)


def _send_queued(rules: Sequence[Rule], addresses: Mapping[str, str], workspace: Workspace, send: Send) -> Sent:
    lines: list[str] = []
    failed: list[str] = []
    sent = 0
    for notice in unsent_notices(workspace.store, [rule.name for rule in rules]):
        if notice.target not in addresses:
            continue  # the rule names it no longer
        problem = send(addresses[notice.target], notice.title, notice.body)
        if problem:
            failed.append(f"{notice.rule} to {notice.target}: {problem}")
            continue
        mark_sent(workspace.store, notice, workspace.clock())
        lines.append(f"{notice.rule} to {notice.target}: {notice.title}")
        sent += 1
    return Sent(lines=tuple(lines), sent=sent, failed=tuple(failed))


def _wanted(rule: Rule, workspace: Workspace, since: str | None) -> Iterator[Notice]:
    last = min(until_of(workspace.store, rule.name) or workspace.clock(), workspace.clock())
    start = since or _days_before(last, LOOK_BACK)
    for account in list_accounts(workspace.store):
        for change in reversed(steps_of(account, start, workspace)):
            for target in rule.targets if rule.wants(account, change) else ():
                yield Notice(
                    rule=rule.name,
                    target=target,
                    change_id=change.id,
                    account_id=account.id,
                    noted=change.at,
                    title=f"{account.name}: {headline(change)}"[:200],
                    body=change_text(change),
                )


def _addresses(rules: Sequence[Rule], environment: Mapping[str, str]) -> dict[str, str]:
    wanted = dict.fromkeys(target for rule in rules for target in rule.targets)
    missing = [target for target in wanted if not environment.get(target)]
    if missing:
        raise DossierError(f"the environment variable {missing[0]} is not set: it must hold an apprise address")
    return {target: environment[target] for target in wanted}


def _days_before(now: str, days: int) -> str:
    return (datetime.fromisoformat(now) - timedelta(days=days)).isoformat(timespec="seconds")


def _under(topic: str, wanted: str) -> bool:
    return topic == wanted or topic.startswith(f"{wanted}.") or topic.partition(".")[2] == wanted


def _complaint(error: ValidationError) -> str:
    every = error.errors(include_url=False, include_input=False)
    first = next((one for one in every if one["type"] == "extra_forbidden"), every[0])
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = (
            "the file holds [[rule]] tables" if len(first["loc"]) == 1 else f"a rule has {', '.join(Rule.model_fields)}"
        )
        return f"unknown key {first['loc'][-1]!r}: {known}"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
