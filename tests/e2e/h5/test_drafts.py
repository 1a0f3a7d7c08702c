"""Drafts with all that belongs to them, pictures in old browsers, and what can be changed of a post."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.people import landscape, until
from tests.e2e.h5.test_unsent import attach, publish, words
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_an_older_browser_attaches_pictures(windows: Windows) -> None:
    page = windows.open("老周说养生")
    page.add_init_script("""
      const make = window.createImageBitmap
      window.createImageBitmap = (file, options) => {
        if (options) throw new TypeError("The provided value 'from-image' is not a valid enum value.")
        return make(file)
      }""")
    page.goto(windows.village.page + "/compose")
    attach(page, landscape(63, (3000, 1500)))
    page.locator("input[type=file]").set_input_files(
        {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    )
    expect(page.get_by_text("这张图片无法读取，请换成 JPG 或 PNG 图片。")).to_be_visible()
    page.get_by_role("button", name="移除第 1 张图片").click()


def test_a_draft_goes_on_another_phone_with_all_that_belongs_to_it(windows: Windows) -> None:
    page, who = windows.at("/compose", "小满爱散步"), windows.village.follower("小满爱散步")
    words(page).fill("两部手机上写的话")
    attach(page, landscape(64))
    page.get_by_role("button", name="投票").click()
    page.get_by_role("textbox", name="选项 1").fill("早上")
    page.get_by_role("textbox", name="选项 2").fill("晚上")

    def told() -> bool:
        items = who.get("/me/drafts")["items"]
        return bool(items) and bool(items[0]["pictures"]) and items[0]["content"]["poll"]["options"] == ["早上", "晚上"]

    until(lambda: page.evaluate("true") and told(), "the service has the draft")
    other = windows.at("/me/drafts", "小满爱散步")
    other.get_by_role("button", name=re.compile("两部手机上写的话")).click()
    expect(words(other)).to_have_value("两部手机上写的话")
    expect(other.locator(".attached li.done")).to_have_count(1)
    expect(other.get_by_role("textbox", name="选项 2")).to_have_value("晚上")
    # What is cleared is gone from the service as well.
    other.get_by_role("button", name="投票").click()
    other.get_by_role("button", name="移除第 1 张图片").click()
    words(other).fill("")
    until(lambda: other.evaluate("true") and not who.get("/me/drafts")["items"], "the cleared draft is gone")


def test_pictures_that_are_too_old_are_left_out_and_said_so(windows: Windows) -> None:
    page = windows.at("/compose", "小满爱散步")
    words(page).fill("隔夜的草稿")
    attach(page, landscape(65), landscape(66))
    page.goto(windows.village.page + "/me")
    page.evaluate("""() => {
      const name = Object.keys(localStorage).find((one) => one.startsWith('guanwei.draft.') && one.endsWith('.post'))
      const draft = JSON.parse(localStorage.getItem(name))
      draft.pictures[0].uploaded -= 12 * 3600 * 1000
      localStorage.setItem(name, JSON.stringify(draft))
    }""")
    page.goto(windows.village.page + "/compose")
    expect(page.get_by_text("有 1 张图片上传太久，已经失效，请重新添加。")).to_be_visible()
    expect(page.locator(".attached li.done")).to_have_count(1)
    publish(page)
    expect(page.get_by_role("article", name="隔夜的草稿")).to_be_visible()


def test_editing_offers_what_it_keeps(windows: Windows) -> None:
    author = windows.village.follower("听雨")
    made = author.post("带图的帖子", picture_ids=[author.picture(landscape(67))])
    page = windows.at(f"/compose?edit={made['post_id']}", "听雨")
    expect(words(page)).to_have_value("带图的帖子")
    expect(page.get_by_text("图片、投票和定时保持不变")).to_be_visible()
    expect(page.locator(".compose .grid img")).to_have_count(1)
    for tool in ("提到某人", "投票", "定时"):
        expect(page.get_by_role("button", name=tool)).to_have_count(0)
    expect(page.locator("input[type=file]")).to_have_count(0)
    words(page).fill("")
    publish(page, "保存")
    expect(page).to_have_url(re.compile(f"/posts/{made['post_id']}$"))
    kept = author.get(f"/posts/{made['post_id']}")
    assert (kept["text"], len(kept["pictures"])) == ("", 1)
