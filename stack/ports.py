"""TCP ports on the loopback address, all below the range that kernels hand out to clients."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Mapping

LOOPBACK = "127.0.0.1"

FIXED: Mapping[str, int] = {
    "edge": 8600,
    "mongod": 8610,
    "nats": 8611,
    "nats_monitor": 8612,
    "wechat": 8620,
    "registry": 8631,
    "review": 8632,
    "publisher": 8633,
    "micro_community": 8634,
    "tracing": 8640,
}

# Linux gives clients 32768 and up; a server that listens there meets "address already in use" by chance.
_FREE_FROM, _FREE_TO = 10_000, 32_767


class PortTaken(Exception):
    """Some other program listens where a part of the stack has to."""

    def __init__(self, taken: Mapping[str, int]) -> None:
        self.taken = dict(taken)
        listed = ", ".join(f"port {port} ({part})" for part, port in taken.items())
        super().__init__(
            f"{listed}: already taken by another program. Stop that program"
            f" (find it with: ss -ltnp 'sport = :{next(iter(taken.values()))}'),"
            " or use free ports throughout with --ephemeral; --port N moves the edge only."
        )


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do it, so that connections in TIME_WAIT do not count as somebody listening.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(ports: Mapping[str, int]) -> None:
    """Raise PortTaken with every port of `ports` (part → port) that is not free."""
    taken = {part: port for part, port in ports.items() if not is_free(port)}
    if taken:
        raise PortTaken(taken)


def free_ports(names: Iterable[str]) -> dict[str, int]:
    """A free port below 32768 for each name, different from one another."""
    chosen: dict[str, int] = {}
    picker = random.SystemRandom()
    for name in names:
        while True:
            port = picker.randint(_FREE_FROM, _FREE_TO)
            if port not in chosen.values() and is_free(port):
                chosen[name] = port
                break
    return chosen
