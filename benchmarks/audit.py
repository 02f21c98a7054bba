"""`python -m benchmarks.audit FILE…`: known vulnerabilities of pinned packages, and honestly so.

pip-audit calls a package that its service knows nothing of skipped, and says that nothing was found. Here a package
that could not be asked about counts as such, and the command fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

VULNERABLE: Final = 1
UNASKED: Final = 3
_SECONDS: Final = 900  # a service that is asked about two hundred packages one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What a service said of one file of pins: `found` are packages with the vulnerabilities that it knows of."""

    file: str
    asked: int
    found: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def line(self) -> str:
        """One line for the user."""
        if self.trouble:
            return f"{self.file}: the service could not be asked: {self.trouble}"
        unasked = (
            f", {len(self.unasked)} could not be asked about (the first: {self.unasked[0]})" if self.unasked else ""
        )
        return f"{self.file}: {self.asked} packages asked about, {len(self.found)} vulnerable{unasked}"


def read_report(file: str, report: dict[str, Any]) -> Audit:
    """What pip-audit's JSON says."""
    packages = report["dependencies"]
    skipped = tuple(f"{p['name']}: {p['skip_reason']}" for p in packages if "skip_reason" in p)
    found = tuple(
        f"{p['name']} {p['version']}: {', '.join(v['id'] for v in p['vulns'])}" for p in packages if p.get("vulns")
    )
    return Audit(file=file, asked=len(packages) - len(skipped), found=found, unasked=skipped)


def audit(file: Path, service: str) -> Audit:
    """Ask the service about every package of a file of pins."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
        command += ["--vulnerability-service", service, "--format", "json", "--output", str(report), "-r", str(file)]
        done = subprocess.run(  # noqa: S603  # nosec B603 # this interpreter, and no shell
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        if not report.exists():
            last = done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"]
            return Audit(file=str(file), asked=0, trouble=last[-1][:300])
        return read_report(str(file), json.loads(report.read_text("utf-8")))


def main(arguments: Sequence[str] | None = None) -> int:
    """The lines of every file; VULNERABLE where something was found, UNASKED where somebody could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi")
    asked = parser.parse_args(arguments)
    audits = [audit(file, asked.service) for file in asked.files]
    for made in audits:
        sys.stdout.write("\n".join((made.line, *(f"  {package}" for package in made.found))) + "\n")
    if any(made.found for made in audits):
        return VULNERABLE
    return UNASKED if any(made.unasked or made.trouble for made in audits) else 0


if __name__ == "__main__":
    sys.exit(main())
