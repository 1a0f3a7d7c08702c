"""Who deleted something a moment ago may think better of it."""

from __future__ import annotations

from datetime import timedelta

from kit.clock import SystemClock
from tests.integration.micro_community.conftest import Town


async def test_a_deleted_post_and_reply_come_back_with_their_counts(town: Town) -> None:
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    post_id = (await author.post("/posts", {"text": "手滑删了 #后悔#"})).json()["post_id"]
    reply_id = (await fan.post(f"/posts/{post_id}/replies", {"text": "也手滑"})).json()["reply_id"]
    await town.settled()
    await fan.send("DELETE", f"/replies/{reply_id}")
    assert (await author.post(f"/replies/{reply_id}/undelete")).json()["code"] == "micro_community.not_yours"
    assert (await fan.post(f"/replies/{reply_id}/undelete")).status_code == 200
    await author.send("DELETE", f"/posts/{post_id}")
    await town.settled()
    assert (await fan.get("/search", q="手滑")).json()["items"] == []
    for _ in range(2):
        assert (await author.post(f"/posts/{post_id}/undelete")).status_code == 200
    await town.settled()
    shown = (await fan.get(f"/posts/{post_id}")).json()
    assert (shown["text"], shown["reply_count"], shown["state"]) == ("手滑删了 #后悔#", 1, "visible")
    assert [one["post"]["post_id"] for one in (await fan.get("/search", q="手滑")).json()["items"]] == [post_id]
    assert (await fan.get("/topics/后悔")).json()["posts"] == 1
    assert (await author.get("/me")).json()["counts"]["posts"] == 1
    assert [one["text"] for one in (await fan.get("/me/replies")).json()["items"]] == ["也手滑"]


async def test_what_had_not_been_public_or_is_gone_too_long_stays_gone(town: Town) -> None:
    await town.rule(hold_links=True)
    author, operator = await town.follower("o-author"), await town.staff()
    held = (await author.post("/posts", {"text": "看 http://evil.example.com/x"})).json()
    assert held["state"] == "waiting"
    await author.send("DELETE", f"/posts/{held['post_id']}")
    forbidden = await author.post(f"/posts/{held['post_id']}/undelete")
    assert forbidden.json()["code"] == "micro_community.state_forbids"
    post_id = (await author.post("/posts", {"text": "很久以前"})).json()["post_id"]
    await author.send("DELETE", f"/posts/{post_id}")
    long_ago = SystemClock().now() - timedelta(minutes=11)
    await town.gateway.database["posts"].update_one({"_id": post_id}, {"$set": {"deleted_at": long_ago}})
    late = await author.post(f"/posts/{post_id}/undelete")
    assert late.json()["code"] == "micro_community.undo_window_over"
    assert (await operator.post(f"/moderation/posts/{post_id}/show")).status_code == 409
    down = (await author.post("/posts", {"text": "被移除"})).json()["post_id"]
    await operator.post(f"/moderation/posts/{down}/take-down", {"reason": "违规"})
    assert (await author.post(f"/posts/{down}/undelete")).json()["code"] == "micro_community.state_forbids"
