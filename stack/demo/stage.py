"""What every part of the play works with."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from stack.demo.cast import Cast
from stack.demo.gateway import Edge
from stack.demo.platform import Platform
from stack.demo.steps import Steps
from stack.example import matrix
from stack.example.matrix import Matrix
from stack.record import Record
from stack.vault import Vault

_SECONDS = 60.0


@dataclass(frozen=True)
class Stage:
    """A running stack, the people of the example, and the steps so far.

    `proving`: also try what has to be refused. `mark` is put behind names that would meet their like of an earlier
    play.
    """

    record: Record
    edge: Edge
    platform: Platform
    cast: Cast
    matrix: Matrix
    steps: Steps
    proving: bool
    mark: str = ""

    @property
    def edge_host(self) -> str:
        """Host and port, as WeChat's console wants them of a site."""
        return self.record.addresses["edge"].partition("://")[2]

    def page_of(self, account_id: str) -> str:
        """The address of an account's community on a phone."""
        return f"{self.record.addresses['edge']}/h5/{account_id}"


@contextlib.asynccontextmanager
async def set_stage(record: Record, steps: Steps, *, play: str, proving: bool, mark: str = "") -> AsyncIterator[Stage]:
    """The stage for the length of the block. `play` names it: two of the same name are one, played again."""
    connect = {"trust_env": False, "timeout": _SECONDS}
    async with (
        httpx.AsyncClient(base_url=record.addresses["edge"], **connect) as gateway,  # type: ignore[arg-type]
        httpx.AsyncClient(base_url=record.addresses["wechat"], **connect) as console,  # type: ignore[arg-type]
    ):
        edge, group = Edge(gateway, play), matrix.load()
        cast = Cast(edge, Vault(Path(record.state) / "secrets"), group)
        yield Stage(record, edge, Platform(console), cast, group, steps, proving, mark)
