"""The toy as a child process on the servers of a house."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from stack.child import Child, Launch
from stack.places import REPOSITORY
from stack.ports import free_ports
from tests.integration.kit.toy import new_toy
from tests.support.services import House, eventually

READY_SECONDS = 40.0


@dataclass
class Spawned:
    """A running process; `http` speaks to it."""

    child: Child
    http: httpx.AsyncClient

    async def ready(self) -> Spawned:
        """Wait until it says that nothing is missing."""

        async def look() -> Any:
            return self.child.returncode is not None or (await self.readiness())[0] == 200

        await eventually(look, "a ready process", seconds=READY_SECONDS)
        assert self.child.returncode is None, "\n".join(self.child.tail)
        return self

    async def readiness(self) -> tuple[int, list[str]]:
        """The answer of /readyz; 0 when nobody answers."""
        try:
            answer = await self.http.get("/readyz")
        except httpx.TransportError:
            return 0, []
        return answer.status_code, answer.json()["missing"]

    async def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = (await self.http.get("/metrics")).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.partition("{")[0].split(" ")[0] == name)

    def cpu_seconds(self) -> float:
        """Processor time that it has used."""
        fields = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.asynccontextmanager
async def spawned(
    house: House, *, roles: str = "http,worker", script: Mapping[str, Any] | None = None, **settings: Any
) -> AsyncIterator[Spawned]:
    """The toy in a process that dies with the block; wait for `ready()` yourself. Keyword arguments are settings."""
    port = free_ports(["toy"])["toy"]
    command = (sys.executable, "-m", "tests.integration.kit.toy_server", str(port), roles, json.dumps(script or {}))
    values = house.settings(new_toy(), **settings).model_dump()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    environment |= {f"GUANWEI_{name.upper()}": _plain(value) for name, value in values.items()}
    child = Child(Launch(command, environment, REPOSITORY))
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False, verify=False
        ) as http:
            yield Spawned(child, http)
    finally:
        await child.kill()


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
