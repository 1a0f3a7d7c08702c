"""No permit, no packet: every way in which review's word does not hold has its own code, and nothing goes out."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.publisher import IssueEdited, MassSendRefused
from contracts.review import CaseVoided, PermitVoided
from kit.ids import new_id
from tests.integration.publisher.newsroom import Newsroom
from tests.integration.publisher.props import CARE, Json, Official, foreign_key
from tests.support.services import eventually

HOUR = 3_600


async def send(newsroom: Newsroom, issue: Json, permit: str | None = None) -> tuple[int, str]:
    """What the gateway says to a mass send with that permit."""
    body = {"permit": permit} if permit is not None else {}
    token = await newsroom.operator(issue["unit_path"])
    answer = await newsroom.call("POST", f"/issues/{issue['issue_id']}/mass-send", token=token, json=body)
    said = answer.json()
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said.get("detail", "好")), said
    return answer.status_code, said.get("code", "")


async def nothing_went_out(newsroom: Newsroom, official: Official) -> None:
    """Neither an order nor a call: not even a draft was made."""
    assert await newsroom.ledger(official) == []
    assert await newsroom.calls(official, "message/mass/sendall") == []
    assert await newsroom.calls(official, "draft/add") == []
    assert await newsroom.publisher.database["mass_sends"].count_documents({"account_id": official.account_id}) == 0


def tampered(token: str, **changes: Any) -> str:
    """The same signature over other claims."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | changes
    return ".".join((head, _part(claims), signature))


def unsigned(token: str, **header: Any) -> str:
    return ".".join((_part({"alg": "none"} | header), token.split(".")[1], ""))


