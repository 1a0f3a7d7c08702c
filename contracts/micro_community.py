"""Facts that micro_community 微社区 publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from contracts.envelope import Event


class MemberJoined(Event, subject="micro_community.member.joined.v1", key="member_id"):
    """A follower entered the micro-community of an account for the first time."""

    member_id: str
    account_id: str
    joined_at: datetime


class PostCreated(Event, subject="micro_community.post.created.v1", key="post_id"):
    """A member, or the account itself (`author_id` None), opened a post."""

    post_id: str
    account_id: str
    board_id: str
    author_id: str | None
    title: str | None
    excerpt: str
    article_url: str | None
    """Set when the post discusses an article of the account."""
    created_at: datetime
    topics: tuple[str, ...] = ()


class ReplyCreated(Event, subject="micro_community.reply.created.v1", key="reply_id"):
    """A member replied to a post, or to a reply of it (`parent_reply_id`)."""

    reply_id: str
    post_id: str
    account_id: str
    author_id: str
    parent_reply_id: str | None
    excerpt: str
    notified_member_ids: tuple[str, ...]
    """Who is to be told: the post's author, the parent reply's author; never the author of this reply."""
    created_at: datetime


TargetKind = Literal["post", "reply"]
FollowedKind = Literal["member", "topic", "post"]


class PostHeld(Event, subject="micro_community.post.held.v1", key="post_id"):
    """A post waits for a moderator; nobody but its author sees it. `reasons` are codes of the rules that held it."""

    post_id: str
    account_id: str
    author_id: str
    reasons: tuple[str, ...]
    held_at: datetime


class PostScheduled(Event, subject="micro_community.post.scheduled.v1", key="post_id"):
    """A post will appear at `publish_at`."""

    post_id: str
    account_id: str
    author_id: str
    publish_at: datetime


class PostEdited(Event, subject="micro_community.post.edited.v1", key="post_id"):
    """The author changed a post; the earlier text is kept in its history."""

    post_id: str
    account_id: str
    title: str | None
    excerpt: str
    edited_at: datetime
    topics: tuple[str, ...] = ()
    topics_before: tuple[str, ...] = ()
    was_visible: bool = True
    """False: it was still waiting, or scheduled."""


class PostRemoved(Event, subject="micro_community.post.removed.v1", key="post_id"):
    """A post is no longer shown: its author deleted it (`by` `author`), or it was taken down (`moderator`)."""

    post_id: str
    account_id: str
    by: Literal["author", "moderator"]
    reason: str
    was_visible: bool
    """False: it had been waiting, and was rejected."""
    removed_at: datetime
    topics: tuple[str, ...] = ()


class PostRestored(Event, subject="micro_community.post.restored.v1", key="post_id"):
    """A removed post is shown again."""

    post_id: str
    account_id: str
    restored_at: datetime
    topics: tuple[str, ...] = ()


class PostMarked(Event, subject="micro_community.post.marked.v1", key="post_id"):
    """A moderator pinned, featured or locked a post, or undid it (`on` False)."""

    post_id: str
    account_id: str
    mark: Literal["pinned", "featured", "locked"]
    on: bool
    marked_at: datetime


class ReplyHeld(Event, subject="micro_community.reply.held.v1", key="reply_id"):
    """A reply waits for a moderator; nobody but its author sees it."""

    reply_id: str
    post_id: str
    account_id: str
    author_id: str
    reasons: tuple[str, ...]
    held_at: datetime


class ReplyRemoved(Event, subject="micro_community.reply.removed.v1", key="reply_id"):
    """A reply is no longer shown; see `PostRemoved`."""

    reply_id: str
    post_id: str
    account_id: str
    by: Literal["author", "moderator"]
    reason: str
    was_visible: bool
    removed_at: datetime


class ReplyRestored(Event, subject="micro_community.reply.restored.v1", key="reply_id"):
    """A removed reply is shown again."""

    reply_id: str
    post_id: str
    account_id: str
    restored_at: datetime


class LikeGiven(Event, subject="micro_community.like.given.v1", key="like_id"):
    """A member likes a post or a reply. `author_id`: whose it is; None: the account's."""

    like_id: str
    account_id: str
    member_id: str
    target_kind: TargetKind
    target_id: str
    post_id: str
    author_id: str | None
    given_at: datetime


class LikeWithdrawn(Event, subject="micro_community.like.withdrawn.v1", key="like_id"):
    """A member took a like back."""

    like_id: str
    account_id: str
    member_id: str
    target_kind: TargetKind
    target_id: str
    post_id: str
    author_id: str | None
    withdrawn_at: datetime


class FavouriteAdded(Event, subject="micro_community.favourite.added.v1", key="favourite_id"):
    """A member keeps a post among the favourites."""

    favourite_id: str
    account_id: str
    member_id: str
    post_id: str
    added_at: datetime


