"""Live chat: followers write in WeChat, operators answer here."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from contracts.micro_community import ChatClosed, ChatMessageWritten, ChatOpened
from contracts.publisher import FollowerMessageRefused, FollowerMessageSent, MessageReceived
from kit.clock import SystemClock
from kit.ids import new_id
from services.micro_community.domain.moderation import Moderator
from services.micro_community.repositories.visits import MongoVisits
from tests.integration.micro_community.conftest import AT, Staff, Town
from tests.support.services import eventually


async def writes(
    town: Town, text: str | None, *, openid: str = "o-fan", kind: str = "text", ago: timedelta = timedelta()
) -> None:
    message_id = f"{town.first}:{new_id()}"
    event = MessageReceived(
        message_id=message_id,
        account_id=town.first,
        openid=openid,
        kind=kind,
        text=text,
        media_id=None,
        received_at=SystemClock().now() - ago,
    )
    await town.house.publish(event)
    lines = town.gateway.database["chat_lines"]

    async def arrived() -> bool:
        return await lines.count_documents({"_id": message_id}) == 1

    await eventually(arrived, "the message is there")


async def chats(staff: Staff, state: str = "waiting") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await staff.get("/chats", state=state)).json()["items"]
    return items


async def counts(staff: Staff) -> tuple[int, int]:
    """How many wait for anybody, and how many for this one."""
    page = (await staff.get("/chats")).json()
    return page["waiting"], page["yours"]


async def test_a_chat_from_the_first_word_to_the_last(town: Town) -> None:
    await town.follower("o-fan", nickname="老粉")
    one = await town.staff(name="运营一")
    two = await town.staff(("operator", f"/hengyuan/{town.first}"), name="运营二")
    two.token = await town.house.token("p-2", ("operator", f"/hengyuan/{town.first}"), name="运营二")
    await writes(town, "在吗")
    await writes(town, None, kind="image")
    [chat] = await chats(one)
    assert (chat["follower"]["nickname"], chat["unanswered"], chat["last_text"]) == ("老粉", 2, "[图片]")
    assert await counts(two) == (1, 0)
    path = f"/chats/{chat['chat_id']}"
    early = await one.post(f"{path}/messages", {"text": "您好"})
    assert early.json()["code"] == "micro_community.chat_not_yours"
    assert (await one.post(f"{path}/take")).status_code == 200
    assert (await two.post(f"{path}/take")).json()["code"] == "micro_community.chat_taken"
    assert (await counts(one), await counts(two)) == ((0, 1), (0, 0))
    key = new_id()
    sent = [await one.post(f"{path}/messages", {"text": "您好，在的"}, key=key) for _ in range(2)]
    assert sent[0].status_code == 201 and sent[0].text == sent[1].text
    written = await town.house.event(ChatMessageWritten)
    assert (written.openid, written.text, written.written_by) == ("o-fan", "您好，在的", "p-1")
    assert (await one.post(f"{path}/hand-over", {"person_id": "p-2", "name": "别的名字"})).status_code == 200
    assert (await one.post(f"{path}/messages", {"text": "还是我"})).status_code == 409
    assert (await two.post(f"{path}/messages", {"text": "我来接待"})).status_code == 201
    assert (await two.post(f"{path}/close")).status_code == 200
    transcript = (await one.get(f"{path}/messages")).json()
    assert [line["text"] for line in transcript["items"]] == ["我来接待", "您好，在的", "[图片]", "在吗"]
    assert (transcript["chat"]["state"], transcript["chat"]["person_name"]) == ("closed", "运营二")
    assert await chats(one, "assigned") == []
    await writes(town, "再问一句")
    assert [chat["state"] for chat in await chats(one)] == ["waiting"]
    await town.house.event(ChatClosed)

    async def opened_twice() -> bool:
        return len(await town.house.events(ChatOpened)) == 2

    await eventually(opened_twice, "the chat opened again")
    assert len(await town.house.events(ChatMessageWritten)) == 2


async def test_a_chat_is_handed_only_to_somebody_who_is_at_this_desk(town: Town) -> None:
    one = await town.staff(name="运营一")
    elsewhere = Staff(town.second, "", await town.house.token("p-9", ("head", "/hengyuan"), name="别处的"), town.http)
    assert (await elsewhere.get("/chats")).status_code == 200
    await writes(town, "在吗")
    [chat] = await chats(one)
    path = f"/chats/{chat['chat_id']}"
    await one.post(f"{path}/take")
    for person_id in ("p-2", "nobody", "p-9"):
        answer = await one.post(f"{path}/hand-over", {"person_id": person_id, "name": "运营二"})
        assert (answer.status_code, answer.json()["code"]) == (409, "micro_community.colleague_away")
    two = Staff(town.first, "", await town.house.token("p-2", ("head", "/hengyuan"), name="运营二"), town.http)
    await chats(two)
    long_ago = SystemClock().now() - timedelta(minutes=6)
    presences = town.gateway.database["desk_presences"]
    await presences.update_one({"person_id": "p-2"}, {"$set": {"at": long_ago}})
    assert (await one.post(f"{path}/hand-over", {"person_id": "p-2"})).status_code == 409
    await presences.update_one({"person_id": "p-2"}, {"$set": {"at": SystemClock().now()}})
    assert (await one.post(f"{path}/hand-over", {"person_id": "p-2"})).status_code == 200
    assert [(found["person_id"], found["person_name"]) for found in await chats(one, "assigned")] == [("p-2", "运营二")]


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


async def test_operators_see_whether_an_answer_reached_the_follower(town: Town) -> None:
    operator = await town.staff()
    await writes(town, "在吗")
    [chat] = await chats(operator)
    path = f"/chats/{chat['chat_id']}"
    await operator.post(f"{path}/take")
    for text in ("一", "二"):
        await operator.post(f"{path}/messages", {"text": text})
    lines = (await operator.get(f"{path}/messages")).json()["items"]
    assert [line["delivery"] for line in lines] == ["sending", "sending", None]
    told = {"account_id": town.first, "kind": "customer_message"}
    second, first = lines[0]["message_id"], lines[1]["message_id"]
    await town.house.publish(FollowerMessageSent(message_id=first, sent_at=AT, **told))
    refused = {"code": "wechat.45015", "detail": "已超过 48 小时", "refused_at": AT}
    await town.house.publish(FollowerMessageRefused.model_validate({"message_id": second, **told, **refused}))

    async def known() -> bool:
        found = (await operator.get(f"{path}/messages")).json()["items"]
        return [(line["delivery"], line["delivery_detail"]) for line in found[:2]] == [
            ("refused", "已超过 48 小时"),
            ("sent", ""),
        ]

    await eventually(known, "both outcomes are in the transcript")
    assert [chat["undelivered"] for chat in await chats(operator, "assigned")] == [True]
    await operator.post(f"{path}/messages", {"text": "三"})
    assert [chat["undelivered"] for chat in await chats(operator, "assigned")] == [False]


async def test_the_desk_is_a_page_that_loads_nothing_from_elsewhere(town: Town) -> None:
    await town.staff()
    shell = await town.http.get(f"/community/{town.first}/desk")
    assert (shell.status_code, shell.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in shell.headers["content-security-policy"]
    assert "http" not in shell.text.replace("http-equiv", "") and "<script>" not in shell.text
    loaded = re.findall(r'(?:href|src)="desk/([a-z.]+)"', shell.text)
    assert set(loaded) == {"desk.css", "desk.js"}
    for name in loaded:
        part = await town.http.get(f"/community/{town.first}/desk/{name}")
        assert part.headers["content-type"].startswith("text/css" if name.endswith(".css") else "text/javascript")
        assert part.headers["content-security-policy"] == shell.headers["content-security-policy"]
        imported = re.findall(r"from '([^']+)'", part.text)
        assert all(one.startswith("./") for one in imported)
        loaded += [one[2:] for one in imported if one[2:] not in loaded]
    assert len(loaded) > 2
    assert (await town.http.get("/community/nowhere/desk")).status_code == 404
    assert (await town.http.get(f"/community/{town.first}/desk/desk.html")).status_code == 404


async def test_a_chat_goes_to_who_is_there_and_no_follower_waits_for_one_who_is_not(town: Town) -> None:
    one = await town.staff(name="运营一")
    two = await town.staff(name="运营二")
    two.token = await town.house.token("p-2", ("operator", f"/hengyuan/{town.first}"), name="运营二")
    await writes(town, "在吗")
    [chat] = await chats(one)
    await chats(two)
    colleagues = (await one.get("/chats/colleagues")).json()["items"]
    assert {colleague["name"] for colleague in colleagues} == {"运营一", "运营二"}
    await one.post(f"/chats/{chat['chat_id']}/take")
    assert (await two.post(f"/chats/{chat['chat_id']}/take")).status_code == 409
    long_ago = SystemClock().now() - timedelta(minutes=16)
    then = {"unanswered_since": long_ago, "assigned_at": long_ago}
    await town.gateway.database["chats"].update_one({"_id": chat["chat_id"]}, {"$set": then})
    assert (await two.post(f"/chats/{chat['chat_id']}/take")).status_code == 200


async def test_who_is_at_the_desk_is_noted_at_the_same_minute_of_every_day(town: Town) -> None:
    visits, by = MongoVisits(town.gateway.database), Moderator("person", "p-1", "运营一")
    today = SystemClock().now().replace(microsecond=0)
    for day in (today, today + timedelta(days=1)):
        await visits.at_desk(town.first, by, day)
        kept = await town.gateway.database["desk_presences"].find_one({"account_id": town.first})
        assert kept is not None and kept["at"] == day


async def test_a_follower_of_before_our_time_has_a_name_and_is_not_called_gone(town: Town) -> None:
    operator = await town.staff()
    await writes(town, "老早就关注了", openid="o-old")
    [chat] = await chats(operator)
    assert chat["follower"]["nickname"].startswith("粉丝")


async def test_what_was_said_is_exported_and_goes_with_its_member(town: Town) -> None:
    member, operator = await town.follower("o-fan"), await town.staff()
    await writes(town, "我的电话是秘密")
    export = (await member.get("/me/export")).json()
    assert [line["text"] for line in export["chat_lines"]] == ["我的电话是秘密"]
    assert (await member.send("DELETE", "/me")).status_code == 204

    async def gone() -> bool:
        lines = await town.gateway.database["chat_lines"].count_documents({"account_id": town.first})
        return lines == 0 and await chats(operator) == []

    await eventually(gone, "the chat is erased")


async def test_what_is_heard_late_stands_where_it_was_said(town: Town) -> None:
    """After an outage messages come late, and in any order."""
    operator = await town.staff()
    await writes(town, "第二句", ago=timedelta(hours=1))
    await writes(town, "第一句", ago=timedelta(hours=2))
    [chat] = await chats(operator)
    assert (chat["last_text"], chat["unanswered"]) == ("第二句", 2)
    lines = (await operator.get(f"/chats/{chat['chat_id']}/messages")).json()["items"]
    assert [line["text"] for line in lines] == ["第二句", "第一句"]
    await writes(town, "很久了", openid="o-late", ago=timedelta(hours=49))
    late = next(one for one in await chats(operator) if one["last_text"] == "很久了")
    path = f"/chats/{late['chat_id']}"
    assert (await operator.post(f"{path}/take")).status_code == 200
    answer = await operator.post(f"{path}/messages", {"text": "抱歉，刚看到"})
    assert answer.json()["code"] == "micro_community.chat_window_over"
