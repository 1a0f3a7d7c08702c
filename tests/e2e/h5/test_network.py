"""Weak and missing networks: nothing is lost, nothing is doubled, and the page opens all the same."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.h5.people import until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def controlled(page: Page) -> None:
    """Until the service worker has the shell."""
    until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"), "the service worker controls the page")


def write(page: Page, text: str) -> None:
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill(text)
    page.get_by_role("button", name="发送").click()


def test_offline_the_page_opens_and_a_reply_waits_until_the_network_is_back(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("没有网也能看到的帖子")
    path = f"/posts/{made['post_id']}"
    page = windows.at("/", "橘子汽水")
    expect(page.get_by_role("article").first).to_be_visible()
    page.goto(windows.village.page + path)
    expect(page.get_by_text("还没有回复")).to_be_visible()
    controlled(page)
    page.context.set_offline(True)
    page.goto(windows.village.page + path)
    expect(page.get_by_role("article").get_by_text("没有网也能看到的帖子")).to_be_visible()
    expect(page.get_by_text(re.compile("网络已断开"))).to_be_visible()
    write(page, "在电梯里写的回复")
    expect(page.get_by_text("没有网络，恢复后自动发出")).to_be_visible()
    windows.shoot(page, "offline-phone")
    # Not even closing the page loses it.
    page.goto(windows.village.page + path)
    expect(page.get_by_role("list", name="未发出的内容").get_by_text("在电梯里写的回复")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("list", name="未发出的内容")).to_be_hidden()
    expect(page.locator(".reply", has_text="在电梯里写的回复")).to_have_count(1)
    expect(page.get_by_text(re.compile("网络已断开"))).to_be_hidden()


def test_an_answer_that_got_lost_doubles_nothing(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("信号不好的帖子")
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    expect(page.get_by_text("还没有回复")).to_be_visible()
    keys: list[str] = []

    def lose_twice(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) <= 2:
            # The service does its work; only the answer never arrives.
            assert route.fetch().status == 201
            route.abort()
        else:
            route.continue_()

    page.route(
        re.compile("/replies$"),
        lambda route: lose_twice(route) if route.request.method == "POST" else route.continue_(),
    )
    write(page, "只说一次的话")
    expect(page.get_by_role("list", name="未发出的内容")).to_be_hidden()
    until(lambda: len(keys) == 3, "the third attempt")
    assert len(set(keys)) == 1
    found = windows.village.follower("听雨").get(f"/posts/{made['post_id']}/replies")["items"]
    assert [one["text"] for one in found] == ["只说一次的话"]


def test_a_refused_reply_says_why_and_can_be_changed(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("文明交流的帖子")
    windows.village.rule(words=[{"word": "某禁用词", "action": "block"}])
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    write(page, "这里有某禁用词")
    waiting = page.get_by_role("list", name="未发出的内容")
    expect(waiting.get_by_role("button", name="修改")).to_be_visible()
    waiting.get_by_role("button", name="修改").click()
    field = page.get_by_role("textbox", name="回复内容")
    expect(field).to_have_value("这里有某禁用词")
    field.fill("这里没有了")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".reply", has_text="这里没有了")).to_be_visible()


def test_a_post_and_its_replies_come_in_one_answer(windows: Windows) -> None:
    post_id = windows.village.posts["plain"]
    page = windows.open("橘子汽水")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/community/")[2].partition("/")[2]))
    page.goto(f"{windows.village.page}/posts/{post_id}")
    expect(page.get_by_text("自助机上也能取号")).to_be_visible()
    page.reload()
    expect(page.get_by_text("自助机上也能取号")).to_be_visible()
    said = (f"posts/{post_id}/reading", f"posts/{post_id}/notifications")
    found = [one for one in asked if one.startswith(f"posts/{post_id}") and not one.startswith(said)]
    # The second visit shows what was kept at once, and asks once as well.
    assert found == [f"posts/{post_id}/replies?limit=20&order=oldest&with_post=true"] * 2


def test_a_post_with_a_picture_waits_as_well(windows: Windows) -> None:
    from tests.e2e.h5.people import landscape

    page = windows.at("/compose", "老周说养生")
    expect(page.get_by_role("textbox", name="正文")).to_be_visible()
    controlled(page)
    page.context.set_offline(True)
    page.get_by_role("textbox", name="正文").fill("地铁里拍的")
    page.locator("input[type=file]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": landscape(51)}
    )
    expect(page.get_by_role("button", name="重试")).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("list", name="未发出的内容").get_by_text("地铁里拍的")).to_be_visible()
    page.context.set_offline(False)
    card = page.get_by_role("article", name="地铁里拍的")
    expect(card.locator(".grid img")).to_have_count(1)