class FavouriteDropped(Event, subject="micro_community.favourite.dropped.v1", key="favourite_id"):
    """A member no longer keeps a post."""

    favourite_id: str
    account_id: str
    member_id: str
    post_id: str
    dropped_at: datetime


class FollowStarted(Event, subject="micro_community.follow.started.v1", key="follow_id"):
    """A member follows a member, a topic, or a post."""

    follow_id: str
    account_id: str
    member_id: str
    followed_kind: FollowedKind
    followed_id: str
    started_at: datetime


class FollowEnded(Event, subject="micro_community.follow.ended.v1", key="follow_id"):
    """A member stopped following."""

    follow_id: str
    account_id: str
    member_id: str
    followed_kind: FollowedKind
    followed_id: str
    ended_at: datetime


class CheckedIn(Event, subject="micro_community.check_in.made.v1", key="check_in_id"):
    """A member checked in (签到). `day` is the date in Shanghai; `streak` counts days in a row, today included."""

    check_in_id: str
    account_id: str
    member_id: str
    day: str
    streak: int
    made_at: datetime


class VoteCast(Event, subject="micro_community.vote.cast.v1", key="vote_id"):
    """A member voted in a post's poll, once. `choices` are positions of options, from 0."""

    vote_id: str
    account_id: str
    post_id: str
    member_id: str
    choices: tuple[int, ...]
    cast_at: datetime


class ReportFiled(Event, subject="micro_community.report.filed.v1", key="report_id"):
    """A member reported a post or a reply to the moderators."""

    report_id: str
    account_id: str
    reporter_id: str
    target_kind: TargetKind
    target_id: str
    post_id: str
    reason: str
    filed_at: datetime


class ReportResolved(Event, subject="micro_community.report.resolved.v1", key="report_id"):
    """A moderator decided a report: `upheld` (the content was taken down) or `dismissed`."""

    report_id: str
    account_id: str
    resolution: Literal["upheld", "dismissed"]
    resolved_at: datetime


class MemberMuted(Event, subject="micro_community.member.muted.v1", key="member_id"):
    """A member may not write until `until`; None: banned for good."""

    member_id: str
    account_id: str
    until: datetime | None
    reason: str
    muted_at: datetime


class MemberUnmuted(Event, subject="micro_community.member.unmuted.v1", key="member_id"):
    """A mute or ban was lifted before its time."""

    member_id: str
    account_id: str
    unmuted_at: datetime


class MemberLeft(Event, subject="micro_community.member.left.v1", key="member_id"):
    """A member deleted the account, or WeChat reported that the authorisation was withdrawn; content is erased."""

    member_id: str
    account_id: str
    left_at: datetime


class ContentShared(Event, subject="micro_community.share.made.v1", key="share_id"):
    """A member shared a post, or the community (`post_id` None). WeChat does not say whether it was really sent."""

    share_id: str
    account_id: str
    member_id: str
    post_id: str | None
    channel: Literal["chat", "moments", "poster"]
    shared_at: datetime


class ChatOpened(Event, subject="micro_community.chat.opened.v1", key="chat_id"):
    """A follower wrote to the account and nobody was talking with them: somebody should answer (陪聊)."""

    chat_id: str
    account_id: str
    opened_at: datetime


class ChatMessageWritten(Event, subject="micro_community.chat.message_written.v1", key="chat_id"):
    """Somebody of the group, or the automatic answer (`written_by` None), answered a follower.

    Publisher sends it as a customer-service message, once per `message_id`.
    """

    chat_id: str
    message_id: str
    account_id: str
    openid: str
    text: str
    written_by: str | None
    written_at: datetime


class ChatAssigned(Event, subject="micro_community.chat.assigned.v1", key="chat_id"):
    """Somebody of the group took a chat over."""

    chat_id: str
    account_id: str
    person_id: str
    assigned_at: datetime


class ChatClosed(Event, subject="micro_community.chat.closed.v1", key="chat_id"):
    """The matter is settled; the follower's next message opens the chat again."""

    chat_id: str
    account_id: str
    closed_by: str
    closed_at: datetime


class FollowerNoticeWritten(Event, subject="micro_community.follower_notice.written.v1", key="notice_id"):
    """A member is to be told of something outside of the page, on a channel that the follower opened for it.

    Publisher sends it once per `notice_id`.
    """

    notice_id: str
    account_id: str
    openid: str
    notice_channel: Literal["subscription", "template"]
    """`subscription` 订阅通知: one acceptance is good for one notice; `template` 模板消息."""
    template_id: str
    """WeChat's id of the template."""
    page_url: str
    """Where a tap leads."""
    fields: dict[str, str]
    """The template's keywords (`thing1`, `time2`, …) with their values, cut to what WeChat takes."""
    written_at: datetime
