"""Text that wants to be markup, through every field: it is shown as it was written, and nothing runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.h5.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]
CORPUS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg/onload=window.hit=1>",
    "\"'><iframe srcdoc='<script>parent.hit=1</script>'>",
    "javascript:window.hit=1",
    "[a](javascript:window.hit=1)",
    "{{constructor.constructor('window.hit=1')()}}",
    "${window.hit=1}",
    '<a href="javascript:window.hit=1">点我</a>',
    "<math><mtext><style><img src=x onerror=window.hit=1>",
    "\u202e<b>反</b>\u202c&lt;script&gt;window.hit=1&lt;/script&gt;",
    "#<img/src=x/onerror=window.hit=1>#",
)
CALM = """() => !window.hit && !document.querySelector(
  '#main iframe, #main script, #main svg[onload], #main img[src="x"], #main a[href^="javascript:"], #main b')"""


def test_hostile_text_is_shown_and_does_nothing(windows: Windows) -> None:
    text = "\n".join(CORPUS)
    shouting = "<img src=x onerror=hit=1>"
    author = windows.village.follower(shouting)
    author.send("PUT", "/me/preferences", {"signature": CORPUS[1], "muted_words": [CORPUS[0][:20]]})
    author.send("PUT", "/me/drafts/post", {"title": CORPUS[1], "text": text})
    options = [CORPUS[1][:39], CORPUS[2]]
    poll = {"options": options, "closes_at": (datetime.now(UTC) + timedelta(days=3)).isoformat()}
    made = author.post(text, title=CORPUS[1], poll=poll)
    first = author.reply(made["post_id"], text)
    author.reply(made["post_id"], text, parent_reply_id=first["reply_id"], quote=True)
    author.post(f"引用 {CORPUS[1]}", quoted_post_id=made["post_id"])
    author.send(
        "POST",
        "/reports",
        {"target_kind": "reply", "target_id": first["reply_id"], "reason": "other", "note": text[:190]},
    )
    topic = "<img/src=x/onerror=window.hit=1>"
    post_id = made["post_id"]
    paths = (
        "/", f"/posts/{post_id}", f"/members/{author.member_id}", "/search?q=hit", f"/search?q={CORPUS[0]}",
        f"/topics/{topic.replace('/', '%2F')}", "/topics", "/me", "/me/settings", "/me/drafts", "/me/posts",
        "/messages", f"/compose?topic={CORPUS[2]}", f"/compose?quote={post_id}", f"/compose?edit={post_id}",
        "/leaderboard",
    )  # fmt: skip
    page = windows.open(shouting)
    for path in paths:
        page.goto(windows.village.page + path)
        windows.settled(page)
        assert page.evaluate(CALM), path
    page.goto(windows.village.page + f"/posts/{made['post_id']}")
    expect(page.get_by_role("heading", name=CORPUS[1])).to_be_visible()
    expect(page.get_by_role("article").get_by_text("<svg/onload=window.hit=1>").first).to_be_visible()


def test_moderators_see_hostile_reports_as_text(windows: Windows) -> None:
    moderator = windows.village.follower("老周说养生")
    windows.village.operator("PUT", f"/moderation/members/{moderator.member_id}/moderator", {"on": True})
    bad = windows.village.follower("听雨").post(f"待举报 {CORPUS[1]}")
    note = "".join(CORPUS)[:190]
    windows.village.follower("橘子汽水").send(
        "POST", "/reports", {"target_kind": "post", "target_id": bad["post_id"], "reason": "other", "note": note}
    )
    page = windows.at("/moderation", "老周说养生")
    page.get_by_role("button", name="举报").click()
    expect(page.get_by_text("待举报 <img src=x onerror=window.hit=1>")).to_be_visible()
    assert page.evaluate(CALM)
