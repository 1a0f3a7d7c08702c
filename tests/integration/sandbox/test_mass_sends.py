"""Mass sends: once and only once, within the quota, to whom, and how they end."""

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from tests.integration.sandbox.callback_server import Receiver
from tests.integration.sandbox.support import Official, Sandbox, eventually

SEND, SENDALL = "/cgi-bin/message/mass/send", "/cgi-bin/message/mass/sendall"


def text_to_all(account: Official, words: str, **fields: Any) -> dict[str, Any]:
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": words}, **fields}
    return account.post(SENDALL, body)


def finished(account: Official, msg_id: int) -> dict[str, Any]:
    """The job as the platform holds it, once it has ended."""

    def ended() -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = account.control("GET", "/content/mass-sends")
        return [job for job in jobs if job["msg_id"] == msg_id and job["state"] != "SENDING"]

    return eventually(ended)[0]


def told(receiver: Receiver) -> ElementTree.Element:
    pushes = receiver.wait_for(lambda pushes: any("MASSSENDJOBFINISH" in push.body for push in pushes))
    return ElementTree.fromstring(next(push.body for push in pushes if "MASSSENDJOBFINISH" in push.body))


def test_a_mass_send_reaches_every_follower_and_is_told(
    account: Official, sandbox: Sandbox, receiver: Receiver
) -> None:
    readers = [account.follower(name) for name in ("粉丝甲", "粉丝乙", "粉丝丙")]
    account.control("PATCH", f"/followers/{readers[2]}", {"refuses_messages": True})
    gone = account.follower("走了的")
    account.act(gone, "unfollow")
    account.connect(receiver)
    sandbox.settings(mass_seconds=100)
    media_id = account.draft("集团新闻", "第二条")
    sent = account.sendall(media_id, clientmsgid="order-1")
    assert sent["errmsg"] == "send job submission success"
    assert sent["msg_id"] > 2**53
    assert account.mass_state(sent["msg_id"]) == "SENDING"
    sandbox.advance(101)
    event = told(receiver)
    assert account.mass_state(sent["msg_id"]) == "SEND_SUCCESS"
    counts = {name: int(event.findtext(f"{name}Count") or "") for name in ("Total", "Filter", "Sent", "Error")}
    assert counts == {"Total": 3, "Filter": 2, "Sent": 2, "Error": 0}
    assert event.findtext("MsgID") == str(sent["msg_id"])
    assert event.findtext("Status") == "send success"
    assert event.findtext("CopyrightCheckResult/CheckState") == "1"
    items = event.findall("ArticleUrlResult/ResultList/item")
    assert [item.findtext("ArticleIdx") for item in items] == ["1", "2"]
    assert "集团新闻的正文" in account.http.get(items[0].findtext("ArticleUrl") or "").text
    assert [card["title"] for card in account.chat(readers[0])[-1]["articles"]] == ["集团新闻", "第二条"]
    assert all(line["kind"] != "news" for line in account.chat(readers[2]) + account.chat(gone))
    assert account.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_the_ledger_tells_exactly_what_was_sent(account: Official) -> None:
    account.follower()
    sent = account.sendall(account.draft("集团新闻", "第二条"), clientmsgid="order-1")
    (entry,) = account.ledger("mass_send")
    detail = entry["detail"]
    assert (detail["clientmsgid"], detail["msg_id"]) == ("order-1", sent["msg_id"])
    assert detail["titles"] == ["集团新闻", "第二条"]
    assert (detail["to_all"], detail["targets"]) == (True, 1)
    drafted = account.ledger("draft")[0]["detail"]
    assert drafted["articles"] == detail["articles"]


def test_a_repeated_client_id_is_told_the_first_send_and_then_to_wait(account: Official, sandbox: Sandbox) -> None:
    media_id = account.draft()
    first = account.sendall(media_id, clientmsgid="order-1")
    again = account.sendall(media_id, clientmsgid="order-1")
    assert again["errcode"] == 45065
    assert (again["msg_id"], again["msg_data_id"]) == (first["msg_id"], first["msg_data_id"])
    assert account.sendall(media_id, clientmsgid="order-1")["errcode"] == 45066
    sandbox.advance(61)
    assert account.sendall(media_id, clientmsgid="order-1")["errcode"] == 45065
    sandbox.advance(86_400)
    account.fresh_token()
    assert account.sendall(account.draft(), clientmsgid="order-1")["errcode"] == 0
    assert len(account.ledger("mass_send")) == 2


def test_a_refused_send_does_not_use_up_its_client_id(account: Official) -> None:
    assert account.sendall("unknown-draft", clientmsgid="order-1")["errcode"] == 40007
    assert account.sendall(account.draft(), clientmsgid="order-1")["errcode"] == 0


