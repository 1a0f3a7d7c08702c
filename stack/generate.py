"""Write the files under deploy/ that follow from other files there.

python -m stack.generate            # writes them
python -m stack.generate --check    # exit code 1 when one is not current
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.places import REPOSITORY


def generated() -> Mapping[Path, str]:
    """What each file should hold."""
    from stack.servers import SERVICES
    from stack.servers.permissions import declared_durables, render

    return {REPOSITORY / "deploy" / "nats" / "permissions.conf": render(SERVICES, declared_durables())}


def main(arguments: Sequence[str]) -> int:
    stale = []
    for path, text in generated().items():
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(REPOSITORY)))
    if stale:
        print(f"not current: {', '.join(stale)}; run: python -m stack.generate", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
