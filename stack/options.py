"""What can be chosen about a stack when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """By default: fixed ports, data kept under `.guanwei/`, everything started."""

    ephemeral: bool = False
    """Free ports, data in a temporary folder that is removed at the end."""
    edge_port: int | None = None
    workers_apart: bool = False
    """Each service as two processes, http and worker, as in Kubernetes."""
    only: tuple[str, ...] = ()
    """Start these parts only, and what they need."""
    folder: Path | None = None
    """Keep everything there instead of in `.guanwei/`, and use free ports."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """GUANWEI_MONGODB_URL and GUANWEI_NATS_URL name servers to use instead of own ones; every OTEL_… is passed on."""
