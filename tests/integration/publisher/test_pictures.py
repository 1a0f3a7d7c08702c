"""Pictures on their way from the operator's disk into an article at the platform."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.integration.publisher.newsroom import Newsroom
from tests.integration.publisher.props import Json, picture


async def uploaded(newsroom: Newsroom, content: bytes, *, key: str = "", name: str = "p.png") -> httpx.Response:
    files = {"file": (name, content, "image/png")}
    answer: httpx.Response = await newsroom.call("POST", "/pictures", key=key, files=files)
    return answer


async def test_a_picture_is_what_its_bytes_are(newsroom: Newsroom) -> None:
    jpeg, gif = picture("JPEG", (64, 48)), picture("GIF")
    made = (await uploaded(newsroom, jpeg, name="x.png")).json()
    assert (made["media_type"], made["width"], made["height"], made["bytes"]) == ("image/jpeg", 64, 48, len(jpeg))
    shown = await newsroom.call("GET", f"/pictures/{made['sha256']}")
    assert (shown.content, shown.headers["content-type"]) == (jpeg, "image/jpeg")
    again = await uploaded(newsroom, jpeg)
    assert again.json()["sha256"] == made["sha256"]
    assert await newsroom.publisher.database["pictures"].count_documents({}) == 1

    cases: list[tuple[bytes, int, str]] = [
        (gif, 422, "picture_unreadable"),
        (b"<svg onload=alert(1)>", 422, "picture_unreadable"),
        (jpeg[:-50], 422, "picture_unreadable"),
        (b"", 422, "picture_unreadable"),
        (b"x" * 10_000_001, 413, "picture_too_large"),
    ]
    for content, status, code in cases:
        answer = await uploaded(newsroom, content)
        assert (answer.status_code, answer.json()["code"]) == (status, f"publisher.{code}")
    assert await newsroom.publisher.database["pictures"].count_documents({}) == 1


async def test_a_request_that_is_repeated_with_another_picture_is_refused(newsroom: Newsroom) -> None:
    first = picture()
    made = await uploaded(newsroom, first, key="the-same-key")
    assert (await uploaded(newsroom, first, key="the-same-key")).json() == made.json()
    other = await uploaded(newsroom, picture(), key="the-same-key")
    assert (other.status_code, other.json()["code"]) == (422, "http.idempotency_key_reused")


async def test_pictures_need_somebody_who_is_signed_in_and_writes(newsroom: Newsroom) -> None:
    files = {"file": ("p.png", picture(), "image/png")}
    nobody = await newsroom.publisher.http.post(
        "/publisher/pictures", files=files, headers={"Idempotency-Key": "k" * 9}
    )
    custodian = await newsroom.operator("/", role="custodian")
    foreign = await newsroom.call("POST", "/pictures", token=custodian, files=files)
    assert (nobody.json()["code"], foreign.json()["code"]) == ("auth.unauthenticated", "auth.forbidden")
    assert (await newsroom.call("GET", "/pictures/" + "0" * 64)).status_code == 404


async def test_in_the_article_every_picture_stands_at_wechats_address(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    follower = await newsroom.follower(group)
    inside = picture(size=(120, 90))
    digest = await newsroom.upload(inside)
    body = await newsroom.text(group, articles=2)
    body["articles"][0]["content_html"] = (
        f'<h2>要闻</h2><p><img src="picture:{digest}" alt="图一"></p><script>alert(1)</script>'
        f'<p>再看一次：<img src="picture:{digest}"></p><p>picture:{digest}</p>'
    )
    token = await newsroom.operator(group.unit_path)
    written = await newsroom.ask("POST", "/issues", token=token, json=body)
    await newsroom.ask("POST", f"/issues/{written['issue_id']}/submit", token=token)
    issue = await newsroom.issue(written["issue_id"])
    await newsroom.grant(issue)
    sent = await newsroom.sent(issue)
    assert follower["openid"]

    page = (await newsroom.sandbox.get(sent.articles[0].url)).text
    sources = re.findall(r'<img[^>]*src="([^"]+)"', page)
    shown = [source for source in sources if f"picture:{digest}" not in source]
    assert f"picture:{digest}" in page.replace(f'src="picture:{digest}', "")
    assert not [source for source in sources if source.startswith("picture:")]
    assert "<script>alert(1)" not in page
    contents = [(await newsroom.sandbox.get(source)).content for source in shown]
    assert contents.count(inside) == 2
    assert len(await newsroom.ledger(group, "article_picture")) == 2


async def test_what_the_platform_refuses_of_the_draft_is_shown_with_its_code_in_chinese(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    cases: list[tuple[str, Json, str]] = [
        ("/cgi-bin/draft/add", {"errcode": 45166}, "不允许的内容"),
        ("/cgi-bin/media/uploadimg", {"errcode": 48001}, "接口权限"),
        ("/cgi-bin/message/mass/sendall", {"errcode": 45028}, "群发次数已用完"),
        ("/cgi-bin/message/mass/sendall", {"errcode": 50002}, "账号状态受限"),
        ("/cgi-bin/message/mass/sendall", {"errcode": 99999}, "拒绝了该操作"),
    ]
    for path, fault, words in cases:
        await newsroom.fault("errcode", group, path=path, **fault)
        issue = await newsroom.submitted(group, articles=1)
        await newsroom.grant(issue)
        refused = await newsroom.refused(issue)
        order = await newsroom.order(issue, "refused")
        assert refused.code == order["code"] == f"wechat.{fault['errcode']}"
        assert words in order["detail"]
        assert (await newsroom.issue(issue["issue_id"]))["state"] == "not_sent"
    assert await newsroom.ledger(group) == []


async def test_the_days_quota_is_refused_clearly_and_not_tried_again(newsroom: Newsroom) -> None:
    group = await newsroom.account(kind="subscription", mass_per_day=1)
    first, second = [await newsroom.submitted(group, articles=1) for _ in range(2)]
    await newsroom.grant(first)
    await newsroom.sent(first)
    await newsroom.grant(second)
    order = await newsroom.order(second, "refused")
    assert order["code"] == "wechat.45028"
    assert "群发次数已用完" in order["detail"]
    assert len(await newsroom.ledger(group)) == 1
    assert len(await newsroom.calls(group, "message/mass/sendall")) == 2


async def test_a_cover_that_somebody_deleted_on_the_console_is_uploaded_anew(newsroom: Newsroom) -> None:
    group = await newsroom.account(mass_per_day=9)
    first = await newsroom.submitted(group, articles=1)
    await newsroom.grant(first)
    await newsroom.sent(first)
    (cover,) = await newsroom.ledger(group, "material")
    token = (await newsroom.sandbox.post("/cgi-bin/stable_token", json=_credentials(group.platform))).json()
    deleted = await newsroom.sandbox.post(
        "/cgi-bin/material/del_material",
        params={"access_token": token["access_token"]},
        json={"media_id": cover["detail"]["media_id"]},
    )
    assert deleted.json()["errcode"] == 0, deleted.text
    body: Json = {"account_id": group.account_id, "articles": first["articles"]}
    for article in body["articles"]:
        article.pop("pictures")
    writer = await newsroom.operator(group.unit_path)
    written = await newsroom.ask("POST", "/issues", token=writer, json=body)
    await newsroom.ask("POST", f"/issues/{written['issue_id']}/submit", token=writer)
    second = await newsroom.issue(written["issue_id"])
    await newsroom.grant(second)
    await newsroom.sent(second)
    assert len(await newsroom.ledger(group, "material")) == 2
    assert len(await newsroom.ledger(group)) == 2


def _credentials(platform: Any) -> Json:
    return {"grant_type": "client_credential", "appid": platform["appid"], "secret": platform["secret"]}
