"""Search: narrowed by topic and author, and found again after back and reload."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.people import until
from tests.e2e.h5.windows import DESK, Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def test_filters_narrow_and_survive_back_and_reload(windows: Windows) -> None:
    orange, rain = windows.village.follower("橘子汽水"), windows.village.follower("听雨")
    orange.post("琉璃瓶装的柚子茶 #养生茶#")
    orange.post("琉璃瓶可以回收吗")
    rain.post("琉璃瓶的柚子茶我也买了 #养生茶#")
    until(lambda: len(rain.get("/search", q="琉璃瓶")["items"]) == 3, "all three are found")
    page = windows.at("/search?q=琉璃瓶", "听雨")
    found = page.locator(".found li")
    expect(found).to_have_count(3)
    page.get_by_role("button", name="话题").click()
    sheet = page.get_by_role("dialog", name="只看话题")
    sheet.get_by_role("searchbox", name="话题名").fill("养生茶")
    assert not windows.axe(page, "filter")
    windows.shoot(page, "filter-phone")
    sheet.get_by_role("button", name=re.compile("#养生茶#")).click()
    expect(found).to_have_count(2)
    page.get_by_role("button", name="作者").click()
    sheet = page.get_by_role("dialog", name="只看作者")
    sheet.get_by_role("searchbox", name="成员名字").fill("橘子")
    sheet.get_by_role("button", name="橘子汽水").click()
    expect(found).to_have_count(1)
    expect(page.get_by_role("button", name="作者：橘子汽水")).to_be_visible()
    assert not windows.axe(page, "filtered")
    windows.shoot(page, "filtered-phone")
    found.get_by_role("link", name=re.compile("琉璃瓶装")).click()
    expect(page.get_by_role("button", name="说点什么")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="话题：#养生茶#")).to_be_visible()
    expect(found).to_have_count(1)
    page.reload()
    expect(page.get_by_role("button", name="作者：橘子汽水")).to_be_visible()
    expect(found).to_have_count(1)
    kept = parse_qs(urlsplit(page.url).query)
    assert kept == {"q": ["琉璃瓶"], "topic": ["养生茶"], "by": [orange.member_id]}
    page.get_by_role("button", name="作者：橘子汽水").click()
    page.get_by_role("dialog", name="只看作者").get_by_role("button", name="不限").click()
    expect(found).to_have_count(2)


def test_a_board_is_one_of_the_filters(windows: Windows) -> None:
    rain = windows.village.follower("听雨")
    boards = [one for one in rain.get("")["boards"] if not one["official"]]
    rain.post("玳瑁猫在找主人", board_id=boards[0]["board_id"])
    until(lambda: rain.get("/search", q="玳瑁猫")["items"], "it is found")
    page = windows.at("/search?q=玳瑁猫", "听雨", device=DESK)
    expect(page.locator(".found li")).to_have_count(1)
    page.get_by_role("button", name="版块").click()
    other = next(one for one in rain.get("")["boards"] if one["board_id"] != boards[0]["board_id"])
    page.get_by_role("dialog", name="只看版块").get_by_role("button", name=other["name"]).click()
    expect(page.get_by_text("没有找到")).to_be_visible()
    windows.shoot(page, "filtered-desk")
    page.get_by_role("button", name="去掉筛选").click()
    expect(page.locator(".found li")).to_have_count(1)
