"""Drafts: what is accepted, what is taken out, what is kept as written."""

from typing import Any

import pytest

from tests.integration.sandbox.support import Official, Sandbox, picture

ADD, GET = "/cgi-bin/draft/add", "/cgi-bin/draft/get"


def article(account: Official, **other: Any) -> dict[str, Any]:
    return {"title": "标题", "content": "<p>正文</p>", "thumb_media_id": account.cover(), **other}


def test_a_draft_is_kept_as_written_in_raw_utf8(account: Official) -> None:
    content = '<section style="color:#333"><p>季度会议：“安全”&amp;质量 &lt;100&gt;</p><br/></section>'
    given = article(account, title="季度会议🚀", content=content, author="集团企宣部", need_open_comment=1)
    media_id = account.post(ADD, {"articles": [given]})["media_id"]
    (kept,) = account.post(GET, {"media_id": media_id})["news_item"]
    assert (kept["title"], kept["content"], kept["author"]) == ("季度会议🚀", content, "集团企宣部")
    assert kept["need_open_comment"] == 1
    assert kept["digest"].startswith("季度会议：“安全”&质量")
    preview = account.http.get(kept["url"])
    assert preview.status_code == 200
    assert "季度会议：“安全”&amp;质量" in preview.text


def test_the_default_digest_is_the_first_54_characters(account: Official) -> None:
    media_id = account.post(ADD, {"articles": [article(account, content=f"<p>{'字' * 80}</p>")]})["media_id"]
    assert account.post(GET, {"media_id": media_id})["news_item"][0]["digest"] == "字" * 54


def test_scripts_and_foreign_pictures_disappear_silently(account: Official) -> None:
    own = account.upload("/cgi-bin/media/uploadimg", "a.png", picture())["url"]
    content = (
        f'<p onclick="steal()">甲<img src="{own}"/><img src="https://foreign.example/a.png">'
        '<img src="https://mmbiz.qpic.cn/mmbiz_png/x/0"></p><script>alert("x")</script>'
        '<a href="javascript:alert(1)">乙</a><iframe src="http://e.cn/"><p>丙</p></iframe><p>丁</p>'
    )
    media_id = account.post(ADD, {"articles": [article(account, content=content)]})["media_id"]
    kept = account.post(GET, {"media_id": media_id})["news_item"][0]["content"]
    assert kept == (f'<p>甲<img src="{own}"/><img src="https://mmbiz.qpic.cn/mmbiz_png/x/0"></p><a>乙</a><p>丁</p>')


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"thumb_media_id": "unknown"}, 40007),
        ({"thumb_media_id": None}, 40007),
        ({"title": "长" * 33}, 45003),
        ({"title": "长" * 32}, 0),
        ({"title": ""}, 45003),
        ({"author": "长" * 17}, 45110),
        ({"author": "长" * 16}, 0),
        ({"digest": "长" * 129}, 45004),
        ({"digest": "长" * 128}, 0),
        ({"content_source_url": "http://e.cn/" + "a" * 1024}, 45005),
        ({"content": ""}, 44004),
        ({"content": "字" * 20_000}, 45002),
        ({"content": "字" * 19_999}, 0),
        ({"need_open_comment": 2}, 40035),
        ({"article_type": "poem"}, 40035),
    ],
)
def test_an_article_is_held_to_its_limits(account: Official, fields: dict[str, Any], code: int) -> None:
    answer = account.post(ADD, {"articles": [{**article(account), **fields}]})
    assert answer.get("errcode", 0) == code
    assert len(account.ledger("draft")) == (0 if code else 1)


def test_a_temporary_picture_is_no_cover(account: Official) -> None:
    temporary = account.upload("/cgi-bin/media/upload", "a.png", picture(), type="image")["media_id"]
    assert account.post(ADD, {"articles": [article(account, thumb_media_id=temporary)]})["errcode"] == 40007


def test_another_accounts_picture_is_no_cover(account: Official, sandbox: Sandbox) -> None:
    foreign = sandbox.account().cover()
    assert account.post(ADD, {"articles": [article(account, thumb_media_id=foreign)]})["errcode"] == 40007


def test_a_draft_has_one_to_eight_articles(account: Official) -> None:
    one = article(account)
    assert "media_id" in account.post(ADD, {"articles": [one] * 8})
    assert account.post(ADD, {"articles": [one] * 9})["errcode"] == 45008
    for wrong in (None, [], one, ["text"]):
        assert account.post(ADD, {"articles": wrong})["errcode"] == 44003


def test_escapes_become_part_of_the_title_unless_switched_off(account: Official, sandbox: Sandbox) -> None:
    query = {"access_token": account.fresh_token()}
    for literal, title in ((True, "\\u65b0\\u95fb"), (False, "新闻")):
        sandbox.settings(literal_unicode_escapes=literal)
        made = account.http.post(ADD, params=query, json={"articles": [article(account, title="新闻")]})
        assert b"\\u65b0" in made.request.content or "新闻".encode() in made.request.content
        body = made.request.content.replace("新闻".encode(), b"\\u65b0\\u95fb")
        media_id = account.http.post(ADD, params=query, content=body).json()["media_id"]
        assert account.post(GET, {"media_id": media_id})["news_item"][0]["title"] == title


def test_one_article_is_replaced_counting_from_nought(account: Official) -> None:
    media_id = account.draft("一", "二")
    changed = article(account, title="二改")
    body = {"media_id": media_id, "index": 1, "articles": changed}
    assert account.post("/cgi-bin/draft/update", body)["errcode"] == 0
    assert [item["title"] for item in account.post(GET, {"media_id": media_id})["news_item"]] == ["一", "二改"]
    assert account.post("/cgi-bin/draft/update", {**body, "index": 2})["errcode"] == 40035


def test_drafts_are_counted_listed_and_deleted(account: Official) -> None:
    first, second = account.draft("甲"), account.draft("乙")
    assert account.get("/cgi-bin/draft/count") == {"total_count": 2}
    listed = account.post("/cgi-bin/draft/batchget", {"offset": 0, "count": 1, "no_content": 1})
    assert (listed["total_count"], listed["item_count"]) == (2, 1)
    assert listed["item"][0]["media_id"] == second
    assert listed["item"][0]["content"]["news_item"][0]["content"] == ""
    assert account.post("/cgi-bin/draft/delete", {"media_id": first})["errcode"] == 0
    assert account.post(GET, {"media_id": first})["errcode"] == 40007
    assert account.get("/cgi-bin/draft/count") == {"total_count": 1}


def test_a_picture_message_needs_permanent_pictures(account: Official) -> None:
    images = [{"image_media_id": account.cover()} for _ in range(2)]
    body = {"article_type": "newspic", "title": "图集", "content": "纯文字", "image_info": {"image_list": images}}
    media_id = account.post(ADD, {"articles": [body]})["media_id"]
    (kept,) = account.post(GET, {"media_id": media_id})["news_item"]
    assert kept["image_info"] == {"image_list": images}
    body["image_info"] = {"image_list": []}
    assert account.post(ADD, {"articles": [body]})["errcode"] == 40007
