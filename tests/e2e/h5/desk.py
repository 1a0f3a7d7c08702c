"""What an operator does at the desk, in the words of the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.h5.people import Follower
from tests.e2e.h5.windows import DESK, Windows

ONE, TWO = "desk-one", "desk-two"


def at_desk(windows: Windows, login: str | None = ONE, device: dict[str, Any] = DESK, **options: Any) -> Page:
    page = windows.open(device=device, **options)
    page.goto(windows.village.desk)
    if login is not None:
        sign_in(windows, page, login)
    return page


def sign_in(windows: Windows, page: Page, login: str, password: str | None = None) -> None:
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password or windows.village.staged.passwords[login])
    page.get_by_role("button", name="登录", exact=True).click()
    if password is None:
        expect(page.get_by_role("group", name="会话状态")).to_be_visible()


def chat_of(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="会话列表").get_by_role("button", name=name)


def lines(page: Page) -> Locator:
    return page.get_by_role("list", name="聊天记录").get_by_role("listitem")


def alert(page: Page) -> Locator:
    # By its id: while there is nothing to say it is not there for anybody.
    return page.locator("#alert")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def take(windows: Windows, page: Page, name: str, text: str) -> Follower:
    """A new follower writes, and the operator takes the chat."""
    follower = windows.village.follower(name)
    windows.village.writes(follower, text)
    page.get_by_role("button", name="待接入").click()
    chat_of(page, name).click()
    button(page, "接入").click()
    expect(page.get_by_label("回复内容")).to_be_focused()
    return follower


def answer(page: Page, text: str) -> Locator:
    """The line that it becomes."""
    page.get_by_label("回复内容").fill(text)
    button(page, "发送").click()
    return lines(page).filter(has_text=text)
