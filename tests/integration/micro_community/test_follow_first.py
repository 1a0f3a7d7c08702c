"""Only followers write: who is one is known from events, and asked of WeChat where none came."""

from __future__ import annotations

from contracts.publisher import FollowerFollowed, FollowerUnfollowed
from tests.integration.micro_community.conftest import AT, Follower, Town
from tests.support.services import eventually

FOLLOW_FIRST = "micro_community.follow_first"


async def follows(member: Follower) -> bool | None:
    found: bool | None = (await member.get("/me")).json()["follows_account"]
    return found


async def told(town: Town, openid: str, *, follows: bool) -> None:
    """What WeChat says of a follower by itself has arrived."""
    keys = {"follower_id": f"{town.first}:{openid}", "account_id": town.first, "openid": openid}
    if follows:
        await town.house.publish(FollowerFollowed(**keys, scene=None, followed_at=AT))
    else:
        await town.house.publish(FollowerUnfollowed(**keys, unfollowed_at=AT))

    async def known() -> bool:
        query = {"openid": openid, "follows_account": follows}
        return await town.gateway.database["members"].count_documents(query) == 1

    await eventually(known, "the event has arrived")


async def test_who_followed_before_the_account_was_connected_may_write(town: Town) -> None:
    town.wechat.followers.add("o-old")
    early = await town.follower("o-old")
    assert town.wechat.looked_up == []
    await town.rule(follow_first=True)
    assert await follows(early) is None
    assert (await early.post("/posts", {"text": "我早就关注了"})).status_code == 201
    assert (await early.post("/posts", {"text": "还是我"})).status_code == 201
    assert (await follows(early), town.wechat.looked_up) == (True, ["o-old"])


async def test_it_is_asked_at_sign_in_and_then_once_a_minute_at_most(town: Town) -> None:
    await town.rule(follow_first=True)
    stranger = await town.follower("o-stranger")
    assert (await follows(stranger), town.wechat.looked_up) == (False, ["o-stranger"])
    for _ in range(3):
        refused = await stranger.post("/posts", {"text": "我还没关注"})
        assert (refused.status_code, refused.json()["code"]) == (403, FOLLOW_FIRST)
    assert town.wechat.looked_up == ["o-stranger"]
    # A minute later, and they follow; the event was lost.
    town.wechat.followers.add("o-stranger")
    asked = town.gateway.database["members"]
    await asked.update_one({"_id": stranger.member_id}, {"$set": {"looked_up_at": AT}})
    assert (await stranger.post("/posts", {"text": "现在关注了"})).status_code == 201
    assert (await follows(stranger), len(town.wechat.looked_up)) == (True, 2)


async def test_without_an_answer_only_who_is_known_not_to_follow_is_refused(town: Town) -> None:
    town.wechat.reachable = False
    await town.rule(follow_first=True)
    unknown, gone = await town.follower("o-unknown"), await town.follower("o-gone")
    assert (await unknown.post("/posts", {"text": "不知道是否关注"})).status_code == 201
    await told(town, "o-gone", follows=False)
    assert (await gone.post("/posts", {"text": "取消了关注"})).json()["code"] == FOLLOW_FIRST


async def test_a_known_follower_is_never_asked_about_and_stays_one_after_leaving(town: Town) -> None:
    await town.rule(follow_first=True)
    await told(town, "o-fan", follows=True)
    fan = await town.follower("o-fan")
    assert (await fan.post("/posts", {"text": "老粉丝"})).status_code == 201
    assert (await fan.send("DELETE", "/me")).status_code in (200, 204)
    again = await town.follower("o-fan")
    assert (await again.post("/posts", {"text": "又来了"})).status_code == 201
    assert town.wechat.looked_up == []


async def test_the_community_says_how_to_follow_its_account(town: Town) -> None:
    shown = (await town.http.get(f"/community/{town.first}")).json()
    assert shown["original_id"] == f"gh_{town.first[:12]}"
    assert shown["follow_code_url"] == f"https://open.weixin.qq.com/qr/code?username=gh_{town.first[:12]}"
