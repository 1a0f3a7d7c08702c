"""What operators set: boards, and the words that review publishes for everybody."""

from __future__ import annotations

from typing import Any

from contracts.micro_community import PostCreated
from contracts.review import LexiconPublished, SensitiveWord
from kit.ids import new_id
from tests.integration.micro_community.conftest import AT, Town
from tests.support.services import eventually

SQUARE = {"board_id": "square", "name": "客厅", "official": False}
NEWS = {"board_id": "news", "name": "资讯", "official": True}
BOOKS = {"board_id": "books", "name": "读书", "official": False}


async def test_operators_choose_the_boards(town: Town) -> None:
    operator, member = await town.staff(), await town.follower("o-member")
    boards = {"boards": [SQUARE, BOOKS, NEWS]}
    assert (await operator.send("PUT", "/moderation/boards", boards)).status_code == 200
    assert (await member.get("")).json()["boards"] == boards["boards"]

    async def there() -> Any:
        return (await member.post("/posts", {"text": "好书", "board_id": "books"})).status_code == 201

    await eventually(there, "the new board takes posts")
    await member.post("/posts", {"text": "闲聊"})
    assert [one["text"] for one in (await member.get("/posts", board_id="books")).json()["items"]] == ["好书"]
    for bad in (
        [SQUARE, NEWS, SQUARE],
        [SQUARE],
        [NEWS],
        [SQUARE | {"official": True}, NEWS],
        [SQUARE, NEWS, BOOKS | {"name": "资讯"}],
    ):
        refused = await operator.send("PUT", "/moderation/boards", {"boards": bad})
        assert (refused.status_code, refused.json()["code"]) == (422, "micro_community.boards_malformed")
    assert (await member.send("PUT", "/moderation/boards", boards)).status_code == 401
    assert (await operator.get("/moderation/acts")).json()["items"][0]["deed"] == "boards_set"


async def test_staff_write_as_the_account_where_nobody_else_may(town: Town) -> None:
    operator, member = await town.staff(name="小编"), await town.follower("o-member")
    boards = [SQUARE, NEWS, BOOKS | {"official": True}]
    assert (await operator.send("PUT", "/moderation/boards", {"boards": boards})).status_code == 200
    refused = await member.post("/posts", {"text": "我也写", "board_id": "books"})
    assert refused.json()["code"] == "micro_community.board_closed"
    body = {"title": "本月书单", "text": "一起读 #共读#", "board_id": "books"}
    key = new_id()
    made = [await operator.post("/moderation/posts", body, key=key) for _ in range(2)]
    assert (made[0].status_code, made[0].text) == (201, made[1].text)
    post = made[0].json()
    author = post["author"]
    assert (author["member_id"], author["nickname"], author["official"]) == (None, "恒远医疗", True)
    [shown] = (await member.get("/posts", board_id="books")).json()["items"]
    assert (shown["post_id"], shown["title"], shown["topics"]) == (post["post_id"], "本月书单", ["共读"])
    assert (await member.post(f"/posts/{post['post_id']}/replies", {"text": "已读"})).status_code == 201
    created = await town.house.event(PostCreated)
    assert (created.post_id, created.author_id, created.board_id) == (post["post_id"], None, "books")
    await town.settled()
    assert (await member.get("/topics/共读")).json()["posts"] == 1
    act = (await operator.get("/moderation/acts")).json()["items"][0]
    assert (act["deed"], act["target_id"], act["by_name"]) == ("posted", post["post_id"], "小编")
    assert (await operator.post("/moderation/posts", {"text": "通知"})).json()["board_id"] == "news"


async def test_who_may_not_write_as_the_account(town: Town) -> None:
    operator, member = await town.staff(), await town.follower("o-member")
    assert (await member.post("/moderation/posts", {"text": "冒充"})).status_code == 401
    made = await operator.send("PUT", f"/moderation/members/{member.member_id}/moderator", {"on": True})
    assert made.status_code == 200
    assert (await member.post("/moderation/posts", {"text": "版主也不行"})).status_code == 401
    foreign = await town.staff(("operator", f"/hengyuan/{town.second}"))
    assert (await foreign.post("/moderation/posts", {"text": "别家的"})).status_code in (403, 404)
    for text, code in (("赌博", "sensitive_content"), (" ", "text_empty")):
        assert (await operator.post("/moderation/posts", {"text": text})).json()["code"] == f"micro_community.{code}"
    unknown = await operator.post("/moderation/posts", {"text": "x", "board_id": "none"})
    assert unknown.json()["code"] == "micro_community.board_unknown"
    assert await town.gateway.database["posts"].count_documents({}) == 0


async def test_reviews_lexicon_takes_the_place_of_the_seeded_one(town: Town) -> None:
    member, other = await town.follower("o-member"), await town.follower("o-other", town.second)
    blocked = await member.post("/posts", {"text": "赌博"})
    assert blocked.json()["code"] == "micro_community.sensitive_content"

    async def publish(lexicon_id: str, unit_path: str, revision: int, **words: Any) -> None:
        listed = tuple(SensitiveWord(word=word, action=action) for word, action in words.items())
        event = LexiconPublished(
            lexicon_id=lexicon_id, unit_path=unit_path, revision=revision, words=listed, published_at=AT
        )
        await town.house.publish(event)

    async def refuses(who: Any, text: str, code: str | None) -> None:
        async def look() -> bool:
            answer = await who.post("/posts", {"text": text})
            return bool(answer.json().get("code") == code)

        await eventually(look, f"{text}: {code}")

    await town.rule(posts_per_ten_minutes=1_000)
    await publish("unit", f"/hengyuan/{town.first}", 1, 咖啡="block")
    await refuses(member, "咖啡", "micro_community.sensitive_content")
    for who in (member, other):
        await refuses(who, "赌博", "micro_community.sensitive_content")
    await publish("group", "/hengyuan", 2, 奶茶="block")
    await refuses(member, "奶 茶", "micro_community.sensitive_content")
    await refuses(member, "咖啡", "micro_community.sensitive_content")
    await refuses(other, "奶茶", "micro_community.sensitive_content")
    await refuses(other, "咖啡", None)
    await refuses(member, "赌博", None)
    await publish("group", "/hengyuan", 1, 茶="block")
    await publish("group", "/hengyuan", 3)
    await refuses(member, "奶茶", None)
