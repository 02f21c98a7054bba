"""Writes the golden file of a kind from its example: `python -m tests.sources.write_golden KIND`; read it before it is kept."""

from __future__ import annotations

import json
import sys

from .example import EXAMPLES, golden_of, load_example, run_example

if __name__ == "__main__":
    for name in sys.argv[1:]:
        golden = golden_of(run_example(load_example(name)))
        text = json.dumps(golden, indent=1, ensure_ascii=False) + "\n"
        (EXAMPLES / name / "golden.json").write_text(text, encoding="utf-8")
