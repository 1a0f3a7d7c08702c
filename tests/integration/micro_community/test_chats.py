"""Live chat: followers write in WeChat, operators answer here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contracts.micro_community import ChatClosed, ChatMessageWritten, ChatOpened
from contracts.publisher import MessageReceived
from kit.clock import SystemClock
from kit.ids import new_id
from tests.integration.micro_community.conftest import AT, Staff, Town
from tests.support.services import eventually


async def writes(town: Town, text: str | None, *, openid: str = "o-fan", kind: str = "text") -> None:
    message_id = f"{town.first}:{new_id()}"
    event = MessageReceived(
        message_id=message_id, account_id=town.first, openid=openid, kind=kind, text=text, media_id=None, received_at=AT
    )
    await town.house.publish(event)
    lines = town.gateway.database["chat_lines"]

    async def arrived() -> bool:
        return await lines.count_documents({"_id": message_id}) == 1

    await eventually(arrived, "the message is there")


async def chats(staff: Staff, state: str = "waiting") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await staff.get("/chats", state=state)).json()["items"]
    return items


async def test_a_chat_from_the_first_word_to_the_last(town: Town) -> None:
    await town.follower("o-fan", nickname="老粉")
    one = await town.staff(name="运营一")
    two = await town.staff(("operator", f"/hengyuan/{town.first}"), name="运营二")
    two.token = await town.house.token("p-2", ("operator", f"/hengyuan/{town.first}"), name="运营二")
    await writes(town, "在吗")
    await writes(town, None, kind="image")
    [chat] = await chats(one)
    assert (chat["follower"]["nickname"], chat["unanswered"], chat["last_text"]) == ("老粉", 2, "[图片]")
    path = f"/chats/{chat['chat_id']}"
    early = await one.post(f"{path}/messages", {"text": "您好"})
    assert early.json()["code"] == "micro_community.chat_not_yours"
    assert (await one.post(f"{path}/take")).status_code == 200
    assert (await two.post(f"{path}/take")).json()["code"] == "micro_community.chat_taken"
    key = new_id()
    sent = [await one.post(f"{path}/messages", {"text": "您好，在的"}, key=key) for _ in range(2)]
    assert sent[0].status_code == 201 and sent[0].text == sent[1].text
    written = await town.house.event(ChatMessageWritten)
    assert (written.openid, written.text, written.written_by) == ("o-fan", "您好，在的", "p-1")
    assert (await one.post(f"{path}/hand-over", {"person_id": "p-2", "name": "运营二"})).status_code == 200
    assert (await one.post(f"{path}/messages", {"text": "还是我"})).status_code == 409
    assert (await two.post(f"{path}/messages", {"text": "我来接待"})).status_code == 201
    assert (await two.post(f"{path}/close")).status_code == 200
    assert [one["text"] for one in (await two.get(f"{path}/messages")).json()["items"]] == [
        "我来接待",
        "您好，在的",
        "[图片]",
        "在吗",
    ]
    assert await chats(one, "assigned") == []
    await writes(town, "再问一句")
    assert [chat["state"] for chat in await chats(one)] == ["waiting"]
    await town.house.event(ChatClosed)

    async def opened_twice() -> bool:
        return len(await town.house.events(ChatOpened)) == 2

    await eventually(opened_twice, "the chat opened again")
    assert len(await town.house.events(ChatMessageWritten)) == 2


async def test_outside_of_working_hours_the_follower_is_told_once(town: Town) -> None:
    await town.rule(chat_from="03:00", chat_to="03:01", chat_away_text="我们九点上班。")
    await writes(town, "有人吗")
    await writes(town, "喂")
    operator = await town.staff()
    open_now = (await operator.get("/chats")).json()["open_now"]
    expected = 0 if open_now else 1

    async def told() -> bool:
        return len(await town.house.events(ChatMessageWritten)) == expected

    await eventually(told, "told once, or open")
    by = [
        line["by"]
        for line in (await operator.get(f"/chats/{(await chats(operator))[0]['chat_id']}/messages")).json()["items"]
    ]
    assert by.count("automatic") == expected


async def test_an_answer_after_two_days_is_refused(town: Town) -> None:
    operator = await town.staff()
    await writes(town, "很久以前")
    [chat] = await chats(operator)
    path = f"/chats/{chat['chat_id']}"
    await operator.post(f"{path}/take")
    two_days_ago = SystemClock().now() - timedelta(days=2, minutes=1)
    await town.gateway.database["chats"].update_one({"_id": chat["chat_id"]}, {"$set": {"heard_at": two_days_ago}})
    answer = await operator.post(f"{path}/messages", {"text": "抱歉"})
    assert answer.json()["code"] == "micro_community.chat_window_over"


async def test_canned_answers_and_who_may_see_all_this(town: Town) -> None:
    operator, member = await town.staff(), await town.follower("o-member")
    made = (await operator.post("/canned-answers", {"title": "问候", "text": "您好！"})).json()
    assert (await operator.get("/canned-answers")).json()["items"] == [made]
    assert (await operator.send("DELETE", f"/canned-answers/{made['answer_id']}")).status_code == 200
    foreign = await town.staff(("operator", f"/hengyuan/{town.second}"))
    for path in ("/chats", "/canned-answers", "/chats/x/messages"):
        assert (await member.get(path)).status_code == 401
        assert (await foreign.get(path)).status_code == 403
    assert (await operator.post("/chats/none/take")).status_code == 404
