"""Moderators decide on what they saw, find what they did, and whom they muted."""

from __future__ import annotations

from typing import Any

from contracts.micro_community import PostCreated, PostRestored, ReplyCreated
from kit.ids import new_id
from tests.integration.micro_community.conftest import Follower, Town
from tests.integration.micro_community.test_moderation import moderator

LINK = "看看 https://evil.example/x"


async def queue(mod: Follower, kind: str = "post") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await mod.get("/moderation/queue", kind=kind)).json()["items"]
    return found


async def test_what_was_edited_meanwhile_is_not_let_through(town: Town) -> None:
    mod, member = await moderator(town), await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": LINK})).json()["post_id"]
    [seen] = await queue(mod)
    assert (await mod.get(f"/moderation/posts/{post_id}")).json()["version"] == seen["version"]
    await member.send("PUT", f"/posts/{post_id}", {"text": f"{LINK} 换了内容"})
    path = f"/moderation/posts/{post_id}/show"
    refused = await mod.post(f"{path}?version={seen['version']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_version")
    assert "重新看过" in refused.json()["detail"]
    assert (await member.get(f"/posts/{post_id}")).json()["state"] == "waiting"
    [now] = await queue(mod)
    assert now["text"].endswith("换了内容") and now["version"] > seen["version"]
    key = new_id()
    for _ in range(2):
        assert (await mod.post(f"{path}?version={now['version']}", key=key)).status_code == 200
    assert (await member.get(f"/posts/{post_id}")).json()["state"] == "visible"


async def test_what_was_rejected_and_is_shown_later_appears_for_the_first_time(town: Town) -> None:
    mod, member, fan = await moderator(town), await town.follower("o-member"), await town.follower("o-fan")
    post_id = (await member.post("/posts", {"text": LINK})).json()["post_id"]
    plain = (await member.post("/posts", {"text": "帖子"})).json()["post_id"]
    reply_id = (await fan.post(f"/posts/{plain}/replies", {"text": LINK})).json()["reply_id"]
    for place in (f"posts/{post_id}", f"replies/{reply_id}"):
        await mod.post(f"/moderation/{place}/take-down", {"reason": "看不出是什么"})
    await town.settled()
    before = (await member.get("/me")).json()["counts"]["points"]
    for place in (f"posts/{post_id}", f"replies/{reply_id}"):
        assert (await mod.post(f"/moderation/{place}/show")).status_code == 200
    await town.settled()
    created = [event.post_id for event in await town.house.events(PostCreated)]
    assert sorted(created) == sorted([post_id, plain])
    assert [event.reply_id for event in await town.house.events(ReplyCreated)] == [reply_id]
    kinds = [item["kind"] for item in (await member.get("/notifications")).json()["items"]]
    assert kinds.count("approved") == 1 and kinds.count("reply") == 1
    assert (await member.get("/me")).json()["counts"]["points"] > before
    # What was public once is only brought back: it is not created, rewarded and told of again.
    await mod.post(f"/moderation/posts/{post_id}/take-down", {"reason": "再想想"})
    await mod.post(f"/moderation/posts/{post_id}/show")
    await town.settled()
    assert len(await town.house.events(PostCreated)) == 2
    assert [event.post_id for event in await town.house.events(PostRestored)] == [post_id]


async def test_the_log_and_reports_name_their_target(town: Town) -> None:
    mod, author, fan = (
        await moderator(town),
        await town.follower("o-author", nickname="楼主"),
        await town.follower("o-f"),
    )
    post_id = (await author.post("/posts", {"text": "正文在这里"})).json()["post_id"]
    root = (await author.post(f"/posts/{post_id}/replies", {"text": "一楼"})).json()["reply_id"]
    await town.settled()
    answer = await fan.post(f"/posts/{post_id}/replies", {"text": "楼中楼", "parent_reply_id": root})
    inside = answer.json()["reply_id"]
    await author.post("/reports", {"target_kind": "reply", "target_id": inside, "reason": "abuse"})
    await fan.post("/reports", {"target_kind": "post", "target_id": post_id, "reason": "abuse"})
    await town.settled()
    assert (await mod.get("/moderation/waiting")).json() == {"waiting": 2}
    by_kind = {one["target_kind"]: one for one in (await mod.get("/moderation/reports")).json()["items"]}
    assert (by_kind["reply"]["root_id"], by_kind["reply"]["floor"]) == (root, 1)
    assert by_kind["post"]["floor"] is None
    await mod.post(f"/moderation/replies/{inside}/take-down", {"reason": "吵架"})
    await mod.post(f"/moderation/reports/{by_kind['post']['report_id']}/dismiss", {"reason": "没事"})
    await mod.post(f"/moderation/members/{fan.member_id}/mute", {"minutes": 5, "reason": "吵架"})
    mute, dismissal, removal, _ = (await mod.get("/moderation/acts")).json()["items"]
    assert (mute["deed"], mute["member"]["member_id"], mute["post_id"]) == ("muted", fan.member_id, None)
    assert (dismissal["deed"], dismissal["excerpt"], dismissal["post_id"]) == (
        "report_dismissed",
        "正文在这里",
        post_id,
    )
    assert (removal["excerpt"], removal["state"], removal["reply_id"]) == ("楼中楼", "removed", inside)
    assert (removal["post_id"], removal["root_id"], removal["floor"]) == (post_id, root, 1)
    assert (await mod.get("/moderation/waiting")).json() == {"waiting": 0}
    for state in ("upheld", "dismissed"):
        assert len((await mod.get("/moderation/reports", state=state)).json()["items"]) == 1


async def test_who_is_muted_or_banned_is_listed_and_moderators_see_it_on_the_page(town: Town) -> None:
    mod, reader = await moderator(town), await town.follower("o-reader")
    loud = [await town.follower(f"o-loud-{number}") for number in range(3)]
    bad = await town.follower("o-bad")
    for number, member in enumerate(loud, 1):
        await mod.post(f"/moderation/members/{member.member_id}/mute", {"minutes": number * 10, "reason": "刷屏"})
    await mod.post(f"/moderation/members/{bad.member_id}/mute", {"minutes": None, "reason": "诈骗"})
    first = (await mod.get("/moderation/members", limit=2)).json()
    rest = (await mod.get("/moderation/members", limit=2, cursor=first["next_cursor"])).json()
    ids = [one["member"]["member_id"] for one in first["items"] + rest["items"]]
    assert ids == [member.member_id for member in reversed(loud)] and rest["next_cursor"] is None
    assert {one["reason"] for one in first["items"]} == {"刷屏"} and first["items"][0]["until"] is not None
    [banned] = (await mod.get("/moderation/members", kind="banned")).json()["items"]
    assert (banned["member"]["member_id"], banned["until"], banned["reason"]) == (bad.member_id, None, "诈骗")
    assert (await reader.get("/moderation/members")).status_code == 403
    assert (await reader.get("/moderation/waiting")).status_code == 403
    path = f"/members/{bad.member_id}"
    assert (await reader.get(path)).json()["mute"] is None
    assert (await mod.get(path)).json()["mute"] == {"banned": True, "until": None, "reason": "诈骗"}
    muted = (await mod.get(f"/members/{loud[0].member_id}")).json()["mute"]
    assert (muted["banned"], muted["reason"]) == (False, "刷屏") and muted["until"]
    await mod.post(f"/moderation/members/{bad.member_id}/unmute")
    assert (await mod.get("/moderation/members", kind="banned")).json()["items"] == []
    assert (await mod.get(path)).json()["mute"] is None
