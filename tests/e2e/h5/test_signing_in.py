"""Guests read; WeChat's page signs in; no way back leads into a used code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.h5.people import until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_a_guest_reads_signs_in_and_is_back_where_they_were(windows: Windows) -> None:
    person = windows.village.person("新来的人")
    assert person
    page = windows.at(f"/posts/{windows.village.posts['plain']}")
    expect(page.get_by_text("请问周末门诊需要提前预约吗")).to_be_visible()
    page.get_by_role("button", name="说点什么").click()
    sheet = page.get_by_role("dialog", name="登录后一起聊")
    expect(sheet).to_be_visible()
    sheet.get_by_role("link", name="微信登录").click()
    page.get_by_role("button", name="新来的人").click()
    expect(page).to_have_url(re.compile(rf"/posts/{windows.village.posts['plain']}$"))
    page.get_by_role("button", name="说点什么").click()
    expect(page.get_by_role("dialog", name="回复帖子")).to_be_visible()


def test_on_a_slow_network_who_has_just_signed_in_is_waited_for(windows: Windows) -> None:
    windows.village.person("网络很慢的人")
    page = windows.at(f"/posts/{windows.village.posts['plain']}")
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("dialog", name="登录后一起聊").get_by_role("link", name="微信登录").click()
    questions: list[Route] = []
    page.route("**/community/*/me", lambda question: questions.append(question))
    page.get_by_role("button", name="网络很慢的人").click()
    page.get_by_role("button", name="说点什么").click()
    until(lambda: page.evaluate("true") and questions, "the service is asked who looks")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for question in questions:
        question.continue_()
    expect(page.get_by_role("dialog", name="回复帖子")).to_be_visible()


def test_back_and_refresh_after_signing_in_are_safe(windows: Windows) -> None:
    windows.village.person("按返回的人")
    page = windows.at("/me")
    page.get_by_role("link", name="微信登录").click()
    page.get_by_role("button", name="按返回的人").click()
    expect(page.get_by_role("link", name="我的帖子")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="我的帖子")).to_be_visible()
    assert "code=" not in page.url
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("link", name="我的帖子")).to_be_visible()


def test_inside_wechat_signing_in_is_silent(windows: Windows) -> None:
    """With a person chosen on the platform before, as WeChat always has one."""
    agent = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0.50"
    page = windows.open(user_agent=agent)
    # The platform's own script is not to be had here; the page has to do without.
    page.route("https://res.wx.qq.com/**", lambda route: route.abort())
    person = windows.village.person("微信里的人")
    page.context.add_cookies([{"name": "wx_person", "value": person, "url": windows.village.staged.wechat}])
    page.goto(windows.village.page + "/me")
    expect(page.get_by_role("link", name="我的帖子")).to_be_visible()
    expect(page.get_by_role("link", name="使用微信的")).to_be_visible()


OWN = """() => new Promise((done) => {
  indexedDB.open('guanwei-h5').onsuccess = ({ target: { result } }) => {
    const found = result.transaction(['outbox', 'pages']).objectStore('NAME').getAllKeys()
    found.onsuccess = () => { result.close(); done(found.result) }
  }
})"""
ELSEWHERE = """() => new Promise((done) => {
  indexedDB.open('guanwei-h5').onsuccess = ({ target: { result } }) => {
    const change = result.transaction(['outbox', 'pages'], 'readwrite')
    change.objectStore('outbox').put({ key: 'theirs', account: 'elsewhere', member: 'm', state: 'waiting' }, 'theirs')
    change.objectStore('pages').put({ at: Date.now(), answer: {} }, 'elsewhere|feed.latest')
    change.oncomplete = () => { result.close(); done() }
  }
})"""


def test_signing_out_without_a_network_forgets_this_member_and_nobody_else(windows: Windows) -> None:
    post_id = windows.village.posts["plain"]
    page = windows.at(f"/posts/{post_id}", "听雨")
    expect(page.get_by_role("article").get_by_text("请问周末门诊")).to_be_visible()
    until(lambda: f"post.{post_id}" in str(page.evaluate(OWN.replace("NAME", "pages"))), "the post is kept")
    page.goto(windows.village.page + "/me/settings")
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"), "the page opens without a network")
    page.evaluate(ELSEWHERE)
    page.context.set_offline(True)
    page.goto(windows.village.page + f"/posts/{post_id}")
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill("还没有发出的话")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("list", name="未发出的内容")).to_be_visible()
    page.goto(windows.village.page + "/me/settings")
    page.get_by_role("button", name="退出登录").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("还有 1 条内容没有发出")).to_be_visible()
    asked.get_by_role("button", name="取消").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("dialog").get_by_role("button", name="丢弃并退出").click()
    expect(page.get_by_role("tab", name="最新")).to_be_visible()
    assert page.evaluate(OWN.replace("NAME", "outbox")) == ["theirs"]
    assert "elsewhere|feed.latest" in page.evaluate(OWN.replace("NAME", "pages"))
    page.goto(windows.village.page + "/me")
    expect(page.get_by_role("heading", name="未登录")).to_be_visible()
    # The service is told as soon as it can be.
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", name="未登录")).to_be_visible()
    until(lambda: "guanwei_member" not in str(page.context.cookies(page.url)), "the session is over")
    members = f"/community/{windows.village.staged.account_id}"
    assert not [one for one in page.context.cookies() if one["name"] == "guanwei_member" and one["path"] == members]


def test_where_only_members_read_a_guest_is_asked_to_sign_in(windows: Windows) -> None:
    windows.village.rule(guest_reading=False)
    try:
        for path in ("/", f"/posts/{windows.village.posts['plain']}", "/topics"):
            page = windows.at(path)
            expect(page.get_by_text("登录后才能看")).to_be_visible()
            expect(page.get_by_role("main").get_by_role("link", name="微信登录")).to_be_visible()
            assert windows.axe(page, path) == []
    finally:
        windows.village.rule(guest_reading=True)


def test_where_only_followers_write_the_others_are_shown_how_to_follow(windows: Windows) -> None:
    who = windows.village.follower("不再关注的人")
    windows.village.platform("POST", f"/followers/{who.person_id}/acts", {"act": "unfollow"})
    until(lambda: who.get("/me")["follows_account"] is False, "the account knows that they went")
    windows.village.rule(follow_first=True)
    try:
        page = windows.at(f"/posts/{windows.village.posts['plain']}", "不再关注的人")
        expect(page.get_by_text("请问周末门诊需要提前预约吗")).to_be_visible()
        windows.until(page, "document.title !== '微社区'")
        page.get_by_role("button", name="说点什么").click()
        guide = page.get_by_role("dialog", name="关注公众号后一起聊")
        # The sandbox has no picture of the code; the name is enough.
        expect(guide.get_by_text("在微信顶部搜索公众号")).to_be_visible()
        assert windows.axe(page, "guide") == []
        guide.get_by_role("button", name="已经关注，继续").click()
        page.get_by_role("textbox", name="回复内容").fill("我关注了才说的话")
        page.get_by_role("button", name="发送").click()
        waiting = page.get_by_role("list", name="未发出的内容")
        waiting.get_by_role("button", name="怎么关注").click()
        guide.get_by_role("button", name="知道了").click()
        windows.village.platform("POST", f"/followers/{who.person_id}/acts", {"act": "follow"})
        until(lambda: who.get("/me")["follows_account"], "the account knows that they are back")
        waiting.get_by_role("button", name="重发").click()
        expect(page.locator(".reply", has_text="我关注了才说的话")).to_be_visible()
    finally:
        windows.village.rule(follow_first=False)
