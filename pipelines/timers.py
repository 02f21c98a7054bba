"""A systemd timer or a cron line that runs `dossier refresh --due`: written only where somebody asks for it."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from research.errors import DossierError
from research.export.write import write_file

NAME: Final = "dossier-refresh"
_MARK: Final = "# dossier refresh"
_SECONDS: Final = 20  # crontab and systemctl answer at once or never


def _words(command: Sequence[str], home: Path) -> list[str]:
    return [*command, "refresh", "--due", "--home", str(home), "--out", str(home / "briefs")]


def systemd_units(command: Sequence[str], home: Path, every: int) -> Mapping[str, str]:
    """The unit files by name: a run each `every` hours, spread over ten minutes, made up for once after an outage."""
    words = " ".join(_unit_word(word) for word in _words(command, home))
    hours = "*" if every == 1 else f"0/{every}"
    service = (
        "[Unit]\nDescription=Account Dossier: read again what is due\nAfter=network-online.target\n\n"
        f"[Service]\nType=oneshot\nNice=10\nExecStart={words}\n"
    )
    timer = (
        "[Unit]\nDescription=Account Dossier: look each hour what is due\n\n"
        f"[Timer]\nOnCalendar=*-*-* {hours}:00:00\nRandomizedDelaySec=10min\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return {f"{NAME}.service": service, f"{NAME}.timer": timer}


def _unit_word(word: str) -> str:
    """A word of ExecStart: quoted, and without meaning for systemd (systemd.service(5), systemd.unit(5))."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(c in word for c in " \t;'\"\\") else plain


def install_systemd(units: Mapping[str, str]) -> tuple[str, ...]:
    """Write the units into the user's folder and start the timer; what was done, in words."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    for name, text in units.items():
        write_file(folder / name, text.encode())
    _run(("systemctl", "--user", "daemon-reload"))
    _run(("systemctl", "--user", "enable", "--now", f"{NAME}.timer"))
    return (*(str(folder / name) for name in units), f"started: systemctl --user status {NAME}.timer shows it")


def cron_line(command: Sequence[str], home: Path, every: int) -> str:
    """The line of a crontab: a run each `every` hours, at a minute that belongs to the home folder."""
    minute = sum(str(home).encode()) % 60
    hours = "*" if every == 1 else f"*/{every}"
    words = shlex.join(_words(command, home)).replace("%", "\\%")  # cron ends a command at a bare one (crontab(5))
    return f"{minute} {hours} * * * {words} {_MARK}"


def install_cron(line: str) -> str:
    """Put the line into the user's crontab, in the place of an earlier one; what was done, in words."""
    present = _run(("crontab", "-l"), unless="no crontab")
    kept = [old for old in present.splitlines() if not old.endswith(_MARK)]
    _run(("crontab", "-"), text="\n".join([*kept, line]) + "\n")
    return f"in the crontab: {line}"


def _run(command: Sequence[str], *, text: str | None = None, unless: str | None = None) -> str:
    """What a command prints; nothing where it fails with the words `unless`, DossierError where it fails otherwise."""
    try:
        done = subprocess.run(  # noqa: S603  (fixed commands of the system)  # nosec B603
            command, input=text, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError:
        raise DossierError(f"{command[0]} is not installed here: use --print and set the timer up by hand") from None
    except subprocess.TimeoutExpired:
        raise DossierError(f"{command[0]} does not answer: use --print and set the timer up by hand") from None
    if done.returncode and not (unless and unless in done.stderr):
        raise DossierError(f"{' '.join(command)} failed: {done.stderr.strip()[:200] or f'exit {done.returncode}'}")
    return done.stdout if not done.returncode else ""
