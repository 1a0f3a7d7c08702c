"""nats-server with JetStream on a file store, one user per service."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from stack.child import Launch
from stack.places import REPOSITORY, State, program
from stack.readiness import http_ok, http_status, until
from stack.servers.permissions import PROVISION, Durable, declared_durables, password_variable, render
from stack.servers.server import Server
from stack.vault import Vault

_TEMPLATE = REPOSITORY / "deploy" / "nats" / "server.conf"


@dataclass(frozen=True)
class NatsPorts:
    client: int
    monitor: int


class Nats(Server):
    """One nats-server. `durables` are the consumers that services may work on; by default the declared ones."""

    name = "nats"

    def __init__(
        self,
        state: State,
        ports: NatsPorts,
        services: Sequence[str],
        durables: Sequence[Durable] | None = None,
    ) -> None:
        super().__init__(state, {"nats": ports.client, "nats_monitor": ports.monitor})
        self.services = tuple(services)
        self._at = ports
        self._vault = Vault(state.secrets)
        self._durables = durables

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._at.client}"

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self._at.monitor}"

    def password(self, user: str) -> str:
        """The password of a service's user or of `provision`."""
        return self._vault.password(f"nats-{user}")

    def launch(self) -> Launch:
        configuration = self.state.run / "nats"
        configuration.mkdir(exist_ok=True)
        durables = declared_durables() if self._durables is None else self._durables
        (configuration / "permissions.conf").write_text(render(self.services, durables), encoding="utf-8")
        server = configuration / "server.conf"
        server.write_bytes(_TEMPLATE.read_bytes())
        return Launch(
            (str(program("nats-server")), "-c", str(server)), self._environment(), log=self.state.logs / "nats.log"
        )

    def _environment(self) -> dict[str, str]:
        users = (PROVISION, *self.services)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "NATS_HOST": "127.0.0.1",
            "NATS_PORT": str(self._at.client),
            "NATS_MONITOR_PORT": str(self._at.monitor),
            "NATS_STORE": str(self.state.data("nats")),
            **{password_variable(user): self.password(user) for user in users},
        }

    async def prepare(self) -> None:
        await until(lambda: http_ok(f"{self.monitor_url}/healthz"), 30.0)

    async def version(self) -> str:
        _, body = await http_status(f"{self.monitor_url}/varz")
        return str(json.loads(body)["version"])
