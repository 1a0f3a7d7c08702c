"""Likes, favourites, follows, topics, mentions, feeds, unread, search."""

from __future__ import annotations

import asyncio

from contracts.micro_community import LikeGiven, LikeWithdrawn
from services.micro_community.repositories.projections.lists import MOST_AT_ONCE
from tests.integration.micro_community.conftest import Town
from tests.support.services import eventually


async def test_likes_count_once_and_are_told_once(town: Town) -> None:
    author, fan = await town.follower("o-author"), await town.follower("o-fan", nickname="粉丝甲")
    post_id = (await author.post("/posts", {"text": "日落"})).json()["post_id"]
    answers = await asyncio.gather(*(fan.send("PUT", f"/posts/{post_id}/like") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    await author.send("PUT", f"/posts/{post_id}/like")
    await town.settled()
    shown = (await fan.get(f"/posts/{post_id}")).json()
    assert (shown["like_count"], shown["mine"]["liked"]) == (2, True)
    assert [one["nickname"] for one in (await fan.get(f"/posts/{post_id}/likes")).json()["items"]][1:] == ["粉丝甲"]
    assert [item["kind"] for item in (await author.get("/notifications")).json()["items"]] == ["like"]
    for method in ("DELETE", "DELETE", "PUT", "DELETE", "PUT"):
        assert (await fan.send(method, f"/posts/{post_id}/like")).status_code == 200
    await town.settled()
    assert (await fan.get(f"/posts/{post_id}")).json()["like_count"] == 2
    assert (await author.get("/notifications")).json()["unread"] == 1
    assert (await author.get("/me")).json()["counts"]["likes_received"] == 1
    await town.house.event(LikeWithdrawn)
    assert len(await town.house.events(LikeGiven)) >= 2


async def test_replies_are_liked_and_posts_are_kept(town: Town) -> None:
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    post_id = (await author.post("/posts", {"text": "食谱"})).json()["post_id"]
    reply_id = (await author.post(f"/posts/{post_id}/replies", {"text": "加糖"})).json()["reply_id"]
    await fan.send("PUT", f"/replies/{reply_id}/like")
    await fan.send("PUT", f"/posts/{post_id}/favourite")
    await town.settled()
    item = (await fan.get(f"/posts/{post_id}/replies")).json()["items"][0]
    assert (item["like_count"], item["liked"]) == (1, True)
    assert [one["post_id"] for one in (await fan.get("/favourites")).json()["items"]] == [post_id]
    await fan.send("DELETE", f"/posts/{post_id}/favourite")
    await town.settled()
    assert (await fan.get("/favourites")).json()["items"] == []
    assert (await fan.get(f"/posts/{post_id}")).json()["favourite_count"] == 0
    assert (await fan.send("PUT", "/posts/none/like")).status_code == 404


async def test_the_following_feed_has_people_topics_and_posts(town: Town) -> None:
    reader, one, two, three = [await town.follower(f"o-{n}") for n in range(4)]
    kept = (await three.post("/posts", {"text": "关注这一帖"})).json()["post_id"]
    by_person = (await one.post("/posts", {"text": "关注的人"})).json()["post_id"]
    by_topic = (await two.post("/posts", {"text": "聊聊 #健康跑# 和 #ＡＩ#"})).json()
    assert by_topic["topics"] == ["健康跑", "ai"]
    await three.post("/posts", {"text": "不相干"})
    for path in (f"member/{one.member_id}", "topic/健康跑", f"post/{kept}"):
        assert (await reader.send("PUT", f"/follows/{path}")).status_code == 200
    await town.settled()
    feed = (await reader.get("/posts", feed="following")).json()["items"]
    assert [item["post_id"] for item in feed] == [by_topic["post_id"], by_person, kept]
    topic = (await reader.get("/topics/健康跑")).json()
    assert topic == {"name": "健康跑", "posts": 1, "followers": 1, "followed": True}
    assert [item["name"] for item in (await reader.get("/topics", q="健")).json()["items"]] == ["健康跑"]
    assert [item["text"] for item in (await reader.get("/posts", topic="AI")).json()["items"]] == [by_topic["text"]]
    profile = (await reader.get(f"/members/{one.member_id}")).json()
    assert (profile["followed"], profile["counts"]["followers"]) == (True, 1)
    assert [item["kind"] for item in (await one.get("/notifications")).json()["items"]] == ["follow"]
    assert (await reader.send("PUT", f"/follows/member/{reader.member_id}")).status_code == 422
    outsider = await town.follower("o-else", town.second)
    assert (await reader.send("PUT", f"/follows/member/{outsider.member_id}")).status_code == 404
    assert (await town.http.get(f"/community/{town.first}/posts", params={"feed": "following"})).status_code == 401


async def test_what_is_followed_is_listed_by_kind_and_let_go(town: Town) -> None:
    reader, one, two = [await town.follower(f"o-{n}", nickname=f"同事{n}") for n in range(3)]
    posts = [(await one.post("/posts", {"title": f"第 {n} 帖", "text": "内容"})).json()["post_id"] for n in range(3)]
    for path in (*(f"post/{post_id}" for post_id in posts), f"member/{one.member_id}", "topic/ＡＩ"):
        assert (await reader.send("PUT", f"/follows/{path}")).json() == {"changed": True}
    await two.send("PUT", f"/follows/post/{posts[0]}")

    first = (await reader.get("/me/follows", kind="post", limit=2)).json()
    rest = (await reader.get("/me/follows", kind="post", limit=2, cursor=first["next_cursor"])).json()
    assert [item["followed_id"] for item in first["items"] + rest["items"]] == posts[::-1]
    assert (first["items"][0]["post"]["title"], first["items"][0]["post"]["author"]["nickname"]) == ("第 2 帖", "同事1")
    assert rest["next_cursor"] is None
    [member] = (await reader.get("/me/follows", kind="member")).json()["items"]
    assert (member["followed_id"], member["member"]["nickname"], member["post"]) == (one.member_id, "同事1", None)
    assert [item["followed_id"] for item in (await reader.get("/me/follows", kind="topic")).json()["items"]] == ["ai"]
    assert (await town.http.get(reader.path("/me/follows"))).status_code == 401

    await one.send("DELETE", f"/posts/{posts[2]}")
    gone = (await reader.get("/me/follows", kind="post")).json()["items"][0]["post"]
    assert (gone["gone"], gone["title"], gone["excerpt"], gone["author"]) == (True, None, "", None)
    for path in (f"post/{posts[2]}", f"member/{one.member_id}", "topic/ai"):
        assert (await reader.send("DELETE", f"/follows/{path}")).json() == {"changed": True}
    assert (await two.send("DELETE", f"/follows/post/{posts[2]}")).status_code == 404
    await town.settled()
    left = [(await reader.get("/me/follows", kind=kind)).json()["items"] for kind in ("post", "member", "topic")]
    assert [len(items) for items in left] == [2, 0, 0]
    assert (await reader.get("/me")).json()["counts"]["following"] == 2


async def test_hot_is_by_response_and_pages_do_not_overlap(town: Town) -> None:
    author, fans = await town.follower("o-author"), [await town.follower(f"o-{n}") for n in range(5)]
    ids = [(await author.post("/posts", {"text": f"帖 {n}"})).json()["post_id"] for n in range(4)]
    for fan in fans:
        await fan.send("PUT", f"/posts/{ids[0]}/like")
        await fan.post(f"/posts/{ids[1]}/replies", {"text": "顶"})
        await fan.send("PUT", f"/posts/{ids[1]}/favourite")
    await town.settled()
    first = (await author.get("/posts", feed="hot", limit=3)).json()
    second = (await author.get("/posts", feed="hot", limit=3, cursor=first["next_cursor"])).json()
    assert [item["post_id"] for item in first["items"] + second["items"]] == [ids[1], ids[0], ids[3], ids[2]]
    assert second["next_cursor"] is None


async def test_mentions_are_picked_and_told(town: Town) -> None:
    author, friend = await town.follower("o-author"), await town.follower("o-friend", nickname="Lily小百合")
    outsider = await town.follower("o-else", town.second, nickname="Lily外人")
    picked = (await author.get("/members", q="lily")).json()["items"]
    assert [one["member_id"] for one in picked] == [friend.member_id]
    mentions = [friend.member_id, outsider.member_id, author.member_id, "nobody"]
    post = (await author.post("/posts", {"text": "@Lily小百合 来看", "mentions": mentions})).json()
    assert [one["member_id"] for one in post["mentions"]] == [friend.member_id]
    await author.post(f"/posts/{post['post_id']}/replies", {"text": "@Lily小百合", "mentions": [friend.member_id]})
    await town.settled()
    assert [item["kind"] for item in (await friend.get("/notifications")).json()["items"]] == ["mention", "mention"]
    assert (await outsider.get("/notifications")).json()["items"] == []


async def test_blocked_members_and_muted_words_stay_away(town: Town) -> None:
    reader, noisy = await town.follower("o-reader"), await town.follower("o-noisy")
    own = (await reader.post("/posts", {"text": "我的帖子"})).json()["post_id"]
    await noisy.post("/posts", {"text": "打扰"})
    await noisy.post("/posts", {"text": "剧透：结局"})
    wishes = {"muted_words": ["剧透"], "muted_notices": ["like"], "signature": " 安静 "}
    assert (await reader.send("PUT", "/me/preferences", wishes)).json()["signature"] == "安静"
    texts = [item["text"] for item in (await reader.get("/posts")).json()["items"]]
    assert texts == ["打扰", "我的帖子"]
    await noisy.send("PUT", f"/posts/{own}/like")
    await reader.send("PUT", "/me/preferences", {"blocked_ids": [noisy.member_id]})
    await noisy.post(f"/posts/{own}/replies", {"text": "看我"})
    await town.settled()
    assert [item["text"] for item in (await reader.get("/posts")).json()["items"]] == ["我的帖子"]
    assert (await reader.get(f"/posts/{own}/replies")).json()["items"] == []
    assert (await reader.get("/notifications")).json()["items"] == []


async def test_unread_and_the_first_unread_floor(town: Town) -> None:
    reader, writer = await town.follower("o-reader"), await town.follower("o-writer")
    post_id = (await writer.post("/posts", {"text": "长帖"})).json()["post_id"]
    for number in range(1, 8):
        await writer.post(f"/posts/{post_id}/replies", {"text": f"{number} 楼"})
        await town.settled()
    assert (await reader.get(f"/posts/{post_id}")).json()["mine"]["unread"] == 0
    await reader.send("PUT", f"/posts/{post_id}/reading", {"floor": 4})
    await reader.send("PUT", f"/posts/{post_id}/reading", {"floor": 2})
    mine = (await reader.get(f"/posts/{post_id}")).json()["mine"]
    assert (mine["read_floor"], mine["unread"]) == (4, 3)
    page = (await reader.get(f"/posts/{post_id}/replies", from_floor=5, limit=2)).json()
    assert [item["floor"] for item in page["items"]] == [5, 6]
    rest = (await reader.get(f"/posts/{post_id}/replies", limit=2, cursor=page["next_cursor"])).json()
    assert [item["floor"] for item in rest["items"]] == [7]
    assert (await reader.get(f"/posts/{post_id}/replies", from_floor=99)).json()["items"] == []


async def test_search_finds_two_characters_and_says_where(town: Town) -> None:
    member = await town.follower("o-member")
    texts = ["支持中文吗，支持中文搜索吗", "今天天气不错", "中间的文章", "Python 3 与中文", "体检中心在三楼"]
    posts = [(await member.post("/posts", {"title": text[:4], "text": text})).json()["post_id"] for text in texts]
    await town.settled()

    async def found(q: str, **more: str) -> list[str]:
        items = (await member.get("/search", q=q, **more)).json()["items"]
        return [item["post"]["text"] for item in items]

    assert await found("中文") == [texts[0], texts[3]]
    assert await found("python 中文") == [texts[3]]
    assert await found("天气") == [texts[1]]
    assert await found("体检中心") == [texts[4]]
    assert await found("楼") == [texts[4]]
    assert await found("没有的") == await found("！？") == []
    hit = (await member.get("/search", q="中文")).json()["items"][0]
    assert [hit["post"]["text"][start:end] for start, end in hit["text_hits"]] == ["中文", "中文"]
    await member.send("DELETE", f"/posts/{posts[3]}")
    await town.settled()
    assert await found("python") == []
    outsider = await town.follower("o-out", town.second)
    assert (await outsider.get("/search", q="中文")).json()["items"] == []


async def test_a_post_with_many_followers_makes_nobody_wait_and_forgets_nobody(town: Town) -> None:
    author, watcher, guest = [await town.follower(f"o-{n}") for n in range(3)]
    crowded, quiet = [(await author.post("/posts", {"text": "盯着"})).json()["post_id"] for _ in range(2)]
    for post_id in (crowded, quiet):
        await watcher.send("PUT", f"/follows/post/{post_id}")
    await town.settled()
    database = town.gateway.database
    follow = await database["follows"].find_one({"followed_id": crowded})
    assert follow is not None
    crowd = [follow | {"_id": f"f-{number:04}", "member_id": f"m-{number}"} for number in range(2 * MOST_AT_ONCE)]
    await database["follows"].insert_many(crowd)
    for post_id in (crowded, quiet, crowded):
        await guest.post(f"/posts/{post_id}/replies", {"text": "有新消息"})

    async def all_told() -> bool:
        left = await database["followers_to_tell"].count_documents({})
        return left == 0 and await database["notifications"].count_documents({"kind": "followed_post"}) > 0

    await town.settled()
    await eventually(all_told, "everybody is told")
    told = (await watcher.get("/notifications")).json()["items"]
    assert sorted(one["post_id"] for one in told) == sorted([crowded, quiet, crowded])
    assert await database["notifications"].count_documents({"post_id": crowded}) == 2 * (len(crowd) + 1) + 2
    assert await database["notifications"].count_documents({"post_id": crowded, "member_id": author.member_id}) == 2


async def test_followers_of_a_post_are_told_of_replies(town: Town) -> None:
    author, watcher, guest = [await town.follower(f"o-{n}") for n in range(3)]
    post_id = (await author.post("/posts", {"text": "盯着这一帖"})).json()["post_id"]
    for member in (author, watcher):
        await member.send("PUT", f"/follows/post/{post_id}")
    await town.settled()
    await guest.post(f"/posts/{post_id}/replies", {"text": "有新消息"})
    await watcher.post(f"/posts/{post_id}/replies", {"text": "我自己说的"})
    await town.settled()
    told = (await watcher.get("/notifications")).json()["items"]
    assert [(one["kind"], one["excerpt"]) for one in told] == [("followed_post", "有新消息")]
    assert [one["kind"] for one in (await author.get("/notifications")).json()["items"]] == ["reply", "reply"]
    assert (await watcher.get("/notifications", cursor="WzE4NDQ2NzQ0MDczNzA5NTUxNjE2XQ")).status_code == 400
