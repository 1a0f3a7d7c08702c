"""Every page, on phone and desk, light, dark, large and in care mode: axe finds nothing, and nothing is cut off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.windows import DESK, PHONE, Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(300)]
WHO = "小满爱散步"
PAGES = {
    "home": "/", "hot": "/?feed=hot", "following": "/?feed=following", "messages": "/messages", "me": "/me",
    "compose": "/compose",
    "post": "/posts/{plain}", "poll": "/posts/{poll}", "pictures": "/posts/{nine}", "topics": "/topics",
    "topic": "/topics/随手拍", "search": "/search", "found": "/search?q=医院", "member": "/members/{member}",
    "leaderboard": "/leaderboard", "my-posts": "/me/posts", "my-replies": "/me/replies",
    "favourites": "/me/favourites", "follows": "/me/follows?kind=topic", "drafts": "/me/drafts",
    "points": "/me/points", "settings": "/me/settings", "moderation": "/moderation", "nowhere": "/no/such/page",
}  # fmt: skip
MODES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "light": (PHONE, {}),
    "dark": (PHONE | {"color_scheme": "dark"}, {}),
    "care": (PHONE, {"guanwei.care": "1", "guanwei.size": "1.4"}),
    "desk": (DESK, {}),
}
SHOT = ("home", "hot", "pictures", "post", "poll", "me", "messages", "compose", "found", "settings")


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_and_nothing_is_cut_off(windows: Windows, mode: str) -> None:
    device, chosen = MODES[mode]
    member = windows.village.follower(WHO).member_id
    moderating = windows.village.follower("老周说养生")
    windows.village.operator("PUT", f"/moderation/members/{moderating.member_id}/moderator", {"on": True})
    faults: list[str] = []
    page = windows.open("老周说养生" if mode == "desk" else WHO, device=device)
    for name, value in chosen.items():
        page.add_init_script(f"localStorage.setItem({name!r}, {value!r})")
    for name, path in PAGES.items():
        page.goto(windows.village.page + path.format(member=member, **windows.village.posts))
        windows.settled(page)
        faults += windows.axe(page, f"{mode} {name}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [f"{mode} {name}: {wide} pixels wider than the window"] if wide > 0 else []
        if name in SHOT:
            windows.shoot(page, f"{name}-{mode}")
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_on_any_sheet(windows: Windows) -> None:
    faults: list[str] = []
    page = windows.at(f"/posts/{windows.village.posts['nine']}", WHO)
    openers = {
        "menu": ("^更多操作$", "帖子操作"),
        "share": ("^分享$", "分享"),
        "reply": ("^说点什么", "回复帖子"),
        "likers": (r"^\d+ 人赞过$", "赞过的人"),
        "picture": ("^查看第 2 张图片", "图片 2 / 9"),
    }
    for name, (opener, title) in openers.items():
        page.get_by_role("button", name=re.compile(opener)).first.click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        faults += windows.axe(page, name)
        windows.shoot(page, f"sheet-{name}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    assert not faults, "\n".join(faults)


def test_the_dark_page_is_dark_before_anything_is_loaded(windows: Windows) -> None:
    """No white flash: with no script of the page but the first, the background is dark already."""
    page = windows.open(color_scheme="light")
    page.add_init_script("localStorage.setItem('guanwei.theme', 'dark')")
    page.route("**/assets/*.js", lambda route: route.continue_() if "early" in route.request.url else route.abort())
    page.goto(windows.village.page + "/")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(17, 19, 18)"
