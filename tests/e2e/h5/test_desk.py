"""The operators' desk: a follower writes to the account in WeChat, operators answer, WeChat delivers."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.h5.desk import ONE, TWO, alert, answer, at_desk, button, chat_of, lines, sign_in, take
from tests.e2e.h5.people import until
from tests.e2e.h5.test_hostile_text import CORPUS
from tests.e2e.h5.windows import PHONE, Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_a_chat_from_the_first_word_to_the_last(windows: Windows) -> None:
    village, page = windows.village, at_desk(windows, None)
    windows.shoot(page, "desk-signing-in")
    sign_in(windows, page, ONE, "not-the-password-1")
    expect(alert(page)).to_have_text("登录名或密码不正确。")
    sign_in(windows, page, ONE)
    expect(alert(page)).to_be_empty()
    expect(page.get_by_text("没有等待接入的会话")).to_be_visible()
    windows.shoot(page, "desk-empty")
    fan = village.follower("问号源的人")
    village.writes(fan, "请问周六还有号吗？")
    chat = chat_of(page, "问号源的人")
    expect(chat).to_contain_text("1 条未回")
    expect(page).to_have_title(re.compile(r"^\(1\) 陪聊工作台"))
    chat.click()
    expect(lines(page)).to_contain_text(["请问周六还有号吗？"])
    button(page, "接入").click()
    page.get_by_text("管理常用回复").click()
    page.get_by_label("名称").fill("放号时间")
    page.get_by_label("内容", exact=True).fill("周三晚上八点放号，请在菜单里预约。")
    button(page, "添加").click()
    page.get_by_label("常用回复", exact=True).select_option(label="放号时间")
    button(page, "填入").click()
    expect(page.get_by_label("回复内容")).to_have_value("周三晚上八点放号，请在菜单里预约。")
    button(page, "发送").click()
    expect(lines(page).filter(has_text="周三晚上八点")).to_contain_text("已送达微信")
    assert village.received(fan) == ["周三晚上八点放号，请在菜单里预约。"]
    village.writes(fan, "好的，谢谢！")
    expect(lines(page)).to_contain_text(["请问周六还有号吗？", "周三晚上八点", "好的，谢谢！"])
    windows.shoot(page, "desk-talk")
    hand_over_and_close(windows, page)


def hand_over_and_close(windows: Windows, page: Page) -> None:
    colleague = at_desk(windows, TWO)
    page.get_by_label("转给在线同事").select_option(label="运营人员乙")
    button(page, "转接").click()
    expect(page.get_by_text("已转接给运营人员乙。")).to_be_visible()
    expect(page.get_by_text("接待中，由运营人员乙接待")).to_be_visible()
    expect(page.get_by_label("回复内容")).to_be_hidden()
    colleague.get_by_role("button", name="接待中 1").click()
    chat_of(colleague, "问号源的人").click()
    expect(answer(colleague, "我来接着为您服务。")).to_contain_text("已送达微信")
    button(colleague, "结束会话").click()
    expect(colleague.get_by_text("已结束 ·")).to_be_visible()
    # In a window that only looks on.
    expect(page.get_by_text("已结束 ·")).to_be_visible()
    expect(lines(page)).to_have_count(4)
    page.get_by_role("button", name="已结束").click()
    expect(chat_of(page, "问号源的人")).to_be_visible()
    windows.shoot(page, "desk-closed")


def test_on_the_phone_there_is_the_list_or_one_chat(windows: Windows) -> None:
    page = at_desk(windows, device=PHONE)
    take(windows, page, "手机里的人", "在吗")
    expect(page.get_by_role("navigation", name="会话列表")).to_be_hidden()
    expect(answer(page, "在的，请讲。")).to_contain_text("已送达微信")
    windows.shoot(page, "desk-phone-talk")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    button(page, "返回会话列表").click()
    expect(chat_of(page, "手机里的人")).to_contain_text("我在接待")
    windows.shoot(page, "desk-phone-list")
    assert wide <= 0
    chat_of(page, "手机里的人").click()
    button(page, "结束会话").click()
    expect(page.get_by_text("已结束 ·")).to_be_visible()


def test_what_wechat_did_not_take_is_said(windows: Windows) -> None:
    village, page = windows.village, at_desk(windows)
    fan = take(windows, page, "拒收消息的人", "你们好")
    village.platform("PATCH", f"/followers/{fan.person_id}", {"refuses_messages": True})
    refused = answer(page, "您好，请问有什么可以帮您？")
    expect(refused).to_contain_text("发送失败：该粉丝拒收公众号消息。")
    expect(alert(page)).to_have_text("回复没有送达：该粉丝拒收公众号消息。")
    expect(chat_of(page, "拒收消息的人")).to_contain_text("有回复未送达")
    windows.shoot(page, "desk-refused")
    gone = take(windows, page, "取消关注的人", "再见")
    expect(alert(page)).to_be_empty()
    village.platform("POST", f"/followers/{gone.person_id}/acts", {"act": "unfollow"})
    expect(answer(page, "欢迎再来。")).to_contain_text("或者对方已取消关注")
    take(windows, page, "断线的人", "喂")
    cut = {"kind": "drop", "stage": "after", "path": "/cgi-bin/message/custom/send"}
    httpx.post(f"{village.staged.wechat}/_control/faults", json=cut, trust_env=False).raise_for_status()
    expect(answer(page, "我在听。")).to_contain_text("不确定是否送达")
    expect(alert(page)).to_contain_text("请先与对方确认")


def test_everything_is_done_by_keyboard(windows: Windows) -> None:
    village, page = windows.village, at_desk(windows, None)
    fan = village.follower("等键盘的人")
    village.writes(fan, "键盘也能回吗")
    expect(page.get_by_label("登录名")).to_be_focused()
    page.keyboard.type(ONE)
    page.keyboard.press("Tab")
    page.keyboard.type(village.staged.passwords[ONE])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="待接入")).to_be_focused()
    press_until(page, chat_of(page, "等键盘的人"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="等键盘的人")).to_be_focused()
    press_until(page, button(page, "接入"))
    page.keyboard.press("Enter")
    box = page.get_by_label("回复内容")
    expect(box).to_be_focused()
    page.keyboard.type("能，不用鼠标。")
    page.keyboard.press("Control+Enter")
    expect(lines(page).filter(has_text="能，不用鼠标。")).to_contain_text("已送达微信")
    expect(box).to_be_focused()
    page.get_by_role("heading", name="等键盘的人").focus()
    order = ("结束会话", "转给在线同事", "转接", "聊天记录", "常用回复", "填入", "回复内容", "发送")
    for name in order:
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.labels?.[0] || document.activeElement).textContent")
        named = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert name in (focused.strip(), named)
    press_until(page, button(page, "结束会话"), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已结束 ·")).to_be_visible()
    expect(page.get_by_role("heading", name="等键盘的人")).to_be_focused()


def press_until(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go on with the key to what is wanted; nothing on the page is further away than this."""
    for _ in range(40):
        if wanted.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{wanted} cannot be reached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(windows: Windows, scheme: str) -> None:
    page = at_desk(windows, None, color_scheme=scheme)
    faults = windows.axe(page, "signing in")
    sign_in(windows, page, ONE, "not-the-password-2")
    expect(alert(page)).not_to_be_empty()
    faults += windows.axe(page, "refused")
    sign_in(windows, page, ONE)
    faults += windows.axe(page, "list")
    fan = take(windows, page, f"看{scheme}的人", "您好，" + "我想问的事情很长，" * 30)
    windows.village.platform("PATCH", f"/followers/{fan.person_id}", {"refuses_messages": True})
    expect(answer(page, "请讲。")).to_contain_text("发送失败")
    page.get_by_text("管理常用回复").click()
    faults += windows.axe(page, "talk")
    windows.shoot(page, f"desk-{scheme}")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults += [f"{wide} pixels wider than the window"] if wide > 0 else []
    # What is written stays in sight, whatever the window's height.
    expect(button(page, "发送")).to_be_in_viewport()
    assert not faults, "\n".join(faults)


