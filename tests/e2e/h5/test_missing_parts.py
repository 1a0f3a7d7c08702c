"""What an open page meets after a release, or on a bad network: parts that are not there, first requests that hang."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def lacking(page: Page, part: str, *, pages: int = 1_000) -> list[str]:
    """The part is not found by so many loads of the page. The addresses that the page was loaded at."""
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if request.is_navigation_request() else None)

    def answer(route: Route) -> None:
        if len(loaded) > pages:
            route.continue_()
        else:
            route.fulfill(status=404, body="")

    page.route(re.compile(rf"/assets/{part}-[^/]*\.js"), answer)
    return loaded


def forgiven(windows: Windows) -> None:
    """The browser tells of every part that it could not load."""
    windows.faults[:] = [fault for fault in windows.faults if "dynamically imported module" not in fault]


def test_an_open_page_loads_itself_anew_where_somebody_wanted_to_go(windows: Windows) -> None:
    page = windows.open(service_workers="block")
    loaded = lacking(page, "MePage", pages=1)
    page.goto(windows.village.page + "/")
    page.get_by_role("button", name="我的", exact=True).click()
    expect(page.get_by_role("heading", name="未登录")).to_be_visible()
    assert loaded == [windows.village.page + "/", windows.village.page + "/me"]
    forgiven(windows)


def test_what_stays_missing_is_said_and_can_be_tried_again(windows: Windows) -> None:
    page = windows.open(service_workers="block")
    loaded = lacking(page, "TopicsPage")
    page.goto(windows.village.page + "/topics")
    expect(page.get_by_text("页面没有加载完整")).to_be_visible()
    assert len(loaded) == 2
    assert windows.axe(page, "missing") == [], windows.axe(page, "missing")
    page.unroute_all()
    page.get_by_role("main").get_by_role("button", name="重新加载").click()
    expect(page.get_by_role("heading", name="话题")).to_be_visible()
    forgiven(windows)


def test_a_sheet_that_cannot_be_loaded_is_no_dead_tap(windows: Windows) -> None:
    page = windows.open(service_workers="block")
    loaded = lacking(page, "PostMenu")
    page.goto(windows.village.page + "/")
    opener = page.get_by_role("article").first.get_by_role("button", name="更多操作")
    with page.expect_event("load"):
        opener.click()
    opener.click()
    expect(page.get_by_text("这一页没有加载完整")).to_be_visible()
    expect(page.get_by_role("button", name="重新加载")).to_be_visible()
    assert len(loaded) == 2
    forgiven(windows)


def test_a_first_request_that_hangs_does_not_hold_the_list(windows: Windows) -> None:
    page = windows.open(service_workers="block")
    hanging: list[Route] = []

    def hang_once(route: Route) -> None:
        if hanging:
            route.continue_()
        else:
            hanging.append(route)

    page.route("**/posts?limit=10", hang_once)
    page.goto(windows.village.page + "/")
    expect(page.get_by_role("article").first).to_be_visible()
    assert len(hanging) == 1
