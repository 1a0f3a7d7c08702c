"""What operators learn about their community."""

from __future__ import annotations

from contracts.micro_community import ContentShared
from kit.ids import new_id
from services.micro_community.commands.count_return import MOST_PER_MINUTE
from tests.integration.micro_community.conftest import Town


async def test_a_day_is_counted_as_it_was(town: Town) -> None:
    one, two = await town.follower("o-one"), await town.follower("o-two")
    elsewhere = await town.follower("o-three", town.second)
    await elsewhere.post("/posts", {"text": "别处"})
    post_id = (await one.post("/posts", {"text": "统计"})).json()["post_id"]
    await two.post(f"/posts/{post_id}/replies", {"text": "一"})
    await two.send("PUT", f"/posts/{post_id}/like")
    await two.post("/posts", {"text": "加微信"})
    for _ in range(3):
        await one.get("/me")
    key = new_id()
    for _ in range(2):
        assert (await one.post("/shares", {"post_id": post_id, "channel": "link"}, key=key)).status_code == 201
    assert (await two.post("/shares", {"post_id": post_id, "channel": "moments"})).status_code == 201
    returns = f"/community/{town.first}/returns"
    assert (await town.http.post(returns, headers={"Idempotency-Key": new_id()})).status_code == 201
    await town.settled()
    operator = await town.staff()
    found = (await operator.get("/statistics", days=7)).json()
    assert (found["members"], found["waiting"], found["open_reports"], len(found["days"])) == (2, 1, 0, 7)
    today = found["days"][-1]
    del today["day"]
    assert today.pop("shares_by") == {"link": 1, "moments": 1}
    assert today == {"joined": 2, "active": 2, "posts": 1, "replies": 1, "likes": 1, "shares": 2, "returns": 1}
    assert {event.channel for event in await town.house.events(ContentShared)} == {"link", "moments"}
    assert (await one.get("/statistics")).status_code == 403
    rows = [row async for row in town.gateway.database["days"].find({"account_id": town.first})]
    assert ["returns" in row for row in rows if "posts" in row] == [False], "the harvest has its row alone"


async def test_coming_by_a_link_has_its_pace(town: Town) -> None:
    returns = f"/community/{town.first}/returns"
    paces = town.gateway.app.state.dependencies.paces
    for _ in range(MOST_PER_MINUTE):
        paces.count("return 127.0.0.1", seconds=60)
    refused = await town.http.post(returns, headers={"Idempotency-Key": new_id()})
    assert refused.json()["code"] == "micro_community.too_fast"
