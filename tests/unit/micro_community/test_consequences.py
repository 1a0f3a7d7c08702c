"""What follows from events, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.micro_community import PostCreated, ReplyCreated
from services.micro_community.domain.consequences import consequences_of, told
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply, to_be_told

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def reply(reply_id: str, *, root_id: str | None = None, told: tuple[str, ...] = (), minutes: int = 0) -> Any:
    event = ReplyCreated(
        reply_id=reply_id, post_id="p", account_id="a", author_id="m", parent_reply_id=root_id, excerpt="好",
        notified_member_ids=told, created_at=AT + timedelta(minutes=minutes),
    )  # fmt: skip
    return {"_id": reply_id, "post_id": "p", "author_id": "m", "root_id": root_id, "text": "好"}, event


def test_replies_are_counted_numbered_and_told() -> None:
    found = consequences_of([reply("1", told=("x", "y")), reply("2", root_id="1", minutes=5), reply("3", minutes=2)])
    tally = found.posts["p"]
    assert (tally.replies, tally.numbered, tally.last_active_at) == (3, ["1", "3"], AT + timedelta(minutes=5))
    assert found.replies["1"].thread == 1
    assert found.members["m"].replies == 3
    assert sum(line.amount for line in found.points) == 6
    assert [notice.member_id for notice in found.notices] == ["x", "y"]
    assert len({notice.notification_id for notice in found.notices}) == 2
    assert [(one.kind, one.to) for one in found.happenings] == [("reply.created", None)] * 3
    assert (told(found.notices[0]).kind, told(found.notices[0]).to) == ("notification", "x")


def test_a_post_is_told_to_everybody() -> None:
    event = PostCreated(
        post_id="p", account_id="a", board_id="square", author_id="m", title=None, excerpt="x", article_url=None,
        created_at=AT,
    )  # fmt: skip
    document = {"_id": "p", "author_id": "m", "board_id": "square", "title": None, "text": "x"}
    found = consequences_of([(document, event)])
    assert found.searchable == {"p": document}
    assert found.account_ids == {"a"}
    assert found.notices == []


def test_nobody_is_told_of_their_own_reply_or_twice() -> None:
    post = Post("p", "a", "square", "author", None, "x", AT)
    parent = Reply("r", "p", "a", "author", "x", AT)
    assert to_be_told("guest", post, parent) == ("author",)
    assert to_be_told("author", post, None) == ()
    assert to_be_told("guest", Post("p", "a", "news", None, "t", "", AT), None) == ()
