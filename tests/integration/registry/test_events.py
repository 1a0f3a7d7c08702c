"""Events in: what publisher did goes into the ledger, once, however often it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.publisher import AccountConnected, MassSendSent, Receipt, SentArticle
from kit.clock import to_milliseconds
from services.registry.schedules import open_dormancy_findings
from tests.integration.registry.office import MEDICAL, Office, furnish, ok, open_office, password_of, refused
from tests.support.services import House, eventually


def sent(account_id: str, number: int, at: datetime) -> MassSendSent:
    title = f"第 {number} 期要闻"
    article = SentArticle(index=1, title=title, digest="", url="https://mp.weixin.qq.com/s/x", cover="0" * 64)
    return MassSendSent(
        mass_send_id=f"m{number}",
        issue_id=f"i{number}",
        account_id=account_id,
        account_name="澜栎医药",
        unit_path=MEDICAL,
        is_group_account=False,
        permit_id="p",
        case_id="c",
        mandate_id=None,
        msg_id=number,
        msg_data_id=number,
        receipt=Receipt(total=10, filtered=10, sent=10, failed=0),
        articles=(article,),
        sent_at=at,
    )


async def _handled(office: Office, count: int) -> None:
    async def look() -> bool:
        return bool(await office.gateway.database["inbox"].count_documents({}) >= count)

    await eventually(look, f"{count} events in the inbox")


async def _account(office: Office, account_id: str) -> dict[str, Any]:
    return ok(await office["officer"].get(f"/official-accounts/{account_id}"))


async def test_an_issue_that_went_out_is_the_accounts_activity(house: House, matrix: Office) -> None:
    account_id = await matrix.account()
    newest = datetime(2026, 11, 23, 3, tzinfo=UTC)
    await house.publish(sent(account_id, 2, newest))
    await house.publish(sent(account_id, 1, newest - timedelta(days=1)))
    await _handled(matrix, 2)
    activity = (await _account(matrix, account_id))["activity"]
    assert activity == {
        "last_active_at": "2026-11-23T03:00:00Z",
        "last_mass_send_id": "m2",
        "last_titles": ["第 2 期要闻"],
        "mass_sends": 2,
    }


async def test_an_event_that_is_delivered_twice_takes_effect_once(house: House, matrix: Office) -> None:
    account_id = await matrix.account()
    event = sent(account_id, 1, datetime(2026, 11, 23, 3, tzinfo=UTC))
    envelope = await house.publish(event)
    for _ in range(3):
        await house.publish_raw(envelope.type, envelope.model_dump_json(exclude_none=True).encode())
    await house.publish(sent(account_id, 2, datetime(2026, 11, 23, 4, tzinfo=UTC)))
    await _handled(matrix, 2)

    async def drained() -> bool:
        info = await house.connection.jetstream().consumer_info("PUBLISHER", "registry-on-publisher-mass-send")
        return bool(info.num_pending == 0 and info.num_ack_pending == 0)

    await eventually(drained, "all five deliveries acknowledged")
    assert (await _account(matrix, account_id))["activity"]["mass_sends"] == 2
    assert await matrix.gateway.database["inbox"].count_documents({}) == 2


async def test_an_event_of_an_account_that_is_not_in_the_ledger_is_kept_as_a_dead_letter(
    house: House, matrix: Office
) -> None:
    event = AccountConnected(
        account_id="unknown", app_id="wx1", menu_digest=None, menu=None, connected_at=datetime.now(UTC)
    )
    await house.publish(event)

    async def buried() -> Any:
        return await matrix.gateway.database["dead_letters"].find_one({})

    letter = await eventually(buried, "a dead letter")
    assert letter["reason"] == "Malformed" and "no account unknown" in letter["error"]
    assert await matrix.gateway.database["official_accounts"].count_documents({}) == 0


class MovableClock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return to_milliseconds(datetime.now(UTC) + self.ahead)


async def test_a_quiet_account_becomes_a_finding_once_and_the_next_issue_clears_it(house: House) -> None:
    clock = MovableClock()
    office = await open_office(house, clock=clock, token_hours=24)
    await furnish(office)
    account_id = await office.account()
    deps = office.gateway.app.state.dependencies
    assert await open_dormancy_findings(deps) == 0
    clock.ahead = timedelta(days=15)
    refused(await office["officer"].get("/findings"), 401, "auth.token_expired")
    assert await open_dormancy_findings(deps) == 1
    assert await open_dormancy_findings(deps) == 0
    officer = await office.enter("officer", password_of("officer"))
    finding = ok(await officer.get("/findings", state="open"))["items"][0]
    assert (finding["rule"], finding["clause"], finding["account_id"]) == ("dormancy", "§4.1", account_id)
    await house.publish(sent(account_id, 1, clock.now() - timedelta(days=30)))
    await _handled(office, 1)
    assert len(ok(await officer.get("/findings", state="open"))["items"]) == 1
    await house.publish(sent(account_id, 2, clock.now()))
    await _handled(office, 2)
    cleared = ok(await officer.get("/findings", state="cleared"))["items"]
    assert [(f["finding_id"], f["cleared_by"]) for f in cleared] == [(finding["finding_id"], "mass_send/m2")]
