"""Whatever belongs to one community is nothing to members and staff of another: every route, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.publisher import MessageReceived
from kit.ids import new_id
from tests.integration.micro_community.conftest import AT, Follower, Staff, Town
from tests.integration.micro_community.routes import Operation, operations, send
from tests.integration.micro_community.test_pictures import picture, upload
from tests.support.services import eventually

SECRET = "只在这里"
# What they name is the caller's own, or nobody's: a topic is a word, a slot is a place for one's own draft.
OWN = ("/topics/{name}", "/me/drafts/{slot}")
BODIES: dict[str, Any] = {
    "text": "x", "on": True, "reason": "other", "floor": 1, "choices": [0], "minutes": 5, "channel": "chat",
    "target_kind": "post", "title": "x", "name": "x", "url": "https://hooks.example.com/x",
    "boards": [{"board_id": "square", "name": "广场"}, {"board_id": "news", "name": "资讯", "official": True}],
}  # fmt: skip


@dataclass
class Things:
    """One of everything that has an id, in the first community."""

    ids: dict[str, str]

    def values(self, place: str) -> dict[str, str]:
        item = self.ids["reply_id"] if "/replies/" in place and "{item_id}" in place else self.ids["post_id"]
        kind = "member" if "/follows/" in place else "posts"
        return self.ids | {"item_id": item, "kind": kind, "size": "thumb", "mark": "pinned"}


async def furnish(town: Town) -> Things:
    insider, operator = await town.follower("o-in"), await town.staff()
    post_id = (await insider.post("/posts", {"text": SECRET})).json()["post_id"]
    reply_id = (await insider.post(f"/posts/{post_id}/replies", {"text": SECRET})).json()["reply_id"]
    report = {"target_kind": "post", "target_id": post_id, "reason": "other"}
    assert (await insider.post("/reports", report)).status_code == 201
    picture_id = (await upload(insider, picture())).json()["picture_id"]
    canned = (await operator.post("/canned-answers", {"title": "问候", "text": SECRET})).json()
    # Of what does not happen here: a call would be noted with the webhook.
    hook = (await operator.post("/webhooks", {"url": "https://hooks.example.com/x", "kinds": ["vote"]})).json()
    message = MessageReceived(
        message_id=f"{town.first}:{new_id()}", account_id=town.first, openid="o-in", kind="text", text=SECRET,
        media_id=None, received_at=AT,
    )  # fmt: skip
    await town.house.publish(message)
    database = town.gateway.database

    async def heard() -> Any:
        return await database["chats"].find_one({"account_id": town.first})

    chat = await eventually(heard, "the chat is open")
    filed = await database["reports"].find_one({"account_id": town.first})
    assert filed is not None
    await town.settled()
    return Things(
        {
            "post_id": post_id,
            "reply_id": reply_id,
            "member_id": insider.member_id,
            "followed_id": insider.member_id,
            "picture_id": picture_id,
            "answer_id": canned["answer_id"],
            "webhook_id": hook["webhook_id"],
            "chat_id": chat["_id"],
            "report_id": filed["_id"],
        }
    )


async def state_of(town: Town) -> dict[str, list[Any]]:
    """Everything of the first community, but who was at the desk."""
    names = ("posts", "replies", "members", "reports", "chats", "chat_lines", "canned_answers", "webhooks", "likes")
    database = town.gateway.database
    query = {"account_id": town.first}
    return {name: await database[name].find(query).sort([("_id", 1)]).to_list(None) for name in names}


def about_things(every: list[Operation]) -> list[Operation]:
    """Operations on something that has an id."""
    return [one for one in every if one.names and one.place not in OWN]


async def refused(caller: Follower, every: list[Operation], things: Things, statuses: tuple[int, ...]) -> int:
    for operation in every:
        values = things.values(operation.place)
        body = operation.body({**values, "target_id": values["post_id"], **BODIES})
        answer = await send(caller, operation, operation.path(values), body)
        assert answer.status_code in statuses, (operation, answer.status_code, answer.text)
        assert SECRET not in answer.text, operation
    return len(every)


async def test_ids_of_another_community_lead_nowhere(town: Town) -> None:
    things = await furnish(town)
    before = await state_of(town)
    every = about_things(await operations(town.http))
    outsider = await town.follower("o-out", town.second)
    foreign = Staff(town.second, "", await town.house.token("p-9", ("operator", f"/hengyuan/{town.second}")), town.http)
    # A member is no person of the group, and the other way round: 401 where the route is for the other kind.
    assert await refused(outsider, every, things, (401, 403, 404)) > 30
    assert await refused(foreign, every, things, (401, 403, 404)) > 30
    for body in (
        {"text": "x", "quoted_post_id": things.ids["post_id"]},
        {"text": "x", "picture_ids": [things.ids["picture_id"]]},
    ):
        assert (await outsider.post("/posts", body)).status_code in (404, 422)
    mentioning = await outsider.post("/posts", {"text": "x", "mentions": [things.ids["member_id"]]})
    assert mentioning.json()["mentions"] == []
    shared = await outsider.post("/shares", {"post_id": things.ids["post_id"], "channel": "chat"})
    assert shared.status_code == 404
    reported = {"target_kind": "post", "target_id": things.ids["post_id"], "reason": "other"}
    assert (await outsider.post("/reports", reported)).status_code == 404
    assert await state_of(town) == before


async def test_staff_of_another_unit_are_refused_everywhere(town: Town) -> None:
    things = await furnish(town)
    await town.rule(guest_reading=False)
    before = await state_of(town)
    foreign = await town.staff(("operator", f"/hengyuan/{town.second}"), ("custodian", "/hengyuan"))
    every = [one for one in await operations(town.http) if one.place != ""]
    assert await refused(foreign, every, things, (401, 403, 404)) > 70
    guest = Follower(town.first, "", "", town.http)
    for operation in every:
        values = things.values(operation.place)
        answer = await town.http.request(operation.method, guest.path(operation.path(values)), params={"q": "x"})
        assert answer.status_code in (400, 401, 422), (operation, answer.status_code)
        assert SECRET not in answer.text
    assert await state_of(town) == before
