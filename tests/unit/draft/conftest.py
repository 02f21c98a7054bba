from __future__ import annotations

import sys
from pathlib import Path

# The fixture company stands with the exports' tests; the tests of this room draft it too.
sys.path.append(str(Path(__file__).parents[1] / "export"))
