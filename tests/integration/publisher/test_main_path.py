"""The whole way: an account is taken into service, an issue is written, approved, sent and reported."""

from __future__ import annotations

from contracts.permit import digest_of
from contracts.publisher import (
    AccountConnected,
    IssueSubmitted,
    MassSendOrdered,
    MassSendPayload,
)
from tests.integration.publisher.newsroom import Newsroom


async def test_an_approved_issue_reaches_the_followers_once(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    await newsroom.follower(group)
    issue = await newsroom.submitted(group)
    submitted = await newsroom.house.event(IssueSubmitted)

    assert submitted.digest == issue["digest"] == digest_of(submitted.payload)
    assert MassSendPayload.model_validate(submitted.payload).account_id == group.account_id
    granted = await newsroom.grant(issue)
    sent = await newsroom.sent(issue)

    (accepted,) = await newsroom.ledger(group)
    order = await newsroom.order(issue, "sent")
    ordered = await newsroom.house.event(MassSendOrdered)
    assert ordered.permit_id == granted.permit_id
    assert accepted["detail"]["msg_id"] == sent.msg_id > 2**53
    assert accepted["detail"]["clientmsgid"] == order["client_msg_id"]
    assert accepted["detail"]["titles"] == order["titles"] == ["澜栎集团要闻（1）", "澜栎集团要闻（2）"]
    assert order["msg_id"] == str(sent.msg_id)
    assert sent.receipt.sent == 1
    assert sent.receipt_known
    assert [article.index for article in sent.articles] == [1, 2]
    assert all(article.url.startswith("http") for article in sent.articles)
    states = [step["state"] for step in order["timeline"]]
    assert states == ["preparing", "prepared", "sending", "accepted", "sent"]
    assert (await newsroom.issue(issue["issue_id"]))["state"] == "sent"


async def test_pictures_are_uploaded_once_per_account(newsroom: Newsroom) -> None:
    group = await newsroom.account(mass_per_day=9)
    first = await newsroom.submitted(group)
    await newsroom.grant(first)
    await newsroom.sent(first)
    again = await newsroom.written(group)
    body = {"articles": [{k: v for k, v in a.items() if k != "pictures"} for a in first["articles"]]}
    edited = await newsroom.edited(again, **body, tag_id=None)
    token = await newsroom.operator(group.unit_path)
    await newsroom.ask("POST", f"/issues/{edited['issue_id']}/submit", token=token)
    second = await newsroom.issue(edited["issue_id"])

    assert second["digest"] == first["digest"]
    await newsroom.grant(second)
    await newsroom.sent(second)
    assert len(await newsroom.ledger(group, "article_picture")) == 2
    assert len(await newsroom.ledger(group, "material")) == 2
    assert len(await newsroom.ledger(group)) == 2


async def test_the_account_is_announced_once_with_its_live_menu(newsroom: Newsroom) -> None:
    official = await newsroom.account(connected=False)
    token = (
        await newsroom.sandbox.get(
            "/cgi-bin/token",
            params={
                "grant_type": "client_credential",
                "appid": official.app_id,
                "secret": official.platform["secret"],
            },
        )
    ).json()["access_token"]
    menu = {
        "button": [{"name": "走进澜栎", "sub_button": [{"type": "view", "name": "官网", "url": "https://l.test/"}]}]
    }
    made = await newsroom.sandbox.post("/cgi-bin/menu/create", params={"access_token": token}, json=menu)
    assert made.json()["errcode"] == 0
    await newsroom.entrust(official)
    await newsroom.seen(official, connection="awaiting_callback")
    await newsroom.set_callback(official)
    await newsroom.set_callback(official)
    connected = await newsroom.house.event(AccountConnected)

    assert connected.menu is not None
    assert connected.menu["button"][0]["sub_button"][0]["url"] == "https://l.test/"
    assert connected.menu_digest == digest_of(connected.menu)
    shown = await newsroom.seen(official, connection="connected")
    assert shown["menu"] == connected.menu
    assert shown["app_id"] == official.app_id
    assert len(await newsroom.house.events(AccountConnected)) == 1