def test_markup_of_a_follower_stays_text(windows: Windows) -> None:
    village, page = windows.village, at_desk(windows)
    hostile = "\n".join(CORPUS)
    take(windows, page, CORPUS[1], hostile)
    expect(lines(page).first).to_contain_text("<script>window.hit=1</script>")
    expect(chat_of(page, CORPUS[1])).to_be_visible()
    expect(page.get_by_role("heading", name=CORPUS[1])).to_be_visible()
    answer(page, CORPUS[2])
    until(
        lambda: CORPUS[2] in village.received(village.follower(CORPUS[1])), "the answer is delivered as it was written"
    )
    calm = "!window.hit && !document.querySelector('main img, main iframe, main script, main svg, main b')"
    assert page.evaluate(calm)


def test_what_is_for_one_follower_never_reaches_another(windows: Windows) -> None:
    """Neither a half-written answer nor what comes late over the network."""
    page = at_desk(windows)
    take(windows, page, "第一位", "只有第一位说的话")
    page.get_by_label("回复内容").fill("给第一位的半句话")
    take(windows, page, "第二位", "只有第二位说的话")
    expect(page.get_by_label("回复内容")).to_have_value("")
    first = chat_of(page, "第一位").locator("..").get_attribute("data-key")
    second = chat_of(page, "第二位").locator("..").get_attribute("data-key")
    held: list[Route] = []
    page.route(re.compile(f"/chats/{first}/messages"), lambda route: held.append(route))
    chat_of(page, "第一位").click()
    expect(page.get_by_label("回复内容")).to_have_value("给第一位的半句话")
    until(lambda: page.title() and held, "the first one's transcript is asked for")
    chat_of(page, "第二位").click()
    expect(lines(page)).to_contain_text(["只有第二位说的话"])
    with page.expect_response(re.compile(f"/chats/{first}/messages")):
        for late in held:
            late.continue_()
    with page.expect_response(re.compile(f"/chats/{second}/messages")):
        pass
    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text(["只有第二位说的话"])


