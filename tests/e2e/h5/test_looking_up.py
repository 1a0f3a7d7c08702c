"""What one looks up: what one follows, who liked a reply, earlier versions, links, topics and members by name."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.people import until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_what_one_follows_is_listed_opened_and_let_go(windows: Windows) -> None:
    rain, reader = windows.village.follower("听雨"), windows.village.follower("爱看不说话")
    made = rain.post("雨天怎么晒被子")
    for path in (f"member/{rain.member_id}", "topic/随手拍", f"post/{made['post_id']}"):
        reader.send("PUT", f"/follows/{path}")
    until(lambda: reader.get("/me")["counts"]["following"] == 3, "all three are counted")
    page = windows.at("/me", "爱看不说话")
    page.get_by_role("definition").get_by_role("link", name="3", exact=True).click()
    rows = page.get_by_role("tabpanel").get_by_role("listitem")
    expect(page.get_by_role("tab", name="成员")).to_have_attribute("aria-selected", "true")
    expect(rows).to_contain_text(["听雨"])
    windows.shoot(page, "follows-phone")
    page.get_by_role("tab", name="成员").press("ArrowRight")
    expect(page.get_by_role("tab", name="话题")).to_be_focused()
    expect(rows).to_contain_text(["#随手拍#"])
    page.get_by_role("tab", name="帖子").click()
    expect(rows).to_contain_text(["雨天怎么晒被子"])
    page.get_by_role("button", name="取消关注 雨天怎么晒被子").click()
    expect(page.get_by_role("button", name="重新关注 雨天怎么晒被子")).to_be_visible()
    assert not windows.axe(page, "follows")
    until(lambda: not reader.get("/me/follows", kind="post")["items"], "it is let go")
    page.get_by_role("button", name="重新关注 雨天怎么晒被子").click()
    until(lambda: reader.get("/me/follows", kind="post")["items"], "it is followed again")
    rows.get_by_role("link", name="雨天怎么晒被子").click()
    expect(page.get_by_role("button", name="说点什么")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="帖子")).to_have_attribute("aria-selected", "true")


def test_who_liked_a_reply_is_told(windows: Windows) -> None:
    rain, orange = windows.village.follower("听雨"), windows.village.follower("橘子汽水")
    made = rain.post("谁赞过我的回复")
    reply = rain.reply(made["post_id"], "这一条有人赞")
    orange.send("PUT", f"/replies/{reply['reply_id']}/like")
    until(lambda: rain.get(f"/posts/{made['post_id']}/replies")["items"][0]["like_count"] == 1, "it is counted")
    page = windows.at(f"/posts/{made['post_id']}", "听雨")
    page.locator(".reply").get_by_role("button", name="更多操作").click()
    page.get_by_role("dialog", name="回复操作").get_by_role("button", name="谁赞过").click()
    sheet = page.get_by_role("dialog", name="赞过的人")
    expect(sheet.get_by_role("link", name="橘子汽水")).to_be_visible()
    assert not windows.axe(page, "likers of a reply")
    sheet.get_by_role("link", name="橘子汽水").click()
    expect(page).to_have_url(re.compile(f"/members/{orange.member_id}"))


def test_an_edited_post_shows_what_it_said_before(windows: Windows) -> None:
    rain = windows.village.follower("听雨")
    made = rain.post("第一版", title="旧题目")
    for text in ("第二版", "第三版"):
        rain.send("PUT", f"/posts/{made['post_id']}", {"title": "新题目", "text": text})
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    page.get_by_role("button", name="已编辑，查看以前的版本").click()
    sheet = page.get_by_role("dialog", name="以前的版本")
    versions = sheet.get_by_role("listitem")
    expect(versions).to_contain_text(["第二版", "第一版"])
    expect(versions.last).to_contain_text("旧题目")
    expect(sheet).not_to_contain_text("第三版")
    assert not windows.axe(page, "earlier versions")
    windows.shoot(page, "history-phone")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_an_allowed_link_has_a_card_below_the_text(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("看这篇 https://mp.weixin.qq.com/s/card")
    page = windows.at("/", "橘子汽水")
    card = page.get_by_role("article", name="看这篇").locator(".link-card")
    expect(card).to_have_text("mp.weixin.qq.com")
    page.goto(f"{windows.village.page}/posts/{made['post_id']}")
    expect(page.locator(".link-card")).to_have_attribute("href", "https://mp.weixin.qq.com/s/card")
    expect(page.locator(".link-card")).to_have_attribute("rel", re.compile("noopener"))
    assert not windows.axe(page, "link card")
    windows.shoot(page, "link-card-phone")


def test_topics_and_members_are_found_by_name(windows: Windows) -> None:
    namesake = windows.village.follower("琥珀色的猫")
    windows.village.follower("听雨").post("琥珀是什么颜色 #琥珀收藏#")
    until(lambda: namesake.get("/topics", q="琥珀")["items"], "the topic is found")
    page = windows.at("/search?q=琥珀", "听雨")
    topics, members = page.get_by_role("navigation", name="相关话题"), page.get_by_role("navigation", name="相关成员")
    expect(topics.get_by_role("link", name="#琥珀收藏#")).to_be_visible()
    expect(members.get_by_role("link", name="琥珀色的猫")).to_be_visible()
    assert not windows.axe(page, "found by name")
    windows.shoot(page, "found-by-name-phone")
    members.get_by_role("link", name="琥珀色的猫").click()
    expect(page).to_have_url(re.compile(f"/members/{namesake.member_id}"))
    page.go_back()
    topics.get_by_role("link", name="#琥珀收藏#").click()
    expect(page).to_have_url(re.compile("/topics/"))
    guest = windows.at("/search?q=琥珀")
    expect(guest.get_by_role("navigation", name="相关话题")).to_be_visible()
    expect(guest.get_by_role("navigation", name="相关成员")).to_have_count(0)
