"""The smallest service that uses every part of the kit: it counts. Written once, for the kit's own tests.

It borrows review's name and durables (`PUBLISHER/issue`), because streams and permissions are given by data.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request
from nats.aio.client import Client as NatsClient
from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event
from contracts.publisher import IssueEdited, IssueSubmitted, IssueWithdrawn
from contracts.review import CaseVoided
from kit.refusal import NotFound, Refusal
from kit.routes import Routes
from kit.service import Parts, Runtime, Service
from kit.settings import ServiceSettings
from kit.subscriptions import Subscription
from kit.transaction import Store, Tx
from kit.web import OncePerCaller, PageQuery, Person, write_cursor

Hook: TypeAlias = Callable[[str], Awaitable[None] | None]
"""Called with what is about to happen (`count:c`, `submitted:i`); it may raise, wait, or end the process."""


class CountTooHigh(Refusal):
    code = "toy.count_too_high"
    status = 409
    clause = "§0"
    text = "数得太多了。"


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    by: int


class Count(BaseModel):
    value: int


@dataclass
class Toy:
    store: Store
    hook: Hook
    connection: NatsClient


router = Routes()


def toy_of(request: Request) -> Toy:
    found: Toy = request.app.state.dependencies
    return found


ToyDep = Annotated[Toy, Depends(toy_of)]


async def call(hook: Hook, what: str) -> None:
    waiting = hook(what)
    if waiting is not None:
        await waiting


async def add(tx: Tx, name: str, by: int) -> int:
    found = await tx.collection("counters").find_one_and_update(
        {"_id": name}, {"$inc": {"value": by}}, upsert=True, return_document=True, session=tx.session
    )
    if found["value"] > 100:
        raise CountTooHigh(value=found["value"])
    tx.emit(CaseVoided(case_id=name, subject_id=str(found["value"]), reason="counted"))
    return int(found["value"])


@router.post("/counters/{name}", status_code=201, response_model=Count)
async def count(name: str, order: Order, person: Person, once: OncePerCaller, toy: ToyDep) -> dict[str, int]:
    person.require("operator", path="/group/unit")

    async def work(tx: Tx) -> dict[str, int]:
        await call(toy.hook, f"count:{name}")
        return {"value": await add(tx, name, order.by)}

    return await toy.store.transact(work, once=once)


@router.get("/counters")
async def counters(person: Person, page: PageQuery, toy: ToyDep) -> dict[str, object]:
    after = {"_id": {"$gt": page.after[0]}} if page.after else {}
    rows = await toy.store.database["counters"].find(after).sort("_id", 1).to_list(page.limit)
    return {"names": [row["_id"] for row in rows], "next": write_cursor(rows[-1]["_id"]) if rows else None}


@router.get("/counters/{name}", response_model=Count)
async def one(name: str, person: Person, toy: ToyDep) -> dict[str, int]:
    row = await toy.store.database["counters"].find_one({"_id": name})
    if row is None:
        raise NotFound
    return {"value": row["value"]}


@router.get("/fault")
async def fault() -> None:
    raise RuntimeError("planted")


def listening(hook: Hook) -> Subscription:
    """What the toy listens to: each event leaves a row in `applied`, and causes one of the toy's own."""

    async def note(tx: Tx, what: str, issue_id: str) -> None:
        await tx.collection("applied").insert_one({"what": what, "issue": issue_id}, session=tx.session)
        await call(hook, f"{what}:{issue_id}")
        await add(tx, "events", 1)

    async def on_submitted(tx: Tx, event: IssueSubmitted) -> None:
        await note(tx, "submitted", event.issue_id)

    async def on_edited(tx: Tx, event: IssueEdited) -> None:
        await note(tx, f"edited-{event.revision}", event.issue_id)

    handlers: dict[type[Event], Callable[[Tx, Any], Awaitable[None]]] = {
        IssueSubmitted: on_submitted,
        IssueEdited: on_edited,
    }
    return Subscription("PUBLISHER", "issue", handlers)


def new_toy(hook: Hook = lambda _: None, made: list[Toy] | None = None) -> Service:
    """A toy whose handlers call `hook` inside the transaction, after its first write."""

    async def bootstrap(runtime: Runtime) -> Parts:
        toy = Toy(runtime.store, hook, runtime.connection)
        if made is not None:
            made.append(toy)

        return Parts(toy, (listening(hook),))

    return Service("review", "数数", "/review", router, ServiceSettings, {"counters": (), "applied": ()}, bootstrap)


def submitted(issue_id: str) -> IssueSubmitted:
    return IssueSubmitted(
        issue_id=issue_id, act="mass_send", account_id="a", unit_path="/group/unit", revision=1, digest="d",
        payload={}, author_id="p", last_editor_id="p", submitted_by="p", mandate_id=None,
    )  # fmt: skip


def edited(issue_id: str, revision: int) -> IssueEdited:
    return IssueEdited(
        issue_id=issue_id, account_id="a", revision=revision, digest_before="d", digest="e", edited_by="p"
    )


def withdrawn(issue_id: str) -> IssueWithdrawn:
    return IssueWithdrawn(issue_id=issue_id, account_id="a", withdrawn_by="p")
