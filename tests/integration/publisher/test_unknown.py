"""A call without an answer: UNKNOWN until the platform is asked with the same `clientmsgid`, and sent exactly once."""

from __future__ import annotations

import asyncio
import dataclasses
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.publisher import MassSendOutcomeUnknown, MassSendSent
from services.publisher.app import SERVICE
from services.publisher.dependencies import Dependencies
from services.publisher.ports import Accepted, SendCall, WeChat
from services.publisher.processes import carrying_out
from services.publisher.processes.ordering import order_granted
from stack.child import Child, Launch
from stack.places import REPOSITORY
from tests.integration.publisher.newsroom import Newsroom, start_newsroom
from tests.integration.publisher.props import Json, Official
from tests.support.services import House, eventually

SENDALL = "message/mass/sendall"
MASS = f"/cgi-bin/{SENDALL}"
WAIT, LEASE = 65, 60


@pytest.fixture
async def patient(house: House, sandbox: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[Newsroom]:
    """Publisher with the waits of production; the tests move its clock."""
    yield await start_newsroom(
        house, sandbox, tmp_path, reconcile_after_seconds=WAIT, sending_lease_seconds=LEASE, drain_seconds=1.0
    )


def later(newsroom: Newsroom, seconds: float) -> None:
    newsroom.clock.offset += timedelta(seconds=seconds)


async def sent_once(newsroom: Newsroom, official: Official, issue: Json) -> Json:
    """The order, which ended well after exactly one send, told once, under one `clientmsgid`."""
    order = await newsroom.order(issue, "sent")
    (entry,) = await newsroom.ledger(official)
    calls = await newsroom.calls(official, SENDALL)
    assert calls
    assert str(entry["detail"]["msg_id"]) == order["msg_id"]
    assert entry["detail"]["clientmsgid"] == order["client_msg_id"]
    assert [call for call in calls if order["client_msg_id"] in call["request_body"]], calls
    await newsroom.sent(issue)
    told = [event for event in await newsroom.house.events(MassSendSent) if event.issue_id == issue["issue_id"]]
    assert len(told) == 1
    return order


SILENCES: list[tuple[str, Json]] = [
    ("drop", {"stage": "after"}),
    ("drop", {"stage": "before"}),
    ("http", {"stage": "after", "status": 502}),
    ("errcode", {"stage": "after", "errcode": -1}),
    ("latency", {"ms": 2_500}),
]


async def test_whatever_hides_the_answer_it_is_sent_exactly_once(patient: Newsroom) -> None:
    """The connection drops before or after the effect, an error lies about it, or the answer comes too late."""

    async def begun(kind: str, details: Json) -> tuple[Official, Json]:
        official = await patient.account()
        await patient.fault(kind, official, path=MASS, **details)
        issue = await patient.submitted(official, articles=1)
        await patient.grant(issue)
        order = await patient.order(issue, "unknown")
        assert order["code"] is None
        assert (await patient.issue(issue["issue_id"]))["state"] == "ordered"
        return official, issue

    all_begun = await asyncio.gather(*(begun(*silence) for silence in SILENCES))
    later(patient, WAIT - 10)
    for official, _ in all_begun:
        # The platform notes a call when it ends, so that of a slow one comes late.
        assert len(await patient.calls(official, SENDALL)) <= 1
    later(patient, 11)
    for official, issue in all_begun:
        order = await sent_once(patient, official, issue)
        states = [step["state"] for step in order["timeline"]]
        assert states[2:4] == ["sending", "unknown"]
        assert states[-2:] == ["accepted", "sent"]
        await _calls(patient, official, 2)
        assert len(await patient.calls(official, SENDALL)) == 2
    unknown = await patient.house.events(MassSendOutcomeUnknown)
    assert sorted(event.issue_id for event in unknown) == sorted(issue["issue_id"] for _, issue in all_begun)


async def test_asked_again_too_soon_it_waits_and_asks_once_more(patient: Newsroom) -> None:
    official = await patient.account()
    await patient.fault("drop", official, path=MASS, stage="after")
    issue = await patient.submitted(official, articles=1)
    await patient.grant(issue)
    await patient.order(issue, "unknown")
    await patient.fault("errcode", official, path=MASS, errcode=45066)
    later(patient, WAIT + 1)
    await _calls(patient, official, 2)
    assert (await patient.order(issue))["state"] == "unknown"
    later(patient, WAIT + 1)
    await sent_once(patient, official, issue)
    assert len(await patient.calls(official, SENDALL)) == 3


async def test_a_refused_repetition_is_for_people_and_never_shown_as_failed(patient: Newsroom) -> None:
    """The quota is used up, perhaps by this very order: somebody looks on the platform's console."""
    official = await patient.account()
    issues = [await patient.submitted(official, articles=1, tag_id=None) for _ in range(2)]
    for stage, issue in zip(("after", "before"), issues, strict=True):
        await patient.fault("drop", official, path=MASS, stage=stage)
        await patient.grant(issue)
        await patient.order(issue, "unknown")
    await patient.fault("errcode", official, path=MASS, errcode=45028, times=2)
    later(patient, WAIT + 1)
    orders = [await patient.order(issue, "manual") for issue in issues]
    assert all("45028" in order["detail"] and order["code"] is None for order in orders)
    (entry,) = await patient.ledger(official)

    async def resolve(order: Json, role: str, path: str, **found: Any) -> httpx.Response:
        token = await patient.operator(path, role=role)
        body = {"note": "已在公众平台后台核对", **found}
        answer: httpx.Response = await patient.call(
            "POST", f"/mass-sends/{order['mass_send_id']}/resolve", token=token, json=body
        )
        return answer

    msg_id = str(entry["detail"]["msg_id"])
    assert (await resolve(orders[0], "operator", "/lanli", msg_id=msg_id)).json()["code"] == "auth.forbidden"
    assert (await resolve(orders[0], "communications", "/lanli", msg_id="9" * 19)).status_code == 422
    assert (await resolve(orders[0], "communications", "/lanli", msg_id=msg_id)).status_code == 200
    assert (await resolve(orders[1], "communications", "/lanli")).json()["state"] == "refused"
    again = await resolve(orders[1], "communications", "/lanli")
    assert again.json()["code"] == "publisher.mass_send_not_manual"
    await sent_once(patient, official, issues[0])
    assert (await patient.issue(issues[1]["issue_id"]))["state"] == "not_sent"


async def test_when_the_platform_may_have_forgotten_nobody_repeats(patient: Newsroom) -> None:
    official = await patient.account()
    await patient.fault("drop", official, path=MASS, stage="after")
    issue = await patient.submitted(official, articles=1)
    await patient.grant(issue, exp=int(patient.clock.now().timestamp()) + 7 * 86_400)
    await patient.order(issue, "unknown")
    later(patient, 24 * 3_600)
    order = await patient.order(issue, "manual")
    assert "去重时限" in order["detail"]
    assert len(await patient.calls(official, SENDALL)) == 1


async def test_a_repetition_needs_a_permit_that_still_holds(patient: Newsroom) -> None:
    official = await patient.account()
    await patient.fault("drop", official, path=MASS, stage="before")
    issue = await patient.submitted(official, articles=1)
    await patient.grant(issue, exp=int(patient.clock.now().timestamp()) + 60)
    await patient.order(issue, "unknown")
    later(patient, WAIT + 1)
    assert "过期" in (await patient.order(issue, "manual"))["detail"]
    assert await patient.ledger(official) == []


@dataclass(frozen=True)
class Cut:
    """The platform as a worker sees it that dies with the call: before it is made, or before its answer is noted."""

    wechat: WeChat
    after: bool
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wechat, name)

    async def send_to_all(self, account_id: str, call: SendCall) -> Accepted:
        if self.after:
            await self.wechat.send_to_all(account_id, call)
        self.reached.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody comes back from here")


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_with_the_call_leaves_it_to_the_next(
    house: House, sandbox: httpx.AsyncClient, tmp_path: Path, after: bool
) -> None:
    clock_moved = {"reconcile_after_seconds": WAIT, "sending_lease_seconds": LEASE}
    full = await start_newsroom(house, sandbox, tmp_path, **clock_moved)
    official = await full.account()
    await full.publisher.stop()
    newsroom = await start_newsroom(house, sandbox, tmp_path, roles=("http",), clock=full.clock, **clock_moved)
    issue = await newsroom.submitted(official, articles=1)
    deps: Dependencies = newsroom.publisher.app.state.dependencies
    permit = await newsroom.signed(newsroom.claims(issue))
    path = f"/issues/{issue['issue_id']}/mass-send"
    ordered = await newsroom.ask("POST", path, token=await newsroom.operator(), json={"permit": permit})
    assert await order_granted(deps) == 0
    await carrying_out.prepare(deps, ordered["mass_send_id"])
    cut = Cut(deps.wechat, after)
    dying = asyncio.create_task(carrying_out.send(dataclasses.replace(deps, wechat=cut), ordered["mass_send_id"]))
    await asyncio.wait_for(cut.reached.wait(), 10)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert (await newsroom.order(issue))["state"] == "sending"
    assert len(await newsroom.ledger(official)) == int(after)

    await start_newsroom(house, sandbox, tmp_path, roles=("worker",), clock=full.clock, **clock_moved)
    withdrawn = await newsroom.call("POST", f"/issues/{issue['issue_id']}/withdraw", token=await newsroom.operator())
    assert withdrawn.json()["code"] == "publisher.issue_not_open"
    later(newsroom, LEASE + 1)
    await newsroom.order(issue, "unknown")
    assert len(await newsroom.ledger(official)) == int(after)
    later(newsroom, WAIT)
    await newsroom.order(issue, "accepted", "sent")
    assert len(await newsroom.ledger(official)) == 1