def test_a_long_talk_is_read_from_its_end(windows: Windows) -> None:
    village, page = windows.village, at_desk(windows)
    fan = take(windows, page, "话多的人", "第 0 句")
    for number in range(1, 52):
        village.writes(fan, f"第 {number} 句")
    expect(chat_of(page, "话多的人")).to_contain_text("52 条未回")
    page.reload()
    page.get_by_role("button", name="接待中").click()
    chat_of(page, "话多的人").click()
    expect(lines(page)).to_have_count(50)
    expect(lines(page).last).to_be_in_viewport()
    button(page, "更早的消息").click()
    expect(lines(page)).to_have_count(52)
    expect(lines(page).first).to_contain_text("第 0 句")
    lines(page).first.scroll_into_view_if_needed()
    village.writes(fan, "还有一句")
    expect(lines(page)).to_have_count(53)
    # Who looked back stays where they are, and what is read to its beginning has no more to offer.
    expect(lines(page).first).to_be_in_viewport()
    expect(lines(page).last).not_to_be_in_viewport()
    expect(button(page, "更早的消息")).to_be_hidden()


def test_a_network_that_is_away_is_said_and_nothing_typed_is_lost(windows: Windows) -> None:
    page = at_desk(windows)
    take(windows, page, "等网络的人", "还在吗")
    page.get_by_label("回复内容").fill("写了一半")
    page.context.set_offline(True)
    expect(page.get_by_text("连不上服务器，请检查网络后再试。正在自动重试")).to_be_visible()
    button(page, "发送").click()
    expect(alert(page)).to_have_text("连不上服务器，请检查网络后再试。")
    page.context.set_offline(False)
    expect(page.get_by_text("正在自动重试")).to_be_hidden()
    page.context.clear_cookies()
    expect(alert(page)).to_have_text("登录已过期，请重新登录。没有发出的内容还在。")
    sign_in(windows, page, ONE)
    expect(page.get_by_label("回复内容")).to_have_value("写了一半")
    button(page, "发送").click()
    expect(lines(page).filter(has_text="写了一半")).to_contain_text("已送达微信")
    button(page, "退出登录").click()
    expect(page.get_by_label("登录名")).to_be_focused()
    page.reload()
    expect(page.get_by_label("登录名")).to_be_visible()
