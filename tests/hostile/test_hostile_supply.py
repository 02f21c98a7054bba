"""What the program is made of: pinned by hash, scanned, and free of pickles."""

from __future__ import annotations

import ast
import json
import pickle
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks.audit import Audit, read_report

ROOT = Path(__file__).parents[2]
CODE = [path for room in ("research", "pipelines", "benchmarks") for path in sorted((ROOT / room).rglob("*.py"))]
PINS = sorted(ROOT.glob("constraints*.txt"))
# What reads or writes Python objects as bytes; each of them can run code when it reads.
PICKLING = frozenset({"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "copyreg"})


def _requirements(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("file", PINS, ids=lambda path: path.name)
def test_every_package_is_pinned_to_one_version_with_its_hashes_and_no_index(file) -> None:
    requirements = _requirements(file)
    assert len(requirements) > 20
    loose = [line.split()[0] for line in requirements if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", line)]
    assert loose == []
    bare = [line.split()[0] for line in requirements if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", line)]
    assert bare == []
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|@ file", text)


def test_what_the_program_needs_is_pinned() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    pinned = {re.split(r"[=\[ ]", line)[0].lower() for line in _requirements(ROOT / "constraints.txt")}
    assert {re.split(r"[<>=\[ ]", name)[0].lower() for name in wanted} <= pinned


def _imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def _unpickling(tree: ast.AST) -> list[int]:
    """Lines that let NumPy or PyTorch unpickle, or that import by name."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if given.get("allow_pickle", "False") != "False":
            lines.append(node.lineno)
        if name in ("torch.load", "np.fromfile", "numpy.fromfile") and given.get("weights_only") != "True":
            lines.append(node.lineno)
        if name.endswith("import_module") and node.args and ast.unparse(node.args[0]).strip("'\"") in PICKLING:
            lines.append(node.lineno)
    return lines


def test_nothing_of_ours_reads_or_writes_pickles() -> None:
    """Stored, fetched and shipped data is JSON, npz, text or SQLite. Processes of one run may pass Python objects to
    one another as they please (dask does): nobody else has written those."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in CODE}
    assert len(trees) > 300
    assert {path.name: found for path, tree in trees.items() if (found := _imported(tree) & PICKLING)} == {}
    assert {path.name: lines for path, tree in trees.items() if (lines := _unpickling(tree))} == {}


def test_the_search_for_pickles_finds_them() -> None:
    assert _imported(ast.parse("import pickle as p\nfrom joblib import load")) == {"pickle", "joblib"}
    assert _unpickling(ast.parse("np.load(f, allow_pickle=True)\ntorch.load(g)")) == [1, 2]


def test_no_file_that_is_shipped_is_a_pickle() -> None:
    shipped = [path for path in (ROOT / "corpora").rglob("*") if path.is_file()]
    assert len(shipped) > 50
    assert [path.name for path in shipped if path.suffix in (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin")] == []
    # protocol 2 and later begin with 0x80 and their number, and end with a full stop
    heads = [path for path in shipped if re.match(rb"\x80[\x02-\x05]", path.read_bytes()[:2])]
    assert heads == []


def test_an_attempt_to_unpickle_fails_wherever_the_suite_makes_it() -> None:
    """`tests/conftest.py` sets an audit hook: `pickle.find_class` is what every unpickling of an object raises."""
    harmless = pickle.dumps(Path("x"))
    with pytest.raises(RuntimeError, match="unpickling"):
        pickle.loads(harmless)


def test_bandit_finds_nothing_that_is_not_explained() -> None:
    command = [
        sys.executable,
        "-m",
        "bandit",
        "-q",
        "-c",
        "pyproject.toml",
        "-f",
        "json",
        "-r",
        "research",
        "pipelines",
        "benchmarks",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    results = json.loads(done.stdout)["results"]
    assert [f"{r['filename']}:{r['line_number']} {r['test_id']}" for r in results] == []
    for path in CODE:
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"#\s*nosec", line):
                assert re.search(r"nosec B\d{3}", line), f"{path.name}: {line.strip()}"
                rest = re.sub(r"#\s*(nosec B\d{3}|noqa: S\d{3})", "", line.split("#", 1)[1] if "#" in line else "")
                assert re.search(r"[a-z]{3}", rest), f"{path.name}: no reason beside nosec: {line.strip()}"


@pytest.mark.parametrize(
    ("packages", "line"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], "x: 1 packages asked about, 0 vulnerable"),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}, {"name": "b", "version": "2", "vulns": []}],
            "x: 2 packages asked about, 1 vulnerable",
        ),
        (
            [{"name": "a", "skip_reason": "not found"}],
            "x: 0 packages asked about, 0 vulnerable, 1 could not be asked about (the first: a: not found)",
        ),
    ],
)
def test_an_audit_counts_whom_it_could_not_ask_about(packages, line) -> None:
    assert read_report("x", {"dependencies": packages}).line == line
    assert "could not be asked: gone" in Audit(file="x", asked=0, trouble="gone").line
