"""Comments under articles, and statistics of days gone by."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.sandbox.support import Official, Sandbox, eventually


def sent_article(account: Official, **fields: Any) -> dict[str, Any]:
    """A mass-sent issue of one article, with its page."""
    msg_id = account.sendall(account.draft("集团新闻", **fields))["msg_id"]
    eventually(lambda: account.mass_state(msg_id) == "SEND_SUCCESS")
    jobs = account.control("GET", "/content/mass-sends")
    found: dict[str, Any] = next(job for job in jobs if job["msg_id"] == msg_id)
    return found


@pytest.fixture
def commented(account: Official) -> dict[str, Any]:
    """What names the only comment of an article, in the words of the API."""
    openid = account.follower()
    job = sent_article(account, need_open_comment=1)
    account.act(openid, "comment", page_id=job["page_ids"][0], text="写得好")
    return {"msg_data_id": job["msg_data_id"], "index": 0, "user_comment_id": 1}


def listed(account: Official, comment: dict[str, Any], kind: int = 0) -> list[dict[str, Any]]:
    body = {"msg_data_id": comment["msg_data_id"], "index": 0, "begin": 0, "count": 49, "type": kind}
    comments: list[dict[str, Any]] = account.post("/cgi-bin/comment/list", body)["comment"]
    return comments


def test_a_comment_is_listed_elected_and_deleted(account: Official, commented: dict[str, Any]) -> None:
    (shown,) = listed(account, commented)
    assert (shown["content"], shown["comment_type"]) == ("写得好", 0)
    assert account.post("/cgi-bin/comment/markelect", commented)["errcode"] == 0
    assert len(listed(account, commented, kind=2)) == 1
    assert listed(account, commented, kind=1) == []
    assert account.post("/cgi-bin/comment/unmarkelect", commented)["errcode"] == 0
    assert account.post("/cgi-bin/comment/delete", commented)["errcode"] == 0
    assert listed(account, commented) == []
    assert account.post("/cgi-bin/comment/markelect", commented)["errcode"] == 88004


def test_a_comment_is_answered_once(account: Official, commented: dict[str, Any]) -> None:
    path = "/cgi-bin/comment/reply/add"
    assert account.post(path, {**commented, "content": ""})["errcode"] == 88007
    assert account.post(path, {**commented, "content": "谢谢"})["errcode"] == 0
    assert account.post(path, {**commented, "content": "再谢"})["errcode"] == 88005
    assert listed(account, commented)[0]["reply"]["content"] == "谢谢"
    assert account.post("/cgi-bin/comment/reply/delete", commented)["errcode"] == 0
    assert account.post("/cgi-bin/comment/reply/delete", commented)["errcode"] == 88009


def test_a_wrong_page_article_or_comment_is_refused(account: Official, commented: dict[str, Any]) -> None:
    body = {"msg_data_id": commented["msg_data_id"], "index": 0, "begin": 0}
    for count in (0, 50):
        assert account.post("/cgi-bin/comment/list", {**body, "count": count})["errcode"] == 88010
    assert account.post("/cgi-bin/comment/list", {**body, "index": 1, "count": 10})["errcode"] == 88001
    assert account.post("/cgi-bin/comment/markelect", {**commented, "user_comment_id": 9})["errcode"] == 88008


def test_an_account_without_the_right_has_no_comments(account: Official, commented: dict[str, Any]) -> None:
    account.change(comment_right=False)
    assert account.post("/cgi-bin/comment/markelect", commented)["errcode"] == 88000


def day_of(sandbox: Sandbox, back: int = 0) -> str:
    told = sandbox.http.get("/_control/clock").json()["beijing"]
    return (datetime.fromisoformat(told) - timedelta(days=back)).date().isoformat()


def cube(account: Official, name: str, begin: str, end: str) -> dict[str, Any]:
    account.fresh_token()
    return account.post(f"/datacube/{name}", {"begin_date": begin, "end_date": end})


def test_articles_read_three_times_appear_the_next_morning(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_day()
    account.fresh_token()
    account.follower()
    job, unread = sent_article(account), sent_article(account)
    for _ in range(3):
        account.http.get(f"/s/{job['page_ids'][0]}")
    account.http.get(f"/s/{unread['page_ids'][0]}")
    day = day_of(sandbox)
    assert cube(account, "getarticlesummary", day, day)["errcode"] == 61501
    sandbox.advance(20 * 3600)
    assert cube(account, "getarticlesummary", day, day) == {"list": []}
    sandbox.advance(4 * 3600)
    (row,) = cube(account, "getarticlesummary", day, day)["list"]
    assert row["msgid"] == f"{job['msg_data_id']}_1"
    assert row["int_page_read_count"] == 3
    (total,) = cube(account, "getarticletotal", day, day)["list"]
    assert [detail["int_page_read_count"] for detail in total["details"]] == [3]
    assert cube(account, "getuserread", day, day)["list"][0]["int_page_read_count"] == 4
    assert cube(account, "getusersummary", day, day)["list"][0]["new_user"] == 1
    assert cube(account, "getusercumulate", day, day)["list"][0]["cumulate_user"] == 1


@pytest.mark.parametrize(
    ("name", "begin", "end", "code"),
    [
        ("getusersummary", 7, 1, 0),
        ("getusersummary", 8, 1, 61501),
        ("getuserread", 3, 1, 0),
        ("getuserread", 4, 1, 61501),
        ("getarticletotal", 2, 1, 61501),
        ("getusersummary", 1, 2, 61501),
        ("getusersummary", 1, 0, 61501),
    ],
)
def test_a_question_spans_only_so_many_days(
    account: Official, sandbox: Sandbox, name: str, begin: int, end: int, code: int
) -> None:
    assert cube(account, name, day_of(sandbox, begin), day_of(sandbox, end)).get("errcode", 0) == code


def test_a_date_is_written_with_dashes(account: Official) -> None:
    assert cube(account, "getusersummary", "23.11.2026", "23.11.2026")["errcode"] == 61500
