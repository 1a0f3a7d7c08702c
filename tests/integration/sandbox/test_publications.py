"""Publishing without telling the followers."""

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from tests.integration.sandbox.callback_server import Receiver
from tests.integration.sandbox.support import Official, Sandbox, eventually

SUBMIT, GET = "/cgi-bin/freepublish/submit", "/cgi-bin/freepublish/get"


def state(account: Official, publish_id: str) -> dict[str, Any]:
    return account.post(GET, {"publish_id": publish_id})


def published(account: Official, *titles: str) -> dict[str, Any]:
    job = account.post(SUBMIT, {"media_id": account.draft(*titles)})
    assert job["errcode"] == 0
    return eventually(lambda: (told := state(account, job["publish_id"])) and told["publish_status"] != 1 and told)


def test_a_publication_is_accepted_first_and_done_later(
    account: Official, sandbox: Sandbox, receiver: Receiver
) -> None:
    account.connect(receiver)
    sandbox.settings(publish_seconds=100)
    media_id = account.draft("一", "二")
    job = account.post(SUBMIT, {"media_id": media_id})
    assert job.keys() == {"errcode", "errmsg", "publish_id", "msg_data_id"}
    assert state(account, job["publish_id"])["publish_status"] == 1
    sandbox.advance(101)
    receiver.wait_for(lambda pushes: len(pushes) == 1)
    done = state(account, job["publish_id"])
    assert done["publish_status"] == 0
    assert done["article_detail"]["count"] == 2
    page = account.http.get(done["article_detail"]["item"][0]["article_url"])
    assert "一的正文" in page.text
    assert account.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007
    told = ElementTree.fromstring(receiver.pushes()[0].body)
    assert told.findtext("Event") == "PUBLISHJOBFINISH"
    assert told.findtext("PublishEventInfo/publish_id") == job["publish_id"]
    assert told.findtext("PublishEventInfo/publish_status") == "0"
    assert told.findtext("PublishEventInfo/article_id") == done["article_id"]
    assert told.findtext("PublishEventInfo/article_detail/count") == "2"
    urls = [item.findtext("article_url") for item in told.findall("PublishEventInfo/article_detail/item")]
    assert urls == [item["article_url"] for item in done["article_detail"]["item"]]


@pytest.mark.parametrize(("status", "fail_idx"), [(2, [1]), (3, []), (4, [1, 2])])
def test_a_publication_fails_as_scripted_and_keeps_its_draft(
    account: Official, sandbox: Sandbox, status: int, fail_idx: list[int]
) -> None:
    sandbox.fault("publish_outcome", appid=account.appid, publish_status=status, fail_idx=fail_idx)
    told = published(account, "一", "二")
    assert (told["publish_status"], told["fail_idx"]) == (status, fail_idx)
    assert "article_id" not in told
    assert account.get("/cgi-bin/draft/count")["total_count"] == 1


def test_one_article_is_deleted_then_the_whole_set(account: Official) -> None:
    done = published(account, "一", "二")
    article_id, urls = done["article_id"], [item["article_url"] for item in done["article_detail"]["item"]]
    body = {"article_id": article_id, "index": 1}
    assert account.post("/cgi-bin/freepublish/delete", body)["errcode"] == 0
    listed = account.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 5})
    assert [item["is_deleted"] for item in listed["item"][0]["content"]["news_item"]] == [True, False]
    assert [account.http.get(url).status_code for url in urls] == [404, 200]
    assert state(account, done["publish_id"])["publish_status"] == 0
    assert account.post("/cgi-bin/freepublish/delete", {"article_id": article_id})["errcode"] == 0
    assert state(account, done["publish_id"])["publish_status"] == 5


def test_a_banned_set_answers_status_six(account: Official) -> None:
    done = published(account)
    account.control("POST", f"/publications/{done['publish_id']}/ban")
    assert state(account, done["publish_id"])["publish_status"] == 6
    page = account.http.get(done["article_detail"]["item"][0]["article_url"])
    assert page.status_code == 404
    assert "违规" in page.text


def test_a_published_set_is_read_by_its_article_id(account: Official) -> None:
    done = published(account, "一")
    (item,) = account.post("/cgi-bin/freepublish/getarticle", {"article_id": done["article_id"]})["news_item"]
    assert item["title"] == "一"
    assert account.post("/cgi-bin/freepublish/getarticle", {"article_id": "none"})["errcode"] == 53600


def test_a_job_can_be_asked_for_a_hundred_times_a_day(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_day()
    account.fresh_token()
    codes = [state(account, "unknown")["errcode"] for _ in range(101)]
    assert codes == [40035] * 100 + [45009]


def test_mass_sends_are_not_among_the_publications(account: Official) -> None:
    msg_id = account.sendall(account.draft())["msg_id"]
    eventually(lambda: account.mass_state(msg_id) == "SEND_SUCCESS")
    assert account.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 5})["total_count"] == 0
