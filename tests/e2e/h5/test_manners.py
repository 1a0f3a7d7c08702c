"""What people expect of a page inside WeChat: back, scroll, keyboard, refresh, steady layout."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.people import landscape
from tests.e2e.h5.windows import DESK, Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_back_closes_the_composer_first_and_then_finds_the_list_where_it_was(windows: Windows) -> None:
    author = windows.village.follower("听雨")
    for number in range(14):
        author.post(f"很长的列表里的一条 {number}")
    page = windows.at("/", "橘子汽水")
    expect(page.get_by_role("article").nth(5)).to_be_visible()
    page.evaluate("scrollTo(0, 700)")
    windows.until(page, "scrollY > 500")
    before = page.evaluate("scrollY")
    first = page.locator("article").nth(5)
    first.locator("a.plain").click()
    page.get_by_role("button", name="说点什么").click()
    composer = page.get_by_role("dialog", name="回复帖子")
    expect(composer).to_be_visible()
    page.go_back()
    expect(composer).to_be_hidden()
    expect(page.get_by_role("button", name="说点什么")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="最新")).to_be_visible()
    windows.until(page, f"Math.abs(scrollY - {before}) < 120")


def test_the_list_goes_on_when_somebody_scrolls_to_its_end(windows: Windows) -> None:
    author = windows.village.follower("听雨")
    for number in range(12):
        author.post(f"接着往下看 {number}")
    page = windows.at("/")
    expect(page.get_by_role("article")).to_have_count(10)
    page.locator("article").nth(9).scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("article").nth(15)).to_be_attached()


def test_everything_in_a_post_is_done_by_keyboard(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("只用键盘")
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水", device=DESK)
    expect(page.get_by_text("还没有回复")).to_be_visible()
    opener = page.get_by_role("button", name="说点什么")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="回复内容")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("键盘写的")
    send = page.get_by_role("button", name="发送")
    while not send.evaluate("(node) => node === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".reply", has_text="键盘写的")).to_be_visible()


def test_what_a_menu_offers_happens_after_it_closed(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("菜单里的事都要做到")
    for number in range(18):
        windows.village.follower("听雨").reply(made["post_id"], f"第 {number} 条，为了让页面变高")
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    page.get_by_role("button", name="更多操作", exact=True).click()
    page.get_by_role("dialog", name="帖子操作").get_by_role("button", name="分享").click()
    expect(page.get_by_role("dialog", name="分享", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".reply").first.get_by_role("button", name="更多操作").click()
    page.get_by_role("button", name="引用并回复").click()
    expect(page.get_by_role("dialog", name="回复 听雨").locator(".quote")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill("写在最后的话")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".reply", has_text="写在最后的话")).to_be_in_viewport()


def test_pictures_in_a_thread_open_over_it(windows: Windows) -> None:
    author = windows.village.follower("听雨")
    made = author.post("楼中楼里也有照片")
    root = author.reply(made["post_id"], "先起一楼")
    shot = author.picture(landscape(42))
    author.reply(made["post_id"], "看图", parent_reply_id=root["reply_id"], picture_ids=[shot])
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    page.get_by_role("button", name="看图").click()
    thread = page.get_by_role("dialog", name=re.compile("的回复$"))
    opener = thread.get_by_role("button", name="查看第 1 张图片")
    opener.click()
    picture = page.get_by_role("dialog", name="图片 1 / 1")
    expect(picture).to_be_visible()
    assert page.evaluate("document.querySelector('.sheet').hasAttribute('inert')")
    page.keyboard.press("Escape")
    expect(picture).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.go_back()
    expect(picture).to_be_hidden()
    expect(thread).to_be_visible()
    page.go_back()
    expect(thread).to_be_hidden()
    expect(page.get_by_role("button", name="说点什么")).to_be_visible()


def test_what_is_said_while_a_sheet_is_open_is_read_out(windows: Windows) -> None:
    page = windows.at(f"/posts/{windows.village.posts['plain']}", "橘子汽水")
    page.route("**/replies/*/like", lambda route: route.abort())
    page.get_by_role("button", name="谢谢老周").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^赞 ")).first.click()
    expect(page.get_by_text("网络不可用，请检查网络后重试。")).to_be_visible()
    assert page.evaluate("document.querySelector('#app').hasAttribute('inert')")
    assert page.evaluate("!document.querySelector('.toast').closest('[inert]')")
    page.context.set_offline(True)
    said = page.locator("#told [role=status]").filter(has_text="网络已断开")
    expect(said).to_have_count(1)
    page.context.set_offline(False)
    expect(said).to_have_count(0)


def test_tabs_of_the_list_follow_the_arrow_keys(windows: Windows) -> None:
    page = windows.at("/", device=DESK)
    page.get_by_role("tab", name="最新").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="热门")).to_be_focused()
    expect(page.get_by_role("tab", name="热门")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile("feed=hot"))


def test_nothing_jumps_while_the_first_list_loads(windows: Windows) -> None:
    windows.village.operator("POST", f"/moderation/posts/{windows.village.posts['poll']}/marks/pinned", {"on": True})
    page = windows.open()
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
        " if (!one.hadRecentInput) window.shifted += one.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(windows.village.page + "/")
    expect(page.get_by_role("article").first).to_be_visible()
    windows.until(page, "[...document.querySelectorAll('article:first-of-type img')].every((one) => one.complete)")
    assert page.evaluate("window.shifted") <= 0.05


def test_a_shared_poster_leads_back_and_is_counted(windows: Windows) -> None:
    page = windows.at(f"/posts/{windows.village.posts['nine']}", "橘子汽水")
    page.get_by_role("button", name="分享", exact=True).click()
    with page.expect_response(re.compile("/shares$")) as counted:
        page.get_by_role("button", name="生成海报").click()
    assert counted.value.status == 201
    expect(page.get_by_role("img", name=re.compile("海报"))).to_be_visible()
    windows.shoot(page, "poster-phone")
    guest = windows.open()
    with guest.expect_response(re.compile("/returns$")) as returned:
        guest.goto(windows.village.page + f"/posts/{windows.village.posts['nine']}?shared=1")
    assert returned.value.status == 201
    expect(guest).not_to_have_url(re.compile("shared"))
