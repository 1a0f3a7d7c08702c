"""One stack's fixed facts: where it keeps things, where its parts listen, which outside servers it uses."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from stack.options import Options
from stack.places import REPOSITORY, State
from stack.ports import FIXED, LOOPBACK, free_ports
from stack.servers import SERVICES
from stack.vault import Vault

# Shared by the edge, the start page and the services: a service's routes begin with its prefix.
PREFIXES: Mapping[str, str] = {
    "registry": "/registry",
    "review": "/review",
    "publisher": "/publisher",
    "micro_community": "/community",
}

_WORKER_OFFSET = 10


@dataclass(frozen=True)
class Layout:
    """Everything that the parts are configured from."""

    state: State
    options: Options
    ports: Mapping[str, int]

    @property
    def vault(self) -> Vault:
        return Vault(self.state.secrets)

    @property
    def outside_mongodb(self) -> str:
        """The user's own MongoDB, or nothing."""
        return self.options.environment.get("GUANWEI_MONGODB_URL", "")

    @property
    def outside_nats(self) -> str:
        return self.options.environment.get("GUANWEI_NATS_URL", "")

    @property
    def outside_telemetry(self) -> str:
        return self.options.environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")

    def url(self, part: str) -> str:
        """The HTTP address of a part, without a trailing slash."""
        return f"http://{LOOPBACK}:{self.ports[part]}"

    def surroundings(self) -> dict[str, str]:
        """The environment that every Python part gets; nothing else of ours leaks in."""
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "TZ": "UTC",
        }


def worker_part(service: str) -> str:
    return f"{service}_worker"


def lay_out(options: Options, state: State) -> Layout:
    """Choose the ports: the fixed ones, or free ones for an ephemeral stack."""
    names = [*FIXED, *(worker_part(service) for service in SERVICES)]
    if options.ephemeral or options.folder:
        ports = free_ports(names)
    else:
        ports = {**FIXED, **{worker_part(name): FIXED[name] + _WORKER_OFFSET for name in SERVICES}}
    if options.edge_port is not None:
        ports["edge"] = options.edge_port
    return Layout(state, options, ports)


def python(*arguments: str) -> tuple[str, ...]:
    """A command that runs this interpreter."""
    return (sys.executable, *arguments)
