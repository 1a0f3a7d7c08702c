"""A member takes their data along, and leaves without a trace."""

from __future__ import annotations

import json

from contracts.micro_community import MemberLeft
from tests.integration.micro_community.conftest import Town
from tests.integration.micro_community.test_chats import writes
from tests.integration.micro_community.test_pictures import picture, upload
from tests.support.services import eventually


async def test_the_export_has_everything_and_only_the_members_own(town: Town) -> None:
    member, other = await town.follower("o-member", nickname="小明"), await town.follower("o-other")
    post_id = (await member.post("/posts", {"text": "我的 #话题#"})).json()["post_id"]
    await other.post(f"/posts/{post_id}/replies", {"text": "别人的话"})
    await member.post("/check-ins")
    await member.send("PUT", "/me/drafts/post", {"text": "草稿"})
    await town.settled()
    answer = await member.get("/me/export")
    assert answer.headers["content-disposition"].startswith("attachment")
    data = json.loads(answer.text)
    assert data["member"]["nickname"] == "小明"
    assert [post["text"] for post in data["posts"]] == ["我的 #话题#"]
    assert data["replies"] == []
    assert len(data["check_ins"]) == len(data["drafts"]) == len(data["notifications"]) == 1
    assert "别人" not in json.dumps(data["posts"], ensure_ascii=False)
    assert len(data["points"]) == 2


async def test_the_export_repeats_nothing_of_others_that_was_taken_down_and_names_no_staff(town: Town) -> None:
    member, other, operator = await town.follower("o-member"), await town.follower("o-other"), await town.staff()
    post_id = (await member.post("/posts", {"text": "帖"})).json()["post_id"]
    reply_id = (await other.post(f"/posts/{post_id}/replies", {"text": "辱骂的话"})).json()["reply_id"]
    answer = {"text": "别这样", "parent_reply_id": reply_id, "quote": True}
    assert (await member.post(f"/posts/{post_id}/replies", answer)).status_code == 201
    report = {"target_kind": "reply", "target_id": reply_id, "reason": "abuse", "note": ""}
    assert (await member.post("/reports", report)).status_code == 201
    await writes(town, "在吗", openid="o-member")
    [chat] = (await operator.get("/chats")).json()["items"]
    assert (await operator.post(f"/chats/{chat['chat_id']}/take")).status_code == 200
    assert (await operator.post(f"/chats/{chat['chat_id']}/messages", {"text": "在的"})).status_code == 201
    await town.settled()
    before = json.loads((await member.get("/me/export")).text)
    copies = [before["notifications"][0]["excerpt"], before["replies"][0]["quoted"], before["reports"][0]["excerpt"]]
    assert copies == ["辱骂的话"] * 3
    assert (await operator.post(f"/moderation/replies/{reply_id}/take-down", {"reason": "辱骂"})).status_code == 200
    await town.settled()
    text = (await member.get("/me/export")).text
    assert "辱骂的话" not in text and "别这样" in text
    assert {line["text"] for line in json.loads(text)["chat_lines"]} == {"在吗", "在的"}
    assert "p-1" not in text and "运营人员" not in text


async def test_leaving_erases_what_was_written_and_keeps_counters_right(town: Town) -> None:
    member, other = await town.follower("o-member", nickname="要走的人"), await town.follower("o-other")
    file = (await upload(member, picture())).json()
    post_id = (await member.post("/posts", {"text": "我要走了", "picture_ids": [file["picture_id"]]})).json()["post_id"]
    kept = (await other.post("/posts", {"text": "留下的帖子"})).json()["post_id"]
    root = (await member.post(f"/posts/{kept}/replies", {"text": "我的回复"})).json()["reply_id"]
    await other.post(f"/posts/{kept}/replies", {"text": "别人的回复", "parent_reply_id": root})
    await member.send("PUT", f"/posts/{kept}/like")
    await member.send("PUT", f"/follows/member/{other.member_id}")
    await town.settled()
    assert (await member.send("DELETE", "/me")).status_code == 204
    assert (await member.get("/me")).status_code == 404
    assert (await member.post("/posts", {"text": "还想说"})).json()["code"] == "micro_community.member_gone"
    members = town.gateway.database["members"]

    async def erased() -> bool:
        row = await members.find_one({"_id": member.member_id})
        assert row is not None
        return row["erase_until"] is None and row["nickname"] is None and "o-member" not in str(row)

    await eventually(erased, "everything is erased")
    await town.settled()
    assert (await other.get(f"/posts/{post_id}")).status_code == 404
    shown = (await other.get(f"/posts/{kept}")).json()
    assert (shown["like_count"], shown["reply_count"]) == (0, 1)
    item = (await other.get(f"/posts/{kept}/replies")).json()["items"][0]
    assert (item["text"], item["author"]["nickname"], item["thread"][0]["text"]) == ("", "已注销用户", "别人的回复")
    assert (await town.http.get(file["large"])).status_code == 404
    assert list((town.house.folder / "pictures").rglob("*.webp")) == []
    assert (await other.get("/me")).json()["counts"]["followers"] == 0
    database = town.gateway.database
    for name in ("posts", "replies"):
        assert [row["text"] async for row in database[name].find({"author_id": member.member_id})] == [""]
    assert (await town.house.event(MemberLeft)).member_id == member.member_id

    back = await town.follower("o-member")
    assert back.member_id == member.member_id
    me = (await back.get("/me")).json()
    assert (me["counts"]["posts"], me["counts"]["points"]) == (0, 0)
    assert (await back.post("/posts", {"text": "我回来了"})).status_code == 201
