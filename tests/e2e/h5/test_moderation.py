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
