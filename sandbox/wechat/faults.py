"""Faults on demand: what to spoil, where, how often."""

import random
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sandbox.wechat.store import Record

if TYPE_CHECKING:
    from sandbox.wechat.world import World

CallFault = Literal["errcode", "http", "latency", "drop", "hold"]
PushFault = Literal["push_delay", "push_suppress", "push_duplicate"]
OutcomeFault = Literal["mass_outcome", "publish_outcome", "template_outcome"]
Stage = Literal["before", "after"]
ENDINGS = ("errcode", "http", "drop")


class Fault(Record):
    """One order to misbehave.

    `times` counts down to 0 and the fault is spent; None means until removed. `stage` says whether an API fault strikes
    before the effect or after it was committed.
    """

    fault_id: str = ""
    kind: CallFault | PushFault | OutcomeFault
    appid: str = ""
    path: str = "*"
    event: str = "*"
    stage: Stage = "before"
    times: int | None = Field(default=1, ge=0)
    probability: float = Field(default=1.0, gt=0, le=1)
    errcode: int = -1
    errmsg: str = ""
    status: int = Field(default=500, ge=400, le=599)
    ms: int = Field(default=0, ge=0)
    until: float | None = None
    copies: int = Field(default=1, ge=1, le=10)
    mass_status: str = "send fail"
    reprint: dict[str, Any] = Field(default_factory=dict)
    publish_status: int = 3
    fail_idx: list[int] = Field(default_factory=list)
    template_status: str = "failed: system failed"
    hits: int = 0

    @property
    def spent(self) -> bool:
        return self.times == 0


def _concerns(fault: Fault, kinds: tuple[str, ...], appid: str, where: str) -> bool:
    pattern = fault.event if fault.kind.startswith("push_") else fault.path
    if fault.kind.endswith("_outcome"):
        pattern = "*"
    return (
        fault.kind in kinds
        and not fault.spent
        and fault.appid in ("", appid)
        and fnmatchcase(where, pattern)
        and (fault.probability >= 1 or random.random() < fault.probability)  # noqa: S311
    )


def _strike(world: "World", fault: Fault) -> Fault:
    fault.hits += 1
    if fault.times is not None:
        fault.times -= 1
    return world.faults.put("", fault.fault_id, fault)


def take(world: "World", kinds: tuple[str, ...], appid: str, where: str, stage: Stage = "before") -> list[Fault]:
    """The faults that strike here and now: every delay, and the first that ends the call."""
    struck: list[Fault] = []
    for fault in world.faults.all(""):
        ended = any(known.kind in ENDINGS for known in struck)
        if fault.stage == stage and not (ended and fault.kind in ENDINGS) and _concerns(fault, kinds, appid, where):
            struck.append(_strike(world, fault))
    return struck


def take_one(world: "World", kind: str, appid: str) -> Fault | None:
    """The first scripted outcome that applies, so that a list of them is used up in order."""
    for fault in world.faults.all(""):
        if _concerns(fault, (kind,), appid, ""):
            return _strike(world, fault)
    return None
