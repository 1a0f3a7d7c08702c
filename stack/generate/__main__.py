"""Write what follows from other files.

python -m stack.generate [PATH…]            # writes it
python -m stack.generate --check [PATH…]    # exit code 1, naming what is not current
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from stack.generate.files import NotAdditive, check, write


def main(arguments: Sequence[str]) -> int:
    only = [argument.rstrip("/") for argument in arguments if argument != "--check"]
    try:
        if "--check" not in arguments:
            print(f"{len(write(only))} files written")
            return 0
        stale = check(only)
    except NotAdditive as refused:
        print(refused, file=sys.stderr)
        return 1
    if stale:
        print(f"not current: {', '.join(stale)}; run: python -m stack.generate", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
