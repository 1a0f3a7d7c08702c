"""What moderators decide holds, for moderators too; and what members do to others has its pace."""

from __future__ import annotations

from kit.ids import new_id
from services.micro_community.commands.edit_post import MOST_EDITS
from services.micro_community.commands.file_report import MOST_REPORTS
from tests.integration.micro_community.conftest import Town
from tests.integration.micro_community.test_moderation import moderator


async def test_a_moderator_undoes_nothing_that_was_done_to_them(town: Town) -> None:
    await town.rule(hold_links=True)
    mod, other, operator = await moderator(town), await moderator(town, "o-mod-2"), await town.staff()
    waiting = (await mod.post("/posts", {"text": "看 http://evil.example"})).json()
    removed = (await mod.post("/posts", {"text": "我的帖子"})).json()["post_id"]
    assert waiting["state"] == "waiting"
    assert (await other.post(f"/moderation/posts/{removed}/take-down", {"reason": "广告"})).status_code == 200
    for post_id in (waiting["post_id"], removed):
        own = await mod.post(f"/moderation/posts/{post_id}/show")
        assert (own.status_code, own.json()["code"]) == (403, "micro_community.judges_own")
    about = (await mod.post("/posts", {"text": "又一帖"})).json()["post_id"]
    report = {"target_kind": "post", "target_id": about, "reason": "other", "note": ""}
    assert (await other.post("/reports", report)).status_code == 201
    report_id = (await operator.get("/moderation/reports")).json()["items"][0]["report_id"]
    dismiss = f"/moderation/reports/{report_id}/dismiss"
    assert (await mod.post(dismiss, {"reason": "没事"})).json()["code"] == "micro_community.judges_own"
    assert (await other.post(dismiss, {"reason": "没事"})).status_code == 200
    for path in (f"/moderation/posts/{waiting['post_id']}/show", f"/moderation/posts/{removed}/show"):
        assert (await other.post(path)).status_code == 200

    muted = f"/moderation/members/{mod.member_id}"
    await operator.post(f"{muted}/mute", {"minutes": 60, "reason": "停"})
    assert (await mod.post(f"{muted}/unmute")).json()["code"] == "micro_community.muted"
    assert (await mod.get("/moderation/queue")).json()["code"] == "micro_community.muted"
    assert (await other.post(f"{muted}/unmute")).json()["code"] == "micro_community.mutes_moderator"
    assert (await operator.post(f"{muted}/unmute")).status_code == 200
    assert (await mod.get("/moderation/queue")).status_code == 200


async def test_who_is_banned_only_reads_exports_and_leaves(town: Town) -> None:
    member, operator = await town.follower("o-member"), await town.staff()
    post_id = (await member.post("/posts", {"text": "帖"})).json()["post_id"]
    assert (await member.send("PUT", "/me/preferences", {"signature": "旧"})).status_code == 200
    path = f"/moderation/members/{member.member_id}/mute"
    assert (await operator.post(path, {"minutes": None, "reason": "屡教不改"})).status_code == 200
    report = {"target_kind": "post", "target_id": post_id, "reason": "other", "note": ""}
    for method, what, body in (
        ("POST", "/check-ins", None), ("PUT", f"/posts/{post_id}/favourite", None), ("POST", "/reports", report),
        ("PUT", "/me/preferences", {"signature": "新"}),
    ):  # fmt: skip
        refused = await member.send(method, what, body)
        assert refused.json()["code"] == "micro_community.banned", what
    assert (await member.send("PUT", "/me/preferences", {"signature": "旧", "muted_words": ["吵"]})).status_code == 200
    assert (await member.get("/me/export")).status_code == 200
    assert (await member.send("DELETE", "/me")).status_code == 204


async def test_a_report_that_is_repeated_is_answered_as_the_first_time(town: Town) -> None:
    author, reader, operator = await town.follower("o-author"), await town.follower("o-reader"), await town.staff()
    post_id = (await author.post("/posts", {"text": "帖"})).json()["post_id"]
    body, key = {"target_kind": "post", "target_id": post_id, "reason": "other", "note": "看看"}, new_id()
    for _ in range(2):
        assert (await reader.post("/reports", body, key=key)).status_code == 201
    assert (await reader.post("/reports", body)).json()["code"] == "micro_community.reported_before"
    other = await reader.post("/reports", body | {"reason": "fraud"}, key=key)
    assert other.json()["code"] == "http.idempotency_key_reused"
    assert (await operator.post(f"/moderation/posts/{post_id}/take-down", {"reason": "确实"})).status_code == 200
    assert (await reader.post("/reports", body, key=key)).status_code == 201, "though it is not there any more"


async def test_edits_and_reports_have_their_paces(town: Town) -> None:
    member = await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": "帖"})).json()["post_id"]
    edits = [
        (await member.send("PUT", f"/posts/{post_id}", {"text": f"{n}"})).status_code for n in range(MOST_EDITS + 1)
    ]
    assert edits == [200] * MOST_EDITS + [429]
    body = {"target_kind": "post", "target_id": "none", "reason": "other", "note": ""}
    reports = [(await member.post("/reports", body)).status_code for _ in range(MOST_REPORTS + 1)]
    assert reports == [404] * MOST_REPORTS + [429]
