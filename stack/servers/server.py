"""What mongod and nats-server have in common: start until ready, stop, kill, freeze, start again."""

from __future__ import annotations

import asyncio
import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping

from stack.child import Child, Launch
from stack.places import State
from stack.ports import require_free


class ServerFailed(Exception):
    """The server ended before it was ready; the text has its last lines."""


class Server(ABC):
    """A server program with its data, log and configuration in `state`. The data outlives every stop and kill."""

    name: str

    def __init__(self, state: State, ports: Mapping[str, int]) -> None:
        self.state = state.make()
        self.ports = dict(ports)
        self.child: Child | None = None

    @abstractmethod
    def launch(self) -> Launch:
        """The program with its configuration, which is written now."""

    @abstractmethod
    async def prepare(self) -> None:
        """Return once clients can work with the server."""

    @property
    def pid(self) -> int:
        assert self.child is not None, f"{self.name} was never started"
        return self.child.pid

    async def start(self, seconds: float = 30.0) -> None:
        """Start and wait until ready. Raises PortTaken, ServerFailed, or NotReady after `seconds`."""
        require_free(self.ports)
        self.child = child = Child(self.launch())
        ended = asyncio.ensure_future(child.wait())
        ready = asyncio.ensure_future(self.prepare())
        try:
            await asyncio.wait({ended, ready}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                return ready.result()
            await child.kill()
            raise ServerFailed(f"{self.name} is not ready after {seconds:.0f} s or ended:\n" + "\n".join(child.tail))
        finally:
            ended.cancel()
            ready.cancel()

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()

    async def kill(self) -> None:
        """SIGKILL, as a crash of the process."""
        if self.child is not None:
            await self.child.kill()

    async def restart(self) -> None:
        """Start again on the same data and port, stopping first if it runs."""
        await self.stop()
        await self.start()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)
