"""A member of one community sees nothing of another, and text stays text."""

from __future__ import annotations

import json
import re
from typing import Any

from kit.ids import new_id
from tests.integration.micro_community.conftest import Follower, Town

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "</script><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='javascript&#58;alert(1)'>点我</a>",
    "'; DROP TABLE posts; --",
    '{"$gt": ""}',
    "event: notification\ndata: {}",
]


async def test_everything_of_another_community_is_not_there(town: Town) -> None:
    insider, outsider = await town.follower("o-in"), await town.follower("o-out", town.second)
    post_id = (await insider.post("/posts", {"text": "只给自己人看"})).json()["post_id"]
    root = (await insider.post(f"/posts/{post_id}/replies", {"text": "楼"})).json()["reply_id"]
    await town.settled()
    foreign = Follower(town.first, outsider.member_id, outsider.token, town.http)
    for path in (
        "", "/me", "/posts", f"/posts/{post_id}", f"/posts/{post_id}/replies", f"/replies/{root}/replies",
        "/notifications", "/notifications/unread", "/stream",
    ):  # fmt: skip
        answer = await foreign.get(path)
        assert (path, answer.status_code) == (path, 404)
    for path, body in (
        ("/posts", {"text": "x"}),
        (f"/posts/{post_id}/replies", {"text": "x"}),
        ("/notifications/read", {}),
    ):
        assert (path, (await foreign.post(path, body)).status_code) == (path, 404)
    for path in (f"/posts/{post_id}", f"/posts/{post_id}/replies", f"/replies/{root}/replies"):
        assert (path, (await outsider.get(path)).status_code) == (path, 404)
    assert (await outsider.post(f"/posts/{post_id}/replies", {"text": "x"})).status_code == 404
    own = (await outsider.post("/posts", {"text": "另一边"})).json()["post_id"]
    crossing = await outsider.post(f"/posts/{own}/replies", {"text": "x", "parent_reply_id": root})
    assert crossing.status_code == 404
    assert [item["text"] for item in (await outsider.get("/posts")).json()["items"]] == ["另一边"]
    assert await town.gateway.database["replies"].count_documents({}) == 1


async def test_a_person_is_not_a_member(town: Town) -> None:
    token = await town.house.token("p-1", ("operator", "/hengyuan"))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_id()}
    answer = await town.http.post(f"/community/{town.first}/posts", json={"text": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.token_invalid")


async def test_guests_read_and_do_not_write(town: Town) -> None:
    member = await town.follower("o-in")
    post_id = (await member.post("/posts", {"text": "欢迎围观"})).json()["post_id"]
    for path in ("", "/posts", f"/posts/{post_id}", f"/posts/{post_id}/replies"):
        assert (await town.http.get(f"/community/{town.first}{path}")).status_code == 200
    assert (await town.http.get(f"/community/{town.first}/notifications")).status_code == 401


async def test_text_is_kept_and_answered_as_text(town: Town) -> None:
    await town.rule(posts_per_ten_minutes=1000, replies_per_minute=1000)
    member = await town.follower("o-in", nickname="<b>名字</b>")
    for text in XSS:
        made = await member.post("/posts", {"title": text, "text": text})
        assert made.status_code == 201, made.text
        shown = await member.get(f"/posts/{made.json()['post_id']}")
        assert shown.headers["content-type"] == "application/json"
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert shown.json()["text"] == text
        reply = await member.post(f"/posts/{made.json()['post_id']}/replies", {"text": text})
        assert json.loads(reply.text)["text"] == text
    odd = await town.http.post(
        member.path("/posts"),
        content=b'{"text": "\\ud800"}',
        headers=member.headers(new_id()) | {"Content-Type": "application/json"},
    )
    assert odd.status_code == 422
    hidden = await member.post("/posts", {"text": "看\u202e反\u0000转\u202c看"})
    assert hidden.json()["text"] == "看反转看"
    lines = await member.post("/posts", {"text": "一\u2028二\r\n三\r四"})
    assert lines.json()["text"] == "一\n二\n三\n四"


async def test_no_route_at_all_answers_the_member_of_another_community(town: Town) -> None:
    insider, outsider = await town.follower("o-in"), await town.follower("o-out", town.second)
    post_id = (await insider.post("/posts", {"text": "只在这里"})).json()["post_id"]
    foreign = Follower(town.first, outsider.member_id, outsider.token, town.http)
    names = {"post_id": post_id, "item_id": post_id, "member_id": insider.member_id, "kind": "posts", "mark": "pinned"}
    bodies = {"text": "x", "on": True, "reason": "x", "floor": 1, "choices": [0], "minutes": 5, "channel": "chat"}
    document = (await town.http.get("/community/openapi.json")).json()
    asked = 0
    for path, operations in document["paths"].items():
        if "/oauth/" in path:
            continue
        place = path.removeprefix("/community/{account_id}")
        for name in re.findall(r"{(\w+)}", place):
            value = "member" if "/follows/" in place and name == "kind" else names.get(name, "x")
            place = place.replace("{" + name + "}", "thumb" if name == "size" else value)
        for method, operation in operations.items():
            body = needed(document, operation, bodies)
            query = {"q": "只在", "url": "http://127.0.0.1:8600/x"}
            url = foreign.path(place)
            answer = await town.http.request(method, url, json=body, params=query, headers=foreign.headers(new_id()))
            assert answer.status_code in (401, 404, 422), (method, place, answer.text)
            assert "只在这里" not in answer.text
            asked += 1
    assert asked > 60
    assert (await insider.get(f"/posts/{post_id}")).json()["state"] == "visible"


def needed(document: dict[str, Any], operation: dict[str, Any], values: dict[str, Any]) -> dict[str, Any] | None:
    """The fields that a body must have, as far as we know values for them."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
    return {name: values.get(name, "x") for name in schema.get("required", [])}
