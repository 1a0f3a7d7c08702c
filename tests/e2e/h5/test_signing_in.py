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