async def test_a_process_that_is_killed_in_the_call_is_followed_by_another(
    house: House, sandbox: httpx.AsyncClient, tmp_path: Path
) -> None:
    """The platform has sent and is about to say so; the worker that asked is shot with SIGKILL."""
    short = {"sending_lease_seconds": 1.0, "reconcile_after_seconds": 1.0, "wechat_timeout_seconds": 20.0}
    first = await start_newsroom(house, sandbox, tmp_path, **short)
    official = await first.account()
    await first.publisher.stop()
    newsroom = await start_newsroom(house, sandbox, tmp_path, roles=("http",), **short)
    await newsroom.set_callback(official)
    fault = await newsroom.fault("hold", official, path=MASS, stage="after")
    worker = Child(Launch(WORKER, environment(house, newsroom)))
    issue = await newsroom.submitted(official, articles=1)
    await newsroom.grant(issue)

    async def sent() -> bool:
        assert worker.returncode is None, worker.tail
        return bool(await newsroom.ledger(official))

    await eventually(sent, "the send at the platform", seconds=60)
    assert (await newsroom.order(issue))["state"] == "sending"
    assert await worker.kill() == -signal.SIGKILL
    await sandbox.delete(f"/_control/faults/{fault}")
    await start_newsroom(house, sandbox, tmp_path, roles=("worker",), **short)

    async def ended() -> Json | None:
        found = await newsroom.order(issue)
        return found if found["state"] == "sent" else None

    # The dead worker's leases have to run out first.
    order: Json = await eventually(ended, "an order that was sent", seconds=60)
    assert "unknown" in [step["state"] for step in order["timeline"]]
    (entry,) = await newsroom.ledger(official)
    assert str(entry["detail"]["msg_id"]) == order["msg_id"]


WORKER = (sys.executable, "-m", "uvicorn", "--factory", "services.publisher.app:worker", "--port", "0")


def environment(house: House, newsroom: Newsroom) -> dict[str, str]:
    """The settings of the house's publisher, as a process of its own reads them."""
    settings = house.settings(SERVICE, **newsroom.settings)
    values = {name: getattr(settings, name) for name in settings.model_fields_set}
    plain = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in values.items()}
    return {f"GUANWEI_{name.upper()}": str(value) for name, value in plain.items()} | {"PYTHONPATH": str(REPOSITORY)}


async def _calls(newsroom: Newsroom, official: Official, number: int) -> None:

    async def look() -> bool:
        return len(await newsroom.calls(official, SENDALL)) >= number

    await eventually(look, f"{number} calls")
