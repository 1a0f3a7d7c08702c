"""Posts that are to appear later: their pictures are there by then, and nothing gets around a moderator."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.micro_community import PostCreated
from kit.clock import SystemClock
from services.micro_community.commands.sweep_pictures import sweep_pictures
from tests.integration.micro_community.conftest import Follower, Town
from tests.integration.micro_community.test_moderation import moderator
from tests.integration.micro_community.test_pictures import picture, upload
from tests.support.services import eventually


def in_(**span: float) -> str:
    return (SystemClock().now() + timedelta(**span)).isoformat()


async def schedule(author: Follower, text: str = "整点见", **more: object) -> str:
    answer = await author.post("/posts", {"text": text, "publish_at": in_(hours=1)} | more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["post_id"])


async def time_comes(town: Town, post_id: str) -> None:
    past = SystemClock().now() - timedelta(seconds=1)
    await town.gateway.database["posts"].update_one({"_id": post_id}, {"$set": {"publish_at": past}})


async def state_is(town: Town, post_id: str, state: str) -> None:
    async def look() -> bool:
        row = await town.gateway.database["posts"].find_one({"_id": post_id})
        return row is not None and row["state"] == state

    await eventually(look, f"the post is {state}")


async def test_it_appears_once_and_in_time(town: Town) -> None:
    author, reader = await town.follower("o-author"), await town.follower("o-reader")
    body = {"text": "整点见", "publish_at": in_(seconds=3)}
    post = (await author.post("/posts", body)).json()
    assert post["state"] == "scheduled"
    assert (await reader.get(f"/posts/{post['post_id']}")).status_code == 404

    async def appeared() -> bool:
        return (await reader.get(f"/posts/{post['post_id']}")).status_code == 200

    await eventually(appeared, "the post appears")
    shown = (await reader.get(f"/posts/{post['post_id']}")).json()
    assert datetime.fromisoformat(shown["created_at"]) >= datetime.fromisoformat(body["publish_at"])
    await town.house.event(PostCreated)
    assert len(await town.house.events(PostCreated)) == 1
    late = await author.post("/posts", {"text": "x", "publish_at": in_(seconds=-5)})
    assert late.json()["code"] == "micro_community.schedule_invalid"


async def test_its_pictures_are_kept_until_then_and_used_once(town: Town) -> None:
    author, reader = await town.follower("o-author"), await town.follower("o-reader")
    used, unused = [(await upload(author, picture())).json() for _ in range(2)]
    post_id = await schedule(author, picture_ids=[used["picture_id"]])
    await town.settled()
    again = await author.post("/posts", {"text": "再用一次", "picture_ids": [used["picture_id"]]})
    assert again.json()["code"] == "micro_community.picture_unusable"
    deps = town.gateway.app.state.dependencies
    much_later = deps.clock.now() + timedelta(hours=25)
    await sweep_pictures(pictures=deps.repos.pictures, files=deps.files, before=much_later)
    assert (await author.http.get(unused["thumb"], headers=author.headers(None))).status_code == 404
    assert (await reader.http.get(used["thumb"], headers=reader.headers(None))).status_code == 404
    await time_comes(town, post_id)
    await state_is(town, post_id, "visible")
    await town.settled()
    assert (await reader.http.get(used["thumb"], headers=reader.headers(None))).status_code == 200


async def test_an_edit_does_not_bring_in_what_a_moderator_would_have_to_see(town: Town) -> None:
    author = await town.follower("o-author")
    post_id = await schedule(author)
    smuggled = await author.send("PUT", f"/posts/{post_id}", {"text": "看 http://evil.example"})
    assert (smuggled.status_code, smuggled.json()["code"]) == (422, "micro_community.edit_needs_review")
    edited = await author.send("PUT", f"/posts/{post_id}", {"text": "整点再见"})
    assert (edited.json()["text"], edited.json()["state"]) == ("整点再见", "scheduled")


async def test_what_is_approved_before_its_time_waits_for_it(town: Town) -> None:
    author, mod = await town.follower("o-author"), await moderator(town)
    post_id = await schedule(author, "想了解贷款")
    (waiting,) = (await mod.get("/moderation/queue")).json()["items"]
    assert (waiting["target_id"], waiting["publish_at"] is not None) == (post_id, True)
    assert (await mod.post(f"/moderation/posts/{post_id}/show")).status_code == 200
    await state_is(town, post_id, "scheduled")
    twice = await mod.post(f"/moderation/posts/{post_id}/show")
    assert twice.json()["code"] == "micro_community.state_forbids"
    assert (await author.get("/notifications")).json()["items"] == []
    await time_comes(town, post_id)
    await state_is(town, post_id, "visible")
    await town.settled()
    assert [one["kind"] for one in (await author.get("/notifications")).json()["items"]] == ["approved"]


async def test_who_was_silenced_meanwhile_does_not_appear_by_themselves(town: Town) -> None:
    author, mod = await town.follower("o-author"), await moderator(town)
    post_id = await schedule(author)
    mute = {"minutes": None, "reason": "广告"}
    assert (await mod.post(f"/moderation/members/{author.member_id}/mute", mute)).status_code == 200
    await time_comes(town, post_id)
    await state_is(town, post_id, "waiting")
    (waiting,) = (await mod.get("/moderation/queue")).json()["items"]
    assert waiting["held_for"] == ["author_silenced"]


async def test_a_moderator_takes_it_down_and_brings_it_back_to_its_time(town: Town) -> None:
    author, mod = await town.follower("o-author"), await moderator(town)
    post_id = await schedule(author)
    take_down = await mod.post(f"/moderation/posts/{post_id}/take-down", {"reason": "重复"})
    assert take_down.status_code == 200, take_down.text
    await state_is(town, post_id, "removed")
    assert (await mod.post(f"/moderation/posts/{post_id}/show")).status_code == 200
    await state_is(town, post_id, "scheduled")
