"""What was written and has not arrived: guests, sessions that are over, two tabs, old browsers, a store that fails."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.ids import new_id
from tests.e2e.h5.people import Json, landscape, until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]

STORE = """([key, value]) => new Promise((resolve, reject) => {
  const request = indexedDB.open('guanwei-h5', 1)
  request.onsuccess = () => {
    const transaction = request.result.transaction('outbox', 'readwrite')
    transaction.objectStore('outbox').put(value, key)
    transaction.oncomplete = () => (request.result.close(), resolve(null))
    transaction.onerror = () => reject(transaction.error)
  }
})"""
TWICE = "button => { button.click(); button.click() }"


def words(page: Page) -> Locator:
    return page.get_by_role("textbox", name="正文")


def publish(page: Page, name: str = "发布") -> None:
    page.locator(".compose").get_by_role("button", name=name, exact=True).click()


def waiting(page: Page) -> Locator:
    return page.get_by_role("list", name="未发出的内容")


def attach(page: Page, *pictures: bytes) -> None:
    files = [{"name": f"{place}.jpg", "mimeType": "image/jpeg", "buffer": one} for place, one in enumerate(pictures)]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    expect(page.locator(".attached li.done")).to_have_count(len(pictures))


def sign_in(page: Page, name: str) -> None:
    page.get_by_role("link", name="微信登录").click()
    page.get_by_role("button", name=name, exact=True).click()


def own_posts(windows: Windows, who: str) -> list[Json]:
    found: list[Json] = windows.village.follower(who).get("/me/posts")["items"]
    return found


def test_what_a_guest_wrote_is_theirs_who_signs_in(windows: Windows) -> None:
    windows.village.person("先写后登录的人")
    page = windows.at("/compose")
    page.get_by_role("button", name="标题").click()
    page.get_by_role("textbox", name="标题").fill("先写好的标题")
    words(page).fill("还没有登录就写好的话")
    publish(page)
    expect(page.get_by_role("dialog", name="登录后一起聊")).to_be_visible()
    sign_in(page, "先写后登录的人")
    expect(page).to_have_url(re.compile("/compose$"))
    expect(words(page)).to_have_value("还没有登录就写好的话")
    publish(page)
    expect(page).to_have_url(re.compile("/$"))
    page.goto(windows.village.page + "/me/posts")
    expect(page.get_by_role("article", name="先写好的标题")).to_be_visible()
    # The guest's place is empty as well.
    page.goto(windows.village.page + "/compose")
    expect(words(page)).to_have_value("")


def test_a_session_that_is_over_asks_to_sign_in_and_sends_afterwards(windows: Windows) -> None:
    page = windows.at("/compose", "听雨")
    words(page).fill("会话过期以后发出的话")
    page.context.clear_cookies()
    publish(page)
    expect(page.get_by_role("dialog", name="登录后一起聊")).to_be_visible()
    expect(page.get_by_text("登录已过期，1 条内容等待发出。")).to_be_attached()
    page.get_by_role("dialog").get_by_role("link", name="微信登录").click()
    page.get_by_role("button", name="听雨", exact=True).first.click()
    expect(page.get_by_role("article", name="会话过期以后发出的话")).to_be_visible()


def test_what_an_older_page_let_a_guest_send_is_theirs_who_signs_in(windows: Windows) -> None:
    name = "升级以前写过的人"
    windows.village.person(name)
    page = windows.at("/me")
    expect(page.get_by_role("link", name="微信登录")).to_be_visible()
    key = new_id()
    entry = {
        "key": key, "account": windows.village.staged.account_id, "member": "", "at": 1, "pictures": [], "attempts": 0,
        "state": "waiting", "problem": "", "code": "", "kind": "post", "body": {"text": "旧页面上写的话"},
    }  # fmt: skip
    page.evaluate(STORE, [key, entry])
    sign_in(page, name)
    expect(page.get_by_role("link", name="我的帖子")).to_be_visible()
    page.get_by_role("link", name="我的帖子").click()
    expect(page.get_by_role("article", name="旧页面上写的话")).to_be_visible()


def test_quoting_asks_a_guest_to_sign_in(windows: Windows) -> None:
    page = windows.at(f"/posts/{windows.village.posts['plain']}")
    page.get_by_role("button", name="更多操作", exact=True).click()
    page.get_by_role("button", name="引用到新帖").click()
    expect(page.get_by_role("dialog", name="登录后一起聊")).to_be_visible()


def test_a_double_tap_sends_one_reply(windows: Windows) -> None:
    made = windows.village.follower("听雨").post("手抖的帖子")
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill("只想说一次")
    page.get_by_role("button", name="发送").evaluate(TWICE)
    expect(page.locator(".reply", has_text="只想说一次")).to_be_visible()
    expect(waiting(page)).to_be_hidden()
    found = windows.village.follower("听雨").get(f"/posts/{made['post_id']}/replies")["items"]
    assert [one["text"] for one in found] == ["只想说一次"]


def test_a_store_that_does_not_answer_holds_nothing_up(windows: Windows) -> None:
    page = windows.open("橘子汽水")
    page.add_init_script("IDBFactory.prototype.open = () => ({})")
    page.goto(windows.village.page + "/compose")
    words(page).fill("没有存储也能发出去")
    publish(page)
    expect(page.get_by_role("article", name="没有存储也能发出去")).to_be_visible()


def test_a_store_that_was_closed_is_opened_again(windows: Windows) -> None:
    page = windows.open("橘子汽水")
    page.add_init_script("""
      const open = IDBFactory.prototype.open
      IDBFactory.prototype.open = function (...asked) {
        const request = open.apply(this, asked)
        request.addEventListener('success', () => (window.openedStore = request.result))
        return request
      }""")
    page.goto(windows.village.page + "/compose")
    windows.until(page, "window.openedStore !== undefined")
    page.evaluate("window.openedStore.close()")
    page.route(re.compile("/posts$"), lambda route: route.abort())
    words(page).fill("存储被关掉以后写的话")
    publish(page)
    expect(waiting(page).get_by_text("存储被关掉以后写的话")).to_be_visible()
    page.reload()
    expect(waiting(page).get_by_text("存储被关掉以后写的话")).to_be_visible()
    page.unroute_all()
    expect(page.get_by_role("article", name="存储被关掉以后写的话")).to_be_visible()


def refused(windows: Windows, page: Page, text: str, word: str) -> None:
    """Something that was refused for a word, and would not be any more."""
    windows.village.rule(words=[{"word": word, "action": "block"}])
    words(page).fill(text)
    publish(page)
    expect(waiting(page).get_by_role("button", name="修改")).to_be_visible()
    windows.village.rule(words=[])


@pytest.mark.parametrize("told", [True, False])
def test_two_tabs_send_once(windows: Windows, told: bool) -> None:
    text = f"两个标签页里的某词甲，{'互通' if told else '不通'}"
    page = windows.open("橘子汽水")
    if not told:
        page.context.add_init_script("BroadcastChannel.prototype.postMessage = () => undefined")
    page.goto(windows.village.page + "/compose")
    other = page.context.new_page()
    if told:
        other.goto(windows.village.page + "/")
        expect(other.get_by_role("article").first).to_be_visible()
    refused(windows, page, text, "某词甲")
    if not told:
        other.goto(windows.village.page + "/")
    expect(waiting(other).get_by_text(text)).to_be_visible()
    waiting(other).get_by_role("button", name="重发").click()
    expect(other.get_by_role("article", name=text)).to_be_visible()
    if not told:
        waiting(page).get_by_role("button", name="重发").click()
    expect(waiting(page)).to_be_hidden()
    assert [one["text"] for one in own_posts(windows, "橘子汽水")].count(text) == 1


def test_a_change_is_sent_although_another_tab_threw_the_original_away(windows: Windows) -> None:
    page = windows.at("/compose", "橘子汽水")
    other = page.context.new_page()
    refused(windows, page, "还没改的某词丁", "某词丁")
    waiting(page).get_by_role("button", name="修改").click()
    expect(words(page)).to_have_value("还没改的某词丁")
    other.goto(windows.village.page + "/")
    waiting(other).get_by_role("button", name="丢弃").click()
    other.get_by_role("dialog").get_by_role("button", name="丢弃").click()
    expect(waiting(other)).to_be_hidden()
    words(page).fill("改好了再发")
    publish(page)
    expect(page.get_by_role("article", name="改好了再发")).to_be_visible()


def test_a_refused_post_is_changed_as_it_was(windows: Windows) -> None:
    page = windows.at(f"/compose?quote={windows.village.posts['plain']}", "老周说养生")
    later = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    page.get_by_role("button", name="标题").click()
    page.get_by_role("textbox", name="标题").fill("原来的标题")
    attach(page, landscape(61))
    page.get_by_role("button", name="投票").click()
    page.get_by_role("textbox", name="选项 1").fill("散步")
    page.get_by_role("textbox", name="选项 2").fill("太极")
    page.get_by_role("button", name="定时").click()
    local = later.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")
    page.get_by_label("发布时间").fill(local)
    page.get_by_role("button", name="提到某人").click()
    page.get_by_role("searchbox", name="成员名字").fill("晨跑")
    page.get_by_role("button", name="晨跑的阿岚").click()
    windows.village.rule(words=[{"word": "某词乙", "action": "block"}])
    words(page).fill("@晨跑的阿岚 某词乙")
    publish(page, "定时发布")
    change = waiting(page).get_by_role("button", name="修改")
    expect(change).to_be_visible()
    windows.village.rule(words=[])
    page.goto(windows.village.page + "/compose")
    words(page).fill("另一份草稿")
    page.goto(windows.village.page + "/")
    change.click()
    expect(words(page)).to_have_value("@晨跑的阿岚 某词乙")
    expect(page.get_by_role("textbox", name="标题")).to_have_value("原来的标题")
    expect(page.get_by_label("发布时间")).to_have_value(local)
    expect(page.get_by_role("textbox", name="选项 2")).to_have_value("太极")
    expect(page.locator(".attached li.done")).to_have_count(1)
    expect(page.get_by_text("请问周末门诊需要提前预约吗")).to_be_visible()
    # It lies where it lay until it was sent again, and keeps the change.
    words(page).fill("@晨跑的阿岚 改好的话")
    page.get_by_role("button", name="返回").click()
    expect(waiting(page).get_by_text("@晨跑的阿岚 改好的话")).to_be_visible()
    change.click()
    publish(page, "定时发布")
    expect(page).to_have_url(re.compile("/$"))
    expect(waiting(page)).to_be_hidden()
    until(lambda: own_posts(windows, "老周说养生")[0]["title"] == "原来的标题", "it was sent")
    sent = own_posts(windows, "老周说养生")[0]
    assert (sent["text"], sent["state"]) == ("@晨跑的阿岚 改好的话", "scheduled")
    assert [one["text"] for one in sent["poll"]["options"]] == ["散步", "太极"]
    assert sent["quoted"]["post_id"] == windows.village.posts["plain"] and len(sent["pictures"]) == 1
    assert [one["nickname"] for one in sent["mentions"]] == ["晨跑的阿岚"]
    assert datetime.fromisoformat(sent["publish_at"]) == later
    page.goto(windows.village.page + "/compose")
    expect(words(page)).to_have_value("另一份草稿")


def test_a_refused_reply_is_changed_as_it_was(windows: Windows) -> None:
    author = windows.village.follower("听雨")
    made = author.post("要回复的帖子")
    parent = author.reply(made["post_id"], "被回复的话")
    windows.village.rule(words=[{"word": "某词丙", "action": "block"}])
    page = windows.at(f"/posts/{made['post_id']}", "橘子汽水")
    page.get_by_role("button", name="回复 听雨").click()
    page.get_by_role("button", name="引用原文").click()
    attach(page, landscape(62))
    page.get_by_role("textbox", name="回复内容").fill("回复里有某词丙")
    page.get_by_role("button", name="发送").click()
    expect(waiting(page).get_by_role("button", name="修改")).to_be_visible()
    page.goto(windows.village.page + "/me/replies")
    waiting(page).get_by_role("button", name="修改").click()
    sheet = page.get_by_role("dialog", name="回复 听雨")
    expect(sheet.get_by_role("textbox", name="回复内容")).to_have_value("回复里有某词丙")
    expect(sheet.get_by_text("被回复的话")).to_be_visible()
    expect(sheet.locator(".attached li.done")).to_have_count(1)
    sheet.get_by_role("textbox", name="回复内容").fill("改好的回复")
    sheet.get_by_role("button", name="发送").click()
    expect(waiting(page)).to_be_hidden()
    thread = author.get(f"/replies/{parent['reply_id']}/replies")["items"]
    assert [(one["text"], one["quoted"], len(one["pictures"])) for one in thread] == [("改好的回复", "被回复的话", 1)]
    windows.village.rule(words=[])
