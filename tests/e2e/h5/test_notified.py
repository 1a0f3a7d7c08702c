"""What one is told: it leads to the reply, is read by that, and leaves everybody where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.h5.people import until
from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def listening(windows: Windows, path: str, who: str) -> Page:
    """A window on that page which hears of everything from now on."""
    page = windows.open(who)
    with page.expect_response(re.compile("/stream")):
        page.goto(windows.village.page + path)
    return page


def test_a_notification_leads_to_its_reply_inside_the_thread_and_is_read_by_that(windows: Windows) -> None:
    author, writer = windows.village.follower("被回复的"), windows.village.follower("橘子汽水")
    made, other = author.post("楼里有楼的帖子"), author.post("另一个帖子")
    floors = [author.reply(made["post_id"], f"自己盖的楼 {number}") for number in range(25)]
    until(lambda: author.get(f"/posts/{made['post_id']}")["floors"] == 25, "all have their floors")
    writer.reply(other["post_id"], "不在这里")
    writer.reply(made["post_id"], "在楼里说的话", parent_reply_id=floors[22]["reply_id"])
    until(lambda: author.get("/notifications/unread")["unread"] == 2, "both replies were told")
    idle = listening(windows, "/me", "被回复的")
    expect(idle.get_by_role("button", name=re.compile("2 条未读"))).to_be_visible()

    page = listening(windows, "/messages", "被回复的")
    page.get_by_role("button", name=re.compile("回复了你.*在楼里说的话", re.DOTALL)).click()
    thread = page.get_by_role("dialog")
    expect(thread.get_by_text("在楼里说的话")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("floor=\\d+&reply="))
    # Another window of theirs learns that one is read, and only one.
    expect(idle.get_by_role("button", name=re.compile("1 条未读"))).to_be_visible()
    page.go_back()
    expect(thread).to_be_hidden()
    expect(page.get_by_text("自己盖的楼 22")).to_be_visible()
    expect(page.get_by_text("自己盖的楼 3", exact=True)).to_have_count(0)
    page.go_back()
    # Whoever opens the post by another way has read it as well.
    expect(page.get_by_role("button", name=re.compile("，未读"))).to_have_count(1)
    windows.at(f"/posts/{other['post_id']}", "被回复的")
    expect(page.get_by_role("button", name=re.compile("，未读"))).to_have_count(0)
    expect(idle.get_by_role("button", name=re.compile("条未读"))).to_have_count(0)


def test_who_reads_on_keeps_their_place_when_something_new_is_told(windows: Windows) -> None:
    author, writer = windows.village.follower("消息很多的"), windows.village.follower("橘子汽水")
    made = author.post("很多人来回复")
    for number in range(40):
        writer.reply(made["post_id"], f"旧消息 {number}")
    until(lambda: author.get("/notifications/unread")["unread"] == 40, "all were told")
    page = listening(windows, "/messages", "消息很多的")
    rows = page.get_by_role("listitem").filter(has_text="旧消息")
    expect(rows).to_have_count(30)
    page.get_by_role("button", name="更早的消息").click()
    expect(rows).to_have_count(40)
    writer.reply(made["post_id"], "新来的消息")
    expect(page.get_by_role("listitem").filter(has_text="新来的消息")).to_be_visible()
    expect(rows).to_have_count(40)


def test_a_live_reply_costs_one_page_however_many_are_there(windows: Windows) -> None:
    author, writer = windows.village.follower("听雨"), windows.village.follower("橘子汽水")
    made = author.post("已经有很多回复的帖子")
    path = f"/posts/{made['post_id']}"
    replies = [author.reply(made["post_id"], f"很多楼 {number}") for number in range(65)]
    until(lambda: author.get(path)["floors"] == 65, "all have their floors")
    page = listening(windows, path, "听雨")
    expect(page.get_by_text("很多楼 0", exact=True)).to_be_visible()
    for number in (19, 39, 59, 64):
        page.get_by_text(f"很多楼 {number}", exact=True).scroll_into_view_if_needed()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/replies?" in request.url else None)
    writer.reply(made["post_id"], "刚刚写的楼")
    expect(page.get_by_text("刚刚写的楼")).to_be_visible()
    assert 1 <= len(asked) <= 2, asked
    asked.clear()
    writer.reply(made["post_id"], "楼里刚写的", parent_reply_id=replies[2]["reply_id"])
    expect(page.get_by_text("楼里刚写的")).to_have_count(1)
    assert 1 <= len(asked) <= 2 and all("from_floor=3" in url for url in asked), asked
    expect(page.get_by_text("很多楼 64", exact=True)).to_have_count(1)
    asked.clear()
    page.get_by_role("button", name="说点什么").click()
    page.get_by_role("textbox", name="回复内容").fill("自己又说一句")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".reply-text", has_text="自己又说一句")).to_be_visible()
    assert 1 <= len(asked) <= 2, asked


@pytest.fixture
def boards(windows: Windows) -> Iterator[None]:
    """One board more for as long as the test lasts: with one alone there is nothing to choose."""
    usual = [
        {"board_id": "square", "name": "广场"},
        {"board_id": "news", "name": "资讯", "official": True},
    ]
    more = {"board_id": "help", "name": "互助"}
    windows.village.operator("PUT", "/moderation/boards", {"boards": [*usual, more]})
    yield
    windows.village.operator("PUT", "/moderation/boards", {"boards": usual})


@pytest.mark.usefixtures("boards")
def test_the_board_that_is_chosen_is_seen_in_every_feed(windows: Windows) -> None:
    page = windows.at("/", "听雨")
    board = page.get_by_role("button", name="互助")
    board.click()
    for feed in ("热门", "精华", "关注"):
        page.get_by_role("tab", name=feed).click()
        expect(board).to_have_attribute("aria-pressed", "true")
    with page.expect_request(lambda request: "feed=following" in request.url and "board_id" not in request.url):
        page.get_by_role("button", name="全部").click()


def test_a_pinned_post_and_a_found_one_go_with_the_post(windows: Windows) -> None:
    author = windows.village.follower("橘子汽水")
    pinned, found = author.post("会被拿下的置顶"), author.post("会被拿下的搜索结果")
    windows.village.operator("POST", f"/moderation/posts/{pinned['post_id']}/marks/pinned", {"on": True})
    home = listening(windows, "/", "听雨")
    row = home.get_by_role("region", name="置顶").get_by_role("link", name=re.compile("会被拿下的置顶"))
    expect(row).to_be_visible()
    until(lambda: author.get("/search", q="搜索结果")["items"], "it is found")
    search = listening(windows, "/search?q=搜索结果", "听雨")
    expect(search.get_by_role("link", name=re.compile("会被拿下的搜索结果"))).to_be_visible()
    author.send("PUT", f"/posts/{found['post_id']}", {"text": "改过的搜索结果"})
    expect(search.get_by_role("link", name=re.compile("改过的搜索结果"))).to_be_visible()
    for post in (pinned, found):
        windows.village.operator("POST", f"/moderation/posts/{post['post_id']}/take-down", {"reason": "广告"})
    expect(row).to_have_count(0)
    expect(search.get_by_role("link", name=re.compile("改过的搜索结果"))).to_have_count(0)
