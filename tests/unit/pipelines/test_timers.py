"""Timers: units and a cron line that hold for odd paths, and an installation that keeps what is there."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

import pytest

from pipelines.timers import cron_line, install_cron, install_systemd, systemd_units
from research.errors import DossierError

COMMAND = ("/opt/py thon/bin/python", "-m", "pipelines.cli")


def test_units_start_what_is_due_and_make_up_for_an_outage_once() -> None:
    units = systemd_units(COMMAND, Path("/home/ana/100% data"), 2)
    service, timer = units["dossier-refresh.service"], units["dossier-refresh.timer"]
    assert (
        'ExecStart="/opt/py thon/bin/python" -m pipelines.cli refresh --due --home "/home/ana/100%% data" '
        '--out "/home/ana/100%% data/briefs"'
    ) in service
    assert "OnCalendar=*-*-* 0/2:00:00" in timer
    assert "Persistent=true" in timer


def test_a_cron_line_has_five_fields_and_no_bare_percent_sign() -> None:
    line = cron_line(COMMAND, Path("/home/ana/100% data"), 3)
    minute, hours, *rest = line.split(" ", 5)
    assert 0 <= int(minute) < 60
    assert hours == "*/3"
    assert rest[:3] == ["*", "*", "*"]
    assert "%" not in line.replace("\\%", "")
    words = shlex.split(line.split(" ", 5)[5].replace("\\%", "%"), comments=True)
    assert words[-4:] == ["--home", "/home/ana/100% data", "--out", "/home/ana/100% data/briefs"]
    assert cron_line(COMMAND, Path("/home/ana"), 1).split()[1] == "*"


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


def test_a_crontab_keeps_its_other_lines_and_has_ours_once(path: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_text("5 4 * * * backup\n", encoding="utf-8")
    program(path, "crontab", f'if [ "$1" = "-l" ]; then cat "{table}"; else cat > "{table}"; fi')
    for every in (1, 4):
        install_cron(cron_line(COMMAND, tmp_path, every))
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "5 4 * * * backup"
    assert len(lines) == 2
    assert lines[1].split()[1] == "*/4"


def test_a_crontab_that_cannot_be_read_is_not_overwritten(path: Path, tmp_path: Path) -> None:
    wrote = tmp_path / "wrote"
    program(path, "crontab", f'if [ "$1" = "-l" ]; then echo "not allowed" >&2; exit 1; else touch "{wrote}"; fi')
    with pytest.raises(DossierError, match="not allowed"):
        install_cron(cron_line(COMMAND, tmp_path, 1))
    assert not wrote.exists()
    program(
        path, "crontab", f'if [ "$1" = "-l" ]; then echo "no crontab for ana" >&2; exit 1; else cat > "{wrote}"; fi'
    )
    install_cron(cron_line(COMMAND, tmp_path, 1))
    assert wrote.read_text(encoding="utf-8").count("\n") == 1


def test_units_are_written_and_started_on_request(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    program(path, "systemctl", f'echo "$@" >> "{tmp_path / "calls"}"')
    told = install_systemd(systemd_units(COMMAND, tmp_path, 1))
    folder = tmp_path / "config" / "systemd" / "user"
    assert sorted(file.name for file in folder.iterdir()) == ["dossier-refresh.service", "dossier-refresh.timer"]
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert calls == ["--user daemon-reload", "--user enable --now dossier-refresh.timer"]
    assert "started" in told[-1]


def test_a_missing_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DossierError, match="crontab is not installed here: use --print"):
        install_cron("line")
