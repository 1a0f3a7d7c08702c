"""Real mongod and nats-server as children of this process: for the local stack and for tests alike.

mongod = await start_mongod(folder, port)      # a replica set of one, users made, primary
mongod.url("registry")                         # for one service: its own database, nothing else
await mongod.kill(); await mongod.restart()    # for chaos
await mongod.stop()
"""

from __future__ import annotations

from pathlib import Path

from stack.places import State
from stack.ports import free_ports
from stack.servers.mongod import Mongod
from stack.servers.nats import Nats, NatsPorts
from stack.servers.server import Server

SERVICES = ("registry", "review", "publisher", "micro_community")

__all__ = ["SERVICES", "Mongod", "Nats", "NatsPorts", "Server", "start_mongod", "start_nats"]


async def start_mongod(folder: Path, port: int | None = None) -> Mongod:
    """A mongod of its own with its data, log and secrets under `folder`, ready for every service."""
    mongod = Mongod(State(folder), port or free_ports(["mongod"])["mongod"], SERVICES)
    await mongod.start()
    return mongod


async def start_nats(folder: Path, port: int | None = None, monitor_port: int | None = None) -> Nats:
    """A nats-server of its own with its store, log and secrets under `folder`; it has no streams yet."""
    free = free_ports(["client", "monitor"])
    ports = NatsPorts(port or free["client"], monitor_port or free["monitor"])
    nats = Nats(State(folder), ports, SERVICES)
    await nats.start()
    return nats
