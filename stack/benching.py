"""`guanwei bench`: runs the measuring programs, which lie in the repository and are not part of what is shipped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from stack.places import REPOSITORY


def run(arguments: Sequence[str]) -> int:
    """0 when every bar holds."""
    if not (REPOSITORY / "bench").is_dir():
        print("guanwei bench: only a checkout of the repository can measure; bench/ is not here", file=sys.stderr)
        return 2
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run([sys.executable, "-m", "bench", *arguments], env=environment, check=False).returncode