@pytest.mark.parametrize(("length", "code"), [(64, 0), (65, 45067)])
def test_a_client_id_has_at_most_64_bytes(account: Official, length: int, code: int) -> None:
    assert account.sendall(account.draft(), clientmsgid="x" * length)["errcode"] == code


def test_without_a_client_id_the_platform_derives_one(account: Official) -> None:
    media_id = account.draft()
    first = account.sendall(media_id)
    again = account.sendall(media_id)
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    assert account.sendall(account.draft())["errcode"] == 0


def test_a_subscription_account_sends_once_a_day(subscription_account: Official, sandbox: Sandbox) -> None:
    account = subscription_account
    sandbox.to_next_day()
    assert account.sendall(account.draft())["errcode"] == 0
    assert account.sendall(account.draft())["errcode"] == 45028
    sandbox.to_next_day()
    account.fresh_token()
    assert account.sendall(account.draft())["errcode"] == 0
    assert len(account.ledger("mass_send")) == 2


def test_a_failed_send_gives_the_day_back(subscription_account: Official, sandbox: Sandbox) -> None:
    account = subscription_account
    sandbox.to_next_day()
    sandbox.fault("mass_outcome", appid=account.appid, mass_status="send fail")
    assert finished(account, account.sendall(account.draft())["msg_id"])["state"] == "SEND_FAIL"
    assert account.sendall(account.draft())["errcode"] == 0


def test_a_whitelisted_subscription_account_sends_more(subscription_account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_day()
    subscription_account.change(mass_per_day=2)
    codes = [subscription_account.sendall(subscription_account.draft())["errcode"] for _ in range(3)]
    assert codes == [0, 0, 45028]


def test_a_follower_of_a_service_account_gets_four_a_month(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_month()
    account.fresh_token()
    first = account.follower("粉丝甲")
    for number in range(4):
        assert finished(account, text_to_all(account, f"第 {number} 次")["msg_id"])["sent_count"] == 1
    account.follower("粉丝乙")
    fifth = finished(account, text_to_all(account, "第五次")["msg_id"])
    assert (fifth["total_count"], fifth["filter_count"], fifth["sent_count"]) == (2, 1, 1)
    assert first not in fifth["receivers"]
    sandbox.to_next_month()
    account.fresh_token()
    assert finished(account, text_to_all(account, "下个月")["msg_id"])["sent_count"] == 2


@pytest.mark.parametrize("status", ["err(20002)", "err(10001)", "send fail"])
def test_a_send_ends_as_scripted(account: Official, sandbox: Sandbox, receiver: Receiver, status: str) -> None:
    account.follower()
    account.connect(receiver)
    sandbox.fault("mass_outcome", appid=account.appid, mass_status=status)
    sent = account.sendall(account.draft())
    event = told(receiver)
    assert event.findtext("Status") == status
    assert (event.findtext("SentCount"), event.findtext("ErrorCount")) == ("0", "1")
    assert account.mass_state(sent["msg_id"]) == "SEND_FAIL"
    assert account.get("/cgi-bin/draft/count")["total_count"] == 1


@pytest.mark.parametrize(("ignore", "status", "state"), [(0, "err(30003)", "3"), (1, "send success", "2")])
def test_a_reprint_is_stopped_unless_it_may_be_ignored(
    account: Official, sandbox: Sandbox, receiver: Receiver, ignore: int, status: str, state: str
) -> None:
    account.connect(receiver)
    original = {"idx": 1, "url": "http://mp.weixin.qq.com/s/original", "can_reprint": 1}
    sandbox.fault("mass_outcome", appid=account.appid, mass_status="err(30003)", reprint=original)
    account.sendall(account.draft(), send_ignore_reprint=ignore)
    event = told(receiver)
    assert event.findtext("Status") == status
    assert event.findtext("CopyrightCheckResult/CheckState") == state
    item = event.find("CopyrightCheckResult/ResultList/item")
    assert item is not None
    assert (item.findtext("OriginalArticleUrl"), item.findtext("CanReprint")) == (original["url"], "1")


@pytest.mark.parametrize(("confirm", "status"), [(True, "send success"), (False, "err(40001)")])
def test_a_protected_account_waits_for_its_administrator(
    account: Official, sandbox: Sandbox, receiver: Receiver, confirm: bool, status: str
) -> None:
    account.change(mass_protection=True)
    account.connect(receiver)
    msg_id = account.sendall(account.draft())["msg_id"]
    sandbox.advance(60)
    assert account.mass_state(msg_id) == "SENDING"
    account.control("POST", f"/mass-sends/{msg_id}/confirmation", {"confirm": confirm})
    assert told(receiver).findtext("Status") == status


def test_an_administrator_who_does_not_answer_in_half_an_hour_refuses(
    account: Official, sandbox: Sandbox, receiver: Receiver
) -> None:
    account.change(mass_protection=True)
    account.connect(receiver)
    msg_id = account.sendall(account.draft())["msg_id"]
    sandbox.advance(1801)
    assert told(receiver).findtext("Status") == "err(40002)"
    assert account.mass_state(msg_id) == "SEND_FAIL"


def test_one_article_is_taken_down_then_the_whole_message(account: Official) -> None:
    msg_id = account.sendall(account.draft("一", "二"))["msg_id"]
    pages = [f"/s/{page_id}" for page_id in finished(account, msg_id)["page_ids"]]
    delete = "/cgi-bin/message/mass/delete"
    assert account.post(delete, {"msg_id": msg_id, "article_idx": 1})["errcode"] == 0
    assert [account.http.get(page).status_code for page in pages] == [404, 200]
    assert account.mass_state(msg_id) == "SEND_SUCCESS"
    assert account.post(delete, {"msg_id": msg_id, "article_idx": 3})["errcode"] == 40060
    assert account.post(delete, {"msg_id": 1})["errcode"] == 40059
    assert account.post(delete, {"msg_id": msg_id})["errcode"] == 0
    assert account.http.get(pages[1]).status_code == 404
    assert account.mass_state(msg_id) == "DELETE"


def test_a_list_of_openids_has_two_to_ten_thousand(account: Official) -> None:
    openids = [account.follower(name) for name in ("粉丝甲", "粉丝乙")]
    body = {"msgtype": "text", "text": {"content": "通知"}}
    assert account.post(SEND, {"touser": openids[:1], **body})["errcode"] == 40130
    assert account.post(SEND, {"touser": ["o" * 28] * 10_001, **body})["errcode"] == 40032
    sent = account.post(SEND, {"touser": [*openids, "o" * 28], **body})
    assert "msg_data_id" not in sent
    job = finished(account, sent["msg_id"])
    assert (job["total_count"], job["sent_count"]) == (3, 2)
    assert account.chat(openids[0])[-1]["text"] == "通知"


def test_a_tag_narrows_a_send(account: Official) -> None:
    tagged, _ = account.follower("粉丝甲"), account.follower("粉丝乙")
    tag = account.post("/cgi-bin/tags/create", {"tag": {"name": "员工"}})["tag"]["id"]
    account.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [tagged], "tagid": tag})
    body = {"filter": {"is_to_all": False, "tag_id": tag}, "msgtype": "text", "text": {"content": "内部"}}
    assert finished(account, account.post(SENDALL, body)["msg_id"])["receivers"] == [tagged]
    body["filter"] = {"is_to_all": False, "tag_id": 99}
    assert account.post(SENDALL, body)["errcode"] == 40050


