"""Inside WeChat: silent sign-in and what stops it, share cards, and WeChat's own viewer of pictures."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.h5.people import landscape, until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]
AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0.50"
SDK = """
window.cards = []
window.previewed = []
window.wx = {
  config() {}, error() {}, updateTimelineShareData() {},
  ready(done) { setTimeout(done) },
  updateAppMessageShareData(card) { cards.push(card) },
  previewImage(wanted) { previewed.push(wanted) },
}
"""


def wechat(windows: Windows, person: str | None = None, *, sdk: str | None = None) -> Page:
    """A window of WeChat, which knows who holds the phone; the platform's own script is not to be had here."""
    page = windows.open(user_agent=AGENT)
    page.route(
        "https://res.wx.qq.com/**",
        lambda route: route.fulfill(body=sdk, content_type="text/javascript") if sdk else route.abort(),
    )
    if person:
        cookie: Any = {"name": "wx_person", "value": person, "url": windows.village.staged.wechat}
        page.context.add_cookies([cookie])
        # Signing in leaves the page; what is looked at comes after.
        page.goto(windows.village.page + "/me")
        expect(page.get_by_role("link", name="我的帖子")).to_be_visible()
    return page


def test_who_signs_out_or_leaves_is_not_signed_in_again_until_they_ask(windows: Windows) -> None:
    page = wechat(windows, windows.village.person("要走的人"))
    address = windows.village.page + "/me"

    def gone() -> None:
        for _ in range(2):
            page.goto(address)
            expect(page.get_by_role("link", name="微信登录")).to_be_visible()
        # Another visit, as WeChat opens a page anew.
        again = page.context.new_page()
        again.goto(address)
        expect(again.get_by_role("link", name="微信登录")).to_be_visible()
        again.close()

    page.goto(address)
    page.get_by_role("link", name="设置").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile(f"{windows.village.staged.account_id}/$"))
    gone()
    page.get_by_role("link", name="微信登录").click()
    page.get_by_role("link", name="设置").click()
    page.get_by_role("button", name="注销账号").click()
    page.get_by_role("dialog").get_by_role("button", name="永久注销").click()
    expect(page).to_have_url(re.compile(f"{windows.village.staged.account_id}/$"))
    gone()


def test_a_community_that_nobody_can_sign_in_to_is_read_all_the_same(windows: Windows) -> None:
    page = wechat(windows)

    def unready(route: Route) -> None:
        found = route.fetch().json()
        route.fulfill(json=found | {"sign_in_ready": False})

    page.route(re.compile(r"/community/[^/?]+$"), unready)
    page.goto(windows.village.page + "/me")
    expect(page.get_by_role("heading", name="未登录")).to_be_visible()
    page.goto(windows.village.page + "/")
    expect(page.get_by_role("article").first).to_be_visible()
    assert "/oauth/" not in page.url


def card(page: Page) -> str:
    """Where the last card leads."""
    links: list[str] = page.evaluate("window.cards?.map((card) => new URL(card.link).pathname) ?? []")
    return links[-1] if links else ""


def test_what_is_shared_is_what_is_shown(windows: Windows) -> None:
    page = wechat(windows, windows.village.person("爱分享的人"), sdk=SDK)

    home, post_id = f"/h5/{windows.village.staged.account_id}/", windows.village.posts["plain"]
    post = f"{home}posts/{post_id}"
    page.goto(windows.village.page + "/")
    expect(page.get_by_role("article").first).to_be_visible()
    until(lambda: card(page) == home, "the card of the first page")
    # Opened twice: the second time nothing has to be asked for.
    for _ in range(2):
        page.evaluate(f"document.querySelector('a[href$=\"{post_id}\"]').click()")
        # Until the post is there its page has a title only.
        until(lambda: "门诊" in page.evaluate("window.cards.at(-1).title"), "the card of the post")
        assert card(page) == post
        page.go_back()
        until(lambda: card(page) == home, "the card of the list")
    page.get_by_role("article").first.get_by_role("button", name="分享").click()
    until(lambda: "/posts/" in card(page), "the card of what the sheet shares")
    page.keyboard.press("Escape")
    until(lambda: card(page) == home, "the card of the list again")


def test_pictures_that_only_members_see_are_not_shown_by_wechat(windows: Windows) -> None:
    author = windows.village.follower("听雨")
    made = author.post("只给成员看的照片", picture_ids=[author.picture(landscape(41))])
    page = wechat(windows, windows.village.person("看照片的人"), sdk=SDK)
    path = f"{windows.village.page}/posts/{made['post_id']}"
    page.goto(path)
    until(lambda: card(page).endswith(made["post_id"]), "WeChat's script is ready")
    page.get_by_role("button", name="查看第 1 张图片").click()
    until(lambda: page.evaluate("window.previewed.length") == 1, "WeChat shows the picture")
    windows.village.rule(guest_reading=False)
    try:
        page.goto(path)
        until(lambda: card(page).endswith(made["post_id"]), "WeChat's script is ready")
        page.get_by_role("button", name="查看第 1 张图片").click()
        expect(page.get_by_role("dialog", name="图片 1 / 1")).to_be_visible()
        assert page.evaluate("window.previewed.length") == 0
    finally:
        windows.village.rule(guest_reading=True)
