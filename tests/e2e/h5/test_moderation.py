"""Reports, and the moderator's phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]
MODERATOR, CULPRIT = "老周说养生", "卖药的"


@pytest.fixture
def moderator(windows: Windows) -> str:
    member = windows.village.follower(MODERATOR)
    windows.village.operator("PUT", f"/moderation/members/{member.member_id}/moderator", {"on": True})
    return MODERATOR


def test_a_report_is_decided_on_the_phone_and_the_post_is_gone_everywhere(windows: Windows, moderator: str) -> None:
    made = windows.village.follower(CULPRIT).post("便宜好茶，三天见效")
    reader = windows.at("/", "小满爱散步")
    bad = reader.get_by_role("article", name="便宜好茶，三天见效")
    bad.get_by_role("button", name="更多操作").click()
    reader.get_by_role("button", name="举报").click()
    sheet = reader.get_by_role("dialog", name="举报")
    sheet.get_by_role("button", name="广告营销").click()
    sheet.get_by_role("button", name="提交举报").click()
    expect(reader.get_by_text("已收到")).to_be_visible()
    expect(bad).to_be_visible()

    desk = windows.at("/moderation", moderator)
    desk.get_by_role("button", name="举报").click()
    reported = desk.get_by_role("listitem").filter(has_text="便宜好茶")
    expect(reported).to_be_visible()
    windows.shoot(desk, "moderation-phone")
    reported.get_by_role("button", name="移除").click()
    sheet = desk.get_by_role("dialog", name="移除内容")
    sheet.get_by_role("button", name="广告营销").click()
    sheet.get_by_role("button", name="确定").click()
    expect(reported).to_be_hidden()
    # Without a reload, in a window that only listens.
    expect(bad).to_be_hidden()
    author = windows.at(f"/posts/{made['post_id']}", CULPRIT)
    expect(author.get_by_text("已被管理员移除：广告营销")).to_be_visible()


def test_what_waits_is_let_through(windows: Windows, moderator: str) -> None:
    windows.village.follower("贴链接的").post("看看这个 https://example.org/abc")
    desk = windows.at("/moderation", moderator)
    held = desk.get_by_role("listitem").filter(has_text="example.org")
    expect(held.get_by_text("含外部链接")).to_be_visible()
    held.get_by_role("button", name="通过", exact=True).click()
    expect(held).to_be_hidden()
    page = windows.at("/search?q=看看", "小满爱散步")
    expect(page.get_by_role("link", name="看看这个")).to_be_visible()


def test_a_muted_member_is_told_for_how_long(windows: Windows, moderator: str) -> None:
    noisy = windows.village.follower("刷屏的")
    page = windows.at(f"/members/{noisy.member_id}", moderator)
    page.get_by_role("button", name="禁言", exact=True).click()
    sheet = page.get_by_role("dialog", name="禁言 刷屏的")
    sheet.get_by_role("button", name="1 小时").click()
    sheet.get_by_role("button", name="刷屏灌水").click()
    sheet.get_by_role("button", name="确定").click()
    expect(sheet).to_be_hidden()
    muted = windows.at("/compose", "刷屏的")
    expect(muted.get_by_text(re.compile("您被禁言，还有 (1 小时|[56]. 分钟)。原因：刷屏灌水"))).to_be_visible()
    expect(muted.get_by_role("button", name="发布")).to_be_disabled()


def test_what_its_author_changed_meanwhile_is_looked_at_again(windows: Windows, moderator: str) -> None:
    author = windows.village.follower("改来改去的")
    made = author.post("先写这个 https://example.org/1")
    desk = windows.at("/moderation", moderator)
    held = desk.get_by_role("listitem").filter(has_text="example.org/1")
    expect(held).to_be_visible()
    author.send("PUT", f"/posts/{made['post_id']}", {"text": "再换成这个 https://example.org/2"})
    held.get_by_role("button", name="通过", exact=True).click()
    expect(desk.get_by_text("请重新看过再决定")).to_be_visible()
    changed = desk.get_by_role("listitem").filter(has_text="example.org/2")
    changed.get_by_role("button", name="通过", exact=True).click()
    expect(changed).to_be_hidden()
    assert author.get(f"/posts/{made['post_id']}")["state"] == "visible"


def test_what_was_taken_down_is_found_in_the_log_and_restored(windows: Windows, moderator: str) -> None:
    author = windows.village.follower("晨跑的阿岚")
    made = author.post("有一条回复会回来")
    reply = author.reply(made["post_id"], "误删的回复")
    report = {"target_kind": "reply", "target_id": reply["reply_id"], "reason": "abuse"}
    windows.village.follower("听雨").send("POST", "/reports", report)
    me = windows.at("/me", moderator)
    link = me.get_by_role("link", name=re.compile("社区管理.*条待处理"))
    expect(link).to_be_visible()
    assert not windows.axe(me, "me of a moderator")
    link.click()
    me.get_by_role("button", name="举报").click()
    reported = me.get_by_role("listitem").filter(has_text="误删的回复")
    reported.get_by_role("button", name="移除").click()
    sheet = me.get_by_role("dialog", name="移除内容")
    sheet.get_by_role("button", name="其他原因").click()
    sheet.get_by_role("button", name="确定").click()
    expect(reported).to_be_hidden()
    me.get_by_role("button", name="已移除").click()
    expect(reported).to_be_visible()
    assert not windows.axe(me, "resolved reports")
    me.get_by_role("button", name="记录").click()
    act = me.get_by_role("listitem").filter(has_text="误删的回复").first
    expect(act.get_by_role("link", name="误删的回复")).to_be_visible()
    assert not windows.axe(me, "log")
    windows.shoot(me, "moderation-log-phone")
    act.get_by_role("button", name="恢复").click()
    expect(me.get_by_role("listitem").filter(has_text="恢复 回复").filter(has_text="误删的回复")).to_be_visible()
    me.get_by_role("link", name="误删的回复").first.click()
    expect(me.locator(".reply-text", has_text="误删的回复")).to_be_visible()


def test_only_the_fitting_one_of_mute_and_unmute_is_offered(windows: Windows, moderator: str) -> None:
    loud = windows.village.follower("又刷屏的")
    body = {"minutes": None, "reason": "刷屏灌水"}
    page = windows.at(f"/members/{loud.member_id}", moderator)
    expect(page.get_by_role("button", name="禁言", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="解除")).to_have_count(0)
    windows.village.operator("POST", f"/moderation/members/{loud.member_id}/mute", body)
    page.reload()
    expect(page.get_by_text("已封禁。原因：刷屏灌水")).to_be_visible()
    expect(page.get_by_role("button", name="禁言", exact=True)).to_have_count(0)
    page.goto(windows.village.page + "/moderation")
    page.get_by_role("button", name="禁言", exact=True).click()
    page.get_by_role("button", name="已封禁").click()
    row = page.get_by_role("listitem").filter(has_text="又刷屏的")
    expect(row).to_contain_text("永久")
    assert not windows.axe(page, "muted members")
    windows.shoot(page, "moderation-muted-phone")
    row.get_by_role("button", name="解除").click()
    expect(row).to_have_count(0)
    page.goto(windows.village.page + f"/members/{loud.member_id}")
    expect(page.get_by_role("button", name="禁言", exact=True)).to_be_visible()