def _part(content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


async def test_every_permit_that_does_not_hold_has_its_own_code(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    issue = await newsroom.submitted(group)
    now = int(newsroom.clock.now().timestamp())
    good = await newsroom.signed(newsroom.claims(issue))
    key_id = (await newsroom.house.signer("review", "permit")).key_id
    other = await newsroom.submitted(group)

    async def signed(**changes: Any) -> str:
        return await newsroom.signed(newsroom.claims(issue, **changes))

    cases: list[tuple[str, str | None, int, str]] = [
        ("none granted", None, 403, "permit_missing"),
        ("empty", "", 403, "permit_missing"),
        ("no token", "abc", 403, "permit_forged"),
        ("another key", await newsroom.signed(newsroom.claims(issue), key=foreign_key()), 403, "permit_forged"),
        (
            "registry's key",
            await newsroom.signed(newsroom.claims(issue), key=await newsroom.house.signer("registry", "token")),
            403,
            "permit_forged",
        ),
        ("altered digest", tampered(good, digest=other["digest"]), 403, "permit_forged"),
        ("longer window", tampered(good, exp=now + 9 * HOUR), 403, "permit_forged"),
        ("alg none", unsigned(good), 403, "permit_forged"),
        ("alg none with our key id", unsigned(good, kid=key_id), 403, "permit_forged"),
        ("hmac", unsigned(good, alg="HS256", kid=key_id), 403, "permit_forged"),
        ("no signature", good.rsplit(".", 1)[0] + ".", 403, "permit_forged"),
        ("no instants", await signed(exp=10**18), 403, "permit_forged"),
        ("expired", await signed(nbf=now - 2 * HOUR, exp=now - HOUR), 403, "permit_expired"),
        ("not yet valid", await signed(nbf=now + HOUR, exp=now + 2 * HOUR), 403, "permit_not_yet_valid"),
        ("another account", await signed(account_id=new_id()), 403, "permit_foreign"),
        ("another act", await signed(act="menu"), 403, "permit_foreign"),
        ("another issue", await newsroom.signed(newsroom.claims(other)), 403, "permit_foreign"),
        ("another text", await signed(digest="sha256:" + "0" * 64), 409, "permit_stale"),
    ]
    for name, permit, status, code in cases:
        assert await send(newsroom, issue, permit) == (status, f"publisher.{code}"), name
    await nothing_went_out(newsroom, group)
    assert (await send(newsroom, issue, good))[0] == 202
    await newsroom.sent(issue)
    assert await send(newsroom, issue, good) == (409, "publisher.permit_used")
    assert await send(newsroom, issue, await signed()) == (409, "publisher.permit_used")
    assert len(await newsroom.ledger(group)) == 1


async def test_review_itself_cannot_order_what_its_signature_does_not_cover(newsroom: Newsroom) -> None:
    """The same by event: refused, shown on the issue, told to the others, and nothing goes out."""
    group = await newsroom.account()
    now = newsroom.clock.now()
    over = int((now - timedelta(hours=2)).timestamp())
    grants: list[tuple[str, Json]] = [
        ("permit_forged", {"token": "a.b.c"}),
        ("permit_stale", {"digest": "sha256:" + "0" * 64}),
        ("permit_expired", {"nbf": over, "exp": over + HOUR}),
    ]
    for code, changes in grants:
        issue = await newsroom.submitted(group, articles=1)
        await newsroom.grant(issue, **changes)
        refused = await newsroom.refused(issue)
        assert refused.code == f"publisher.{code}"
        shown = await newsroom.issue(issue["issue_id"])
        assert shown["setback"]["code"] == f"publisher.{code}"
        assert shown["state"] == "submitted"
    await nothing_went_out(newsroom, group)


async def test_an_edit_voids_the_approval_and_a_save_without_change_does_not(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    later = newsroom.clock.now() + timedelta(hours=3)
    issue = await newsroom.submitted(group, send_at=later.isoformat())
    permit = (await newsroom.grant(issue, exp=int(later.timestamp()) + HOUR)).token
    ordered = await newsroom.order(issue, "ready")

    same = await newsroom.edited(await newsroom.issue(issue["issue_id"]))
    assert (same["digest"], same["revision"], same["state"]) == (issue["digest"], 1, "ordered")
    assert await newsroom.house.events(IssueEdited) == []

    changed = await newsroom.edited(same, send_ignore_reprint=True)
    assert changed["state"] == "draft"
    assert (await newsroom.house.event(IssueEdited)).digest_before == issue["digest"]
    stopped = await newsroom.order(issue, "refused")
    assert (stopped["mass_send_id"], stopped["code"]) == (ordered["mass_send_id"], "publisher.permit_stale")
    assert await send(newsroom, changed, permit) == (409, "publisher.permit_used")
    fresh = await newsroom.signed(newsroom.claims(issue))
    assert await send(newsroom, changed, fresh) == (409, "publisher.permit_stale")
    assert await newsroom.calls(group, "message/mass/sendall") == []


async def test_an_edit_voids_a_permit_that_waits_for_its_time(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    issue = await newsroom.submitted(group)
    opens = int(newsroom.clock.now().timestamp()) + HOUR
    granted = await newsroom.grant(issue, nbf=opens, exp=opens + HOUR)
    await _noted(newsroom, granted.permit_id)
    changed = await newsroom.edited(issue, send_ignore_reprint=True)
    assert await send(newsroom, changed) == (409, "publisher.permit_stale")
    back = await newsroom.edited(changed, send_ignore_reprint=False)
    token = await newsroom.operator(group.unit_path)
    await newsroom.ask("POST", f"/issues/{issue['issue_id']}/submit", token=token)
    assert (await newsroom.issue(issue["issue_id"]))["digest"] == issue["digest"] == back["digest"]
    assert await send(newsroom, back, granted.token) == (409, "publisher.permit_stale")
    await nothing_went_out(newsroom, group)


async def test_a_refused_permit_does_not_come_back_with_the_old_text(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    issue = await newsroom.submitted(group)
    changed = await newsroom.edited(issue, send_ignore_reprint=True)
    granted = await newsroom.grant(issue)
    await newsroom.house.event(MassSendRefused)
    await newsroom.edited(changed, send_ignore_reprint=False)
    token = await newsroom.operator(group.unit_path)
    await newsroom.ask("POST", f"/issues/{issue['issue_id']}/submit", token=token)
    assert (await send(newsroom, issue, granted.token))[1] == "publisher.permit_voided"
    await nothing_went_out(newsroom, group)


async def test_review_takes_its_word_back_before_the_send(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    later = newsroom.clock.now() + timedelta(hours=3)
    scheduled = await newsroom.submitted(group, send_at=later.isoformat())
    granted = await newsroom.grant(scheduled, exp=int(later.timestamp()) + HOUR)
    await newsroom.order(scheduled, "ready")
    await newsroom.house.publish(
        PermitVoided(
            permit_id=granted.permit_id,
            case_id=granted.case_id,
            subject_id=scheduled["issue_id"],
            reason_code="review.role_lost",
            reason="审批人已调岗。",
        )
    )
    stopped = await newsroom.order(scheduled, "refused")
    shown = await newsroom.issue(scheduled["issue_id"])
    assert stopped["code"] == "publisher.permit_voided"
    assert (shown["state"], shown["setback"]["detail"]) == ("returned", "审批人已调岗。")
    assert await newsroom.calls(group, "message/mass/sendall") == []
    await newsroom.house.publish(
        CaseVoided(
            case_id=granted.case_id,
            subject_id=scheduled["issue_id"],
            reason_code="review.role_lost",
            reason="审批人已调岗。",
        )
    )
    assert (await send(newsroom, scheduled, granted.token))[1] == "publisher.permit_used"


async def test_a_scheduled_issue_goes_out_at_its_time_and_not_before(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    later = newsroom.clock.now() + timedelta(hours=3)
    issue = await newsroom.submitted(group, send_at=later.isoformat())
    await newsroom.grant(issue, nbf=int(later.timestamp()), exp=int(later.timestamp()) + HOUR)
    waiting = await newsroom.order(issue, "ready")
    assert datetime.fromisoformat(waiting["send_at"]) == later.astimezone(UTC)
    assert await newsroom.calls(group, "draft/add") == []
    newsroom.clock.offset += timedelta(hours=3)
    await newsroom.order(issue, "accepted", "sent")
    assert len(await newsroom.ledger(group)) == 1


async def test_two_claims_at_once_make_one_send(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    issue = await newsroom.submitted(group)
    claims = newsroom.claims(issue)
    permit = await newsroom.signed(claims)
    answers = await asyncio.gather(
        *(send(newsroom, issue, permit) for _ in range(6)), newsroom.grant(issue, token=permit, jti=claims.jti)
    )
    outcomes = [answer for answer in answers if isinstance(answer, tuple)]
    assert outcomes.count((202, "")) <= 1
    assert all(code in ("", "publisher.permit_used") for _, code in outcomes)
    await newsroom.sent(issue)
    assert len(await newsroom.ledger(group)) == 1
    assert await newsroom.publisher.database["mass_sends"].count_documents({}) == 1
    assert len(await newsroom.calls(group, "message/mass/sendall")) == 1


async def test_of_an_edit_and_a_send_at_the_same_time_one_comes_first(newsroom: Newsroom) -> None:
    group = await newsroom.account(mass_per_day=99)
    issues = [await newsroom.submitted(group, articles=1) for _ in range(6)]
    token = await newsroom.operator(group.unit_path)

    async def edit(issue: Json) -> int:
        body = {"revision": 1, "articles": issue["articles"], "send_ignore_reprint": True}
        body["articles"] = [{k: v for k, v in one.items() if k != "pictures"} for one in issue["articles"]]
        answer = await newsroom.call("PUT", f"/issues/{issue['issue_id']}", token=token, json=body)
        assert answer.status_code == 200 or answer.json()["code"] == "publisher.issue_not_open", answer.text
        return int(answer.status_code)

    async def raced(number: int, issue: Json) -> int:
        await newsroom.grant(issue)
        states = ("ready", "preparing", "prepared", "sending", "accepted", "sent")
        await newsroom.order(issue, *states[number % 6 :])
        return await edit(issue)

    outcomes = await asyncio.gather(*(raced(number, issue) for number, issue in enumerate(issues)))
    for issue, status in zip(issues, outcomes, strict=True):
        order = await newsroom.order(issue, "sent", "refused")
        assert (order["state"] == "sent") == (status == 409), order
        assert order["digest"] == issue["digest"]
    accepted = {str(entry["detail"]["msg_id"]) for entry in await newsroom.ledger(group)}
    orders = [await newsroom.order(issue) for issue in issues]
    assert accepted == {order["msg_id"] for order in orders if order["state"] == "sent"}
    assert 409 in outcomes


async def test_nobody_sends_what_is_not_theirs(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    issue = await newsroom.submitted(group)
    permit = await newsroom.signed(newsroom.claims(issue))
    path = f"/issues/{issue['issue_id']}/mass-send"
    foreign = await newsroom.call("POST", path, token=await newsroom.operator(CARE), json={"permit": permit})
    head = await newsroom.call("POST", path, token=await newsroom.operator(role="head"), json={"permit": permit})
    nobody = await newsroom.publisher.http.post(f"/publisher{path}", json={"permit": permit})
    assert [answer.json()["code"] for answer in (foreign, head, nobody)] == [
        "not_found",
        "auth.forbidden",
        "auth.unauthenticated",
    ]
    await nothing_went_out(newsroom, group)


async def _noted(newsroom: Newsroom, permit_id: str) -> None:
    async def look() -> bool:
        row = await newsroom.publisher.database["permits"].find_one({"_id": permit_id})
        return row is not None and row["state"] == "granted" and row["order_at"] == row["not_before"]

    await eventually(look, "the permit waiting for its time")