def test_a_preview_shows_it_to_one_follower_and_costs_nothing(subscription_account: Official, sandbox: Sandbox) -> None:
    account = subscription_account
    sandbox.to_next_day()
    openid, media_id = account.follower("粉丝甲"), account.draft("草稿")
    body = {"msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    assert account.post("/cgi-bin/message/mass/preview", {"touser": openid, **body})["errcode"] == 0
    assert account.post("/cgi-bin/message/mass/preview", {"towxname": "粉丝甲", **body})["errcode"] == 0
    assert account.chat(openid)[-1]["articles"][0]["title"] == "草稿"
    assert account.post("/cgi-bin/message/mass/preview", {"towxname": "没有", **body})["errcode"] == 40132
    assert account.sendall(media_id)["errcode"] == 0


def test_the_speed_has_five_steps(account: Official) -> None:
    assert account.post("/cgi-bin/message/mass/speed/get") == {"speed": 0, "realspeed": 80}
    assert account.post("/cgi-bin/message/mass/speed/set", {"speed": 4})["errcode"] == 0
    assert account.post("/cgi-bin/message/mass/speed/get") == {"speed": 4, "realspeed": 10}
    assert account.post("/cgi-bin/message/mass/speed/set", {"speed": 5})["errcode"] == 45083
    assert account.post("/cgi-bin/message/mass/speed/set", {})["errcode"] == 45084


def test_an_unknown_job_or_message_type_is_refused(account: Official) -> None:
    assert account.post("/cgi-bin/message/mass/get", {"msg_id": 1})["errcode"] == 40059
    body = {"filter": {"is_to_all": True}, "msgtype": "hologram", "hologram": {}}
    assert account.post(SENDALL, body)["errcode"] == 40008
