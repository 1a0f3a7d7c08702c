"""How an operation becomes an exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine


def run(work: Coroutine[object, object, int]) -> int:
    """The operation's exit code; 1 with one line on standard error when it is refused or a server is away."""
    from nats.errors import Error as NatsError
    from pymongo.errors import PyMongoError

    from kit.refusal import Refusal
    from stack.operations.access import NothingToWorkOn

    try:
        return asyncio.run(work)
    except Refusal as refusal:
        print(f"guanwei: {refusal.code}: {refusal.shown}", file=sys.stderr)
    except (NothingToWorkOn, NatsError, PyMongoError, OSError) as error:
        print(f"guanwei: {str(error) or type(error).__name__}", file=sys.stderr)
    return 1
