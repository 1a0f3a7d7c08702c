"""Posts with pictures, replies, likes, mentions, polls, drafts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.h5.people import landscape, until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def attach(page: Page, *pictures: bytes) -> None:
    files = [{"name": f"{place}.jpg", "mimeType": "image/jpeg", "buffer": one} for place, one in enumerate(pictures)]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]


def test_a_post_with_title_topic_and_pictures(windows: Windows) -> None:
    page = windows.at("/", "橘子汽水")
    page.get_by_role("navigation").get_by_role("button", name="发布").click()
    page.get_by_role("button", name="标题").click()
    page.get_by_role("textbox", name="标题").fill("食堂新菜")
    page.get_by_role("textbox", name="正文").fill("今天的清蒸鲈鱼很鲜。")
    page.get_by_role("button", name="话题").click()
    page.get_by_role("searchbox", name="话题名").fill("食堂")
    page.get_by_role("button", name=re.compile("#食堂#")).click()
    attach(page, landscape(31, (3000, 2000)), landscape(32))
    expect(page.locator(".attached li.done")).to_have_count(2)
    windows.shoot(page, "compose-phone")
    page.get_by_role("button", name="发布").click()
    card = page.get_by_role("article", name="食堂新菜")
    expect(card).to_be_visible()
    expect(card.locator(".grid img")).to_have_count(2)
    mine = windows.village.follower("橘子汽水").get("/me/posts")["items"][0]
    # Made smaller before it left the phone.
    assert max(mine["pictures"][0]["width"], mine["pictures"][0]["height"]) == 1600
    assert mine["topics"] == ["食堂"]


def test_what_was_written_survives_leaving_the_page(windows: Windows) -> None:
    page = windows.at("/compose", "听雨")
    page.get_by_role("textbox", name="正文").fill("写到一半的话")
    page.goto(windows.village.page + "/me")
    page.goto(windows.village.page + "/compose")
    expect(page.get_by_role("textbox", name="正文")).to_have_value("写到一半的话")
    expect(page.get_by_text("已恢复上次没写完的内容")).to_be_visible()
    page.goto(windows.village.page + f"/posts/{windows.village.posts['three']}")
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill("花园真好看，")
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("button", name="说点什么").click()
    expect(page.get_by_role("textbox", name="回复内容")).to_have_value("花园真好看，")


def test_a_reply_to_a_reply_names_somebody_and_is_liked(windows: Windows) -> None:
    page = windows.at(f"/posts/{windows.village.posts['plain']}", "橘子汽水")
    page.get_by_role("button", name="回复 老周说养生").first.click()
    page.get_by_role("textbox", name="回复内容").fill("请教一下 ")
    page.get_by_role("button", name="提到某人").click()
    page.get_by_role("searchbox", name="成员名字").fill("晨跑")
    page.get_by_role("button", name="晨跑的阿岚").click()
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name=re.compile("查看全部|橘子汽水：请教一下")).first.click()
    thread = page.get_by_role("dialog", name="1楼的回复")
    expect(thread.get_by_role("link", name="@晨跑的阿岚")).to_be_visible()
    like = thread.get_by_role("button", name=re.compile("^赞 橘子汽水"))
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    windows.shoot(page, "thread-phone")
    told = windows.village.follower("晨跑的阿岚").get("/notifications")["items"]
    assert any(one["kind"] == "mention" and "请教一下" in one["excerpt"] for one in told)


def test_a_vote_counts_once(windows: Windows) -> None:
    page = windows.at(f"/posts/{windows.village.posts['poll']}", "听雨")
    page.get_by_role("radio", name="膝关节保护").check()
    page.get_by_role("button", name="投票").click()
    expect(page.get_by_text("我的选择")).to_be_visible()
    page.reload()
    expect(page.locator(".poll-result", has_text="膝关节保护")).to_contain_text("1 票")


def test_a_post_is_edited_and_deleted_by_its_author(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("打错字的帖子")
    page = windows.at(f"/posts/{made['post_id']}", "听雨")
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="编辑").click()
    page.get_by_role("textbox", name="正文").fill("改好字的帖子")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("article").get_by_text("改好字的帖子")).to_be_visible()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="删除").click()
    page.get_by_role("dialog", name="删除这条帖子？").get_by_role("button", name="删除").click()
    expect(page.get_by_text("帖子不在了")).to_be_visible()


def test_an_edit_begins_when_the_original_is_there(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("来得慢的原文")
    page = windows.open("听雨")
    held: list[Route] = []
    page.route(f"**/posts/{made['post_id']}", lambda route: held.append(route))
    page.goto(f"{windows.village.page}/compose?edit={made['post_id']}")
    until(lambda: page.evaluate("true") and held, "the original is asked for")
    # A field that could be written in now would lose the words when the original arrives.
    expect(page.get_by_role("textbox", name="正文")).to_have_count(0)
    expect(page.get_by_role("button", name="保存")).to_be_disabled()
    held.pop(0).abort()
    page.unroute_all()
    page.get_by_role("button", name="重新加载").click()
    expect(page.get_by_role("textbox", name="正文")).to_have_value("来得慢的原文")


def test_a_failed_upload_is_tried_again_alone(windows: Windows) -> None:
    page = windows.at("/compose", "老周说养生")
    fails = {"left": 1}

    def answer(route: object) -> None:
        if fails["left"]:
            fails["left"] -= 1
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/pictures", answer)
    attach(page, landscape(41))
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".attached li.done")).to_have_count(1)
    page.get_by_role("button", name="移除第 1 张图片").click()
    expect(page.locator(".attached li")).to_have_count(0)
