"""Inside WeChat: what was answered about notices is what the page says, and what is shared is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]
AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0.50"
TEMPLATE = "notice-of-the-village"
# The platform's own script is not to be had here: what of it the page calls.
SDK = """
const nothing = () => undefined
window.wx = {config: nothing, error: nothing, ready: (done) => setTimeout(done), previewImage: nothing,
  updateAppMessageShareData: nothing, updateTimelineShareData: nothing}
"""
ANSWER = """(node, [template, status]) => node.dispatchEvent(new CustomEvent('success', {detail: {
  errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify({[template]: JSON.stringify({status})})}}))
"""


@pytest.fixture
def offering(windows: Windows) -> Iterator[Windows]:
    """The community offers subscription notices."""
    windows.village.rule(notice_channel="subscription", notice_template_id=TEMPLATE)
    yield windows
    windows.village.rule(notice_channel="none", notice_template_id="")


def inside_wechat(windows: Windows, who: str, path: str) -> Page:
    page = windows.open(who, user_agent=AGENT)
    page.route("https://res.wx.qq.com/**", lambda route: route.fulfill(body=SDK, content_type="text/javascript"))
    page.goto(windows.village.page + path)
    return page


def reply(page: Page, text: str) -> None:
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill(text)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".reply", has_text=text)).to_be_visible()


def test_after_a_reply_notices_are_offered_and_a_refusal_is_taken_for_one(offering: Windows) -> None:
    made = offering.village.follower("听雨").post("回复以后可以收通知")
    page = inside_wechat(offering, "不要打扰", f"/posts/{made['post_id']}")
    offer = page.get_by_role("region", name="微信通知")
    reply(page, "第一条回复")
    expect(offer).to_be_visible()
    assert not offering.axe(page, "offer after a reply")
    offering.shoot(page, "sent-offer-phone")
    offer.locator("wx-open-subscribe").evaluate(ANSWER, [TEMPLATE, "reject"])
    expect(page.get_by_text("您选择了不接收微信通知")).to_be_visible()
    expect(page.get_by_text("增加 1 次微信通知")).to_have_count(0)
    expect(offer).to_have_count(0)
    reply(page, "第二条回复")
    expect(page.get_by_text("已回复")).to_be_visible()
    expect(offer).to_have_count(0)


def test_an_acceptance_arrives_in_the_quota(offering: Windows) -> None:
    reader = offering.village.follower("愿意收通知")
    page = inside_wechat(offering, "愿意收通知", "/messages")
    offer = page.get_by_role("region", name="微信通知")
    expect(offer).to_be_visible()
    accepted = {"act": "notice", "template_id": TEMPLATE, "accept": True}
    offering.village.platform("POST", f"/followers/{reader.person_id}/acts", accepted)
    offer.locator("wx-open-subscribe").evaluate(ANSWER, [TEMPLATE, "accept"])
    expect(page.get_by_text("已同意")).to_be_visible()
    expect(offer).to_have_count(0)
    page.goto(offering.village.page + "/me/settings")
    expect(page.get_by_text("还剩 1 次")).to_be_visible()


def test_being_led_to_wechats_own_menu_is_counted_as_that(windows: Windows) -> None:
    page = inside_wechat(windows, "橘子汽水", f"/posts/{windows.village.posts['plain']}")
    page.get_by_role("button", name="分享", exact=True).click()
    with page.expect_request(re.compile("/shares$")) as counted:
        page.get_by_role("button", name="好友、朋友圈").click()
    assert '"channel":"wechat"' in (counted.value.post_data or "")
    expect(page.get_by_text("点右上角")).to_be_visible()
    assert not windows.axe(page, "led to WeChat's menu")
    windows.shoot(page, "share-in-wechat-phone")
