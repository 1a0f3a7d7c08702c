"""What one does, another sees at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.people import until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_a_reply_and_its_notice_arrive_in_another_window(windows: Windows) -> None:
    made = windows.village.follower("小满爱散步").post("等一个回复")
    reader = windows.at(f"/posts/{made['post_id']}", "小满爱散步")
    expect(reader.get_by_text("还没有回复")).to_be_visible()
    idle = windows.at("/me", "小满爱散步")
    expect(idle.get_by_role("heading", name="小满爱散步")).to_be_visible()
    writer = windows.at(f"/posts/{made['post_id']}", "晨跑的阿岚")
    writer.get_by_role("button", name="说点什么").click()
    writer.get_by_role("textbox", name="回复内容").fill("我来啦，今天也跑了十公里")
    writer.get_by_role("button", name="发送").click()
    expect(reader.get_by_text("我来啦，今天也跑了十公里")).to_be_visible()
    expect(idle.get_by_role("button", name=re.compile("消息.*条未读"))).to_be_visible()
    idle.get_by_role("button", name=re.compile("消息")).click()
    expect(idle.get_by_text("回复了你").first).to_be_visible()
    idle.get_by_role("button", name="全部已读").click()
    expect(idle.get_by_role("button", name=re.compile("条未读"))).to_have_count(0)


def test_new_posts_are_offered_not_forced(windows: Windows) -> None:
    reader = windows.at("/", "老周说养生")
    expect(reader.get_by_role("article").first).to_be_visible()
    with reader.expect_request(re.compile("/stream")):
        reader.reload()
    expect(reader.get_by_role("article").first).to_be_visible()
    windows.village.follower("橘子汽水").post("刚出炉的新帖")
    offer = reader.get_by_role("button", name=re.compile("条新帖"))
    expect(offer).to_be_visible()
    expect(reader.get_by_text("刚出炉的新帖")).to_be_hidden()
    offer.click()
    expect(reader.get_by_text("刚出炉的新帖")).to_be_visible()


def test_an_open_page_stops_hearing_of_whom_its_reader_blocks(windows: Windows) -> None:
    loud, calm = windows.village.follower("吵闹的"), windows.village.follower("橘子汽水")
    reader = windows.open("怕吵的")
    with reader.expect_response(re.compile("/stream")):
        reader.goto(windows.village.page + "/")
    expect(reader.get_by_role("article").first).to_be_visible()
    loud.post("第一次吵")
    reader.get_by_role("button", name="有 1 条新帖").click()
    card = reader.get_by_role("article", name="第一次吵")
    card.get_by_role("button", name="更多操作").click()
    with reader.expect_request(re.compile("/stream")):
        reader.get_by_role("button", name="屏蔽 吵闹的").click()
    expect(card).to_be_hidden()
    loud.post("第二次吵")
    calm.post("说点轻松的")
    # Events keep their order: a count of one means that the first of the two was left out.
    expect(reader.get_by_role("button", name="有 1 条新帖")).to_be_visible()


def test_unread_floors_are_jumped_to(windows: Windows) -> None:
    writer = windows.village.follower("橘子汽水")
    made = windows.village.follower("听雨").post("楼会很高的帖子")
    for number in range(3):
        writer.reply(made["post_id"], f"先盖的楼 {number}")
    path = f"/posts/{made['post_id']}"
    until(lambda: writer.get(path)["floors"] == 3, "all three have their floors")
    page = windows.at(path, "听雨")
    expect(page.get_by_text("先盖的楼 2")).to_be_visible()
    page.get_by_text("先盖的楼 2").scroll_into_view_if_needed()
    reader = windows.village.follower("听雨")
    until(lambda: reader.get(path)["mine"]["read_floor"] == 3, "the third floor is noted")
    page.goto(windows.village.page + "/")
    for number in range(25):
        writer.reply(made["post_id"], f"后盖的楼 {number}")
    until(lambda: writer.get(path)["floors"] == 28, "all have their floors")
    page.goto(windows.village.page + f"/posts/{made['post_id']}")
    page.get_by_role("button", name=re.compile("跳到 25 条新回复")).click()
    expect(page.get_by_text("后盖的楼 0", exact=True)).to_be_visible()
    expect(page.get_by_text("先盖的楼 2")).to_be_hidden()
