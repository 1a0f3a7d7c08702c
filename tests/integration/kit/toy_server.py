"""The toy as a process of its own, served as every service is: something that can be killed.

    python -m tests.integration.kit.toy_server PORT ROLES SCRIPT

Settings come from the environment. SCRIPT is JSON: what the handlers do besides their work, by what is about to
happen: `{"submitted:i": {"seconds": 2}}` waits, `{"submitted:i": {"dies": "path"}}` ends the process unless the file
is there, and makes it first: only the first that comes along dies; `{"count:c": {"closes": true}}` closes the
connection to NATS.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import uvicorn

from kit.process import app_of
from tests.integration.kit.toy import Toy, new_toy


def main(port: str, roles: str, script: str) -> None:
    acts: dict[str, dict[str, Any]] = json.loads(script)

    def hook(what: str) -> Awaitable[None] | None:
        act = acts.get(what, {})
        if "dies" in act:
            marker = Path(act["dies"])
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), 9)
        if "closes" in act:
            return made[0].connection.close()
        return asyncio.sleep(act["seconds"]) if "seconds" in act else None

    made: list[Toy] = []
    app = app_of(new_toy(hook, made), roles=tuple(roles.split(",")))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_config=None, access_log=False, timeout_graceful_shutdown=10)


if __name__ == "__main__":
    main(*sys.argv[1:])
