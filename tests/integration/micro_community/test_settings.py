"""What operators set: boards, and the words that review publishes for everybody."""

from __future__ import annotations

from typing import Any

from contracts.review import LexiconPublished, SensitiveWord
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
