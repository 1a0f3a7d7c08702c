"""What was deleted by mistake comes back; what waits or was removed says why; what is gone leads nowhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.h5.people import landscape, until
from tests.e2e.h5.windows import DESK, Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]
MODERATOR = "老周说养生"


def confirmed(page: Page, title: str) -> Locator:
    """The question before something is deleted."""
    page.get_by_role("button", name="删除", exact=True).click()
    return page.get_by_role("dialog", name=title)


def test_a_deleted_reply_comes_back(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("下面有一条会被误删的回复")
    windows.village.follower("橘子汽水").reply(made["post_id"], "手滑删掉的回复")
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    reply = page.locator(".reply", has_text="手滑删掉的回复")
    reply.get_by_role("button", name="更多操作").click()
    sheet = confirmed(page, "删除这条回复？")
    expect(sheet).to_contain_text("10 分钟内可以撤销")
    expect(sheet).not_to_contain_text("不能恢复")
    sheet.get_by_role("button", name="删除").click()
    expect(reply).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="回复已删除")).to_be_visible()
    windows.shoot(page, "undo-phone")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(reply).to_be_visible()
    expect(page.get_by_role("group", name="撤销删除")).to_have_count(0)
    found = windows.village.follower("听雨").get(f"/posts/{made['post_id']}/replies")["items"]
    assert [(one["text"], one["state"]) for one in found] == [("手滑删掉的回复", "visible")]


def test_a_deleted_post_comes_back_by_keyboard_and_from_its_page(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("键盘上误删的帖子")
    page = windows.at("/me/posts", "听雨", device=DESK)
    card = page.get_by_role("article", name="键盘上误删的帖子")
    card.get_by_role("button", name="更多操作").focus()
    page.keyboard.press("Enter")
    confirmed(page, "删除这条帖子？").get_by_role("button", name="删除").press("Enter")
    expect(card).to_be_hidden()
    undo = page.get_by_role("button", name="撤销", exact=True)
    expect(undo).to_be_focused()
    expect(undo).to_have_css("outline-style", "solid")
    assert not windows.axe(page, "undo")
    windows.shoot(page, "undo-desk")
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    page.goto(f"{windows.village.page}/posts/{made['post_id']}")
    page.get_by_role("button", name="更多操作").click()
    confirmed(page, "删除这条帖子？").get_by_role("button", name="删除").click()
    page.get_by_role("button", name="不撤销，关闭").click()
    expect(page.get_by_text("您刚刚删除了它")).to_be_visible()
    page.get_by_role("button", name="撤销删除").click()
    expect(page.get_by_role("article", name="键盘上误删的帖子")).to_be_visible()


def test_ones_own_replies_are_listed_with_what_became_of_them(windows: Windows) -> None:
    writer = windows.village.follower("爱接话的")
    moderator = windows.village.follower(MODERATOR)
    windows.village.operator("PUT", f"/moderation/members/{moderator.member_id}/moderator", {"on": True})
    made = windows.village.follower("听雨").post("聊聊早餐吃什么，答的人会很多的那种帖子")
    for number in range(4):
        windows.village.follower("橘子汽水").reply(made["post_id"], f"豆浆第 {number} 碗")
    writer.reply(made["post_id"], "油条配豆腐脑")
    held = writer.reply(made["post_id"], "做法看 https://example.org/recipe")
    taken = writer.reply(made["post_id"], "代写作业请联系")
    moderator.send("POST", f"/moderation/replies/{taken['reply_id']}/take-down", {"reason": "广告"})
    assert held["held_for"] == ["link"]
    until(lambda: writer.get("/me/replies")["items"][-1]["floor"] == 5, "the reply has its floor")

    page = windows.at("/me", "爱接话的")
    page.get_by_role("link", name="我的回复").click()
    mine = page.get_by_role("listitem")
    expect(mine.filter(has_text="做法看")).to_contain_text("等待审核（含外部链接）")
    expect(mine.filter(has_text="代写作业")).to_contain_text("已被管理员移除：广告")
    expect(mine.filter(has_text="油条")).to_contain_text("聊聊早餐吃什么")
    assert not windows.axe(page, "own replies")
    windows.shoot(page, "own-replies-phone")
    page.set_viewport_size({"width": 1280, "height": 800})
    windows.shoot(page, "own-replies-desk")
    page.set_viewport_size({"width": 390, "height": 844})
    mine.filter(has_text="油条").get_by_role("link").click()
    expect(page.get_by_text("从 5 楼开始显示")).to_be_visible()
    expect(page.get_by_text("油条配豆腐脑")).to_be_visible()
    expect(page.get_by_text("豆浆第 3 碗")).to_be_hidden()
    page.get_by_role("button", name="查看前面的回复").click()
    expect(page.get_by_text("豆浆第 0 碗")).to_be_visible()


def test_what_waits_says_why_and_what_was_removed_as_well(windows: Windows) -> None:
    author = windows.village.follower("晒图的")
    moderator = windows.village.follower(MODERATOR)
    windows.village.operator("PUT", f"/moderation/members/{moderator.member_id}/moderator", {"on": True})
    shots = [author.picture(landscape(number)) for number in (61, 62)]
    made = author.post("攻略在这里 https://example.org/guide", picture_ids=shots)
    mine = windows.at("/me/posts", "晒图的")
    card = mine.get_by_role("article", name=re.compile("攻略在这里"))
    expect(card).to_contain_text("等待审核（含外部链接）")
    windows.shoot(mine, "held-phone")

    desk = windows.at("/moderation", MODERATOR)
    held = desk.get_by_role("listitem").filter(has_text="攻略在这里")
    expect(held.get_by_text("含外部链接")).to_be_visible()
    expect(held.locator(".grid img")).to_have_count(2)
    windows.until(desk, "[...document.querySelectorAll('.grid img')].every((one) => one.naturalWidth > 0)")
    assert not windows.axe(desk, "queue")
    windows.shoot(desk, "queue-phone")
    held.get_by_role("link", name="查看").click()
    expect(desk.get_by_role("article")).to_contain_text("等待审核（含外部链接）")
    desk.go_back()
    held.get_by_role("button", name="不通过").click()
    sheet = desk.get_by_role("dialog", name="不予通过")
    sheet.get_by_role("button", name="广告营销").click()
    sheet.get_by_role("button", name="确定").click()
    expect(held).to_be_hidden()

    mine.reload()
    expect(card).to_contain_text("已被管理员移除：广告营销")
    mine.goto(f"{windows.village.page}/posts/{made['post_id']}")
    expect(mine.get_by_role("article")).to_contain_text("已被管理员移除：广告营销")
    mine.goto(windows.village.page + "/messages")
    expect(mine.get_by_role("button", name=re.compile("你的内容被移除"))).to_contain_text("原因：广告营销")


def test_what_is_gone_leads_nowhere_but_a_reply_to_its_post(windows: Windows) -> None:
    quoted = windows.village.follower("橘子汽水").post("马上会消失的原帖")
    reader = windows.village.follower("引用别人的")
    quoting = reader.post("引用一下", quoted_post_id=quoted["post_id"])
    reply = windows.village.follower("橘子汽水").reply(quoting["post_id"], "马上会消失的回复")
    page = windows.at(f"/posts/{quoting['post_id']}", "引用别人的")
    expect(page.get_by_role("link", name=re.compile("马上会消失的原帖"))).to_be_visible()
    until(lambda: reader.get("/notifications")["items"], "the reply was told")
    windows.village.follower("橘子汽水").send("DELETE", f"/posts/{quoted['post_id']}")
    windows.village.follower("橘子汽水").send("DELETE", f"/replies/{reply['reply_id']}")
    page.reload()
    expect(page.get_by_text("引用的内容已不可见")).to_be_visible()
    expect(page.locator("a.quote")).to_have_count(0)
    windows.shoot(page, "gone-phone")
    page.goto(windows.village.page + "/messages")
    told = page.get_by_role("listitem").filter(has_text="回复了你")
    expect(told).to_contain_text("内容已不可见")
    assert not windows.axe(page, "gone")
    windows.shoot(page, "gone-messages-phone")
    told.get_by_role("button").click()
    expect(page.get_by_role("article", name="引用一下")).to_be_visible()
    expect(page.get_by_text("这条回复已不可见")).to_be_visible()


def test_members_learn_how_many_notices_are_left(windows: Windows) -> None:
    windows.village.rule(notice_channel="subscription", notice_template_id="tmpl-1")
    page = windows.at("/me/settings", "听雨", device=DESK)
    part = page.get_by_role("region", name="微信通知")
    expect(part).to_contain_text("还剩 0 次")
    expect(part).to_contain_text("请在微信里打开本页")
    assert not windows.axe(page, "quota")
    windows.shoot(page, "quota-desk")
    windows.village.rule(notice_channel="template")
    page.reload()
    expect(part).to_contain_text("公众号会给您发消息")
    windows.village.rule(notice_channel="none")
    page.reload()
    expect(page.get_by_role("heading", name="消息提醒")).to_be_visible()
    expect(part).to_have_count(0)
