"""What members do with what others wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from contracts.envelope import Event
from contracts.micro_community.content import TargetKind

FollowedKind = Literal["member", "topic", "post"]


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


class ContentShared(Event, subject="micro_community.share.made.v1", key="share_id"):
    """A member shared a post, or the community (`post_id` None). WeChat does not say whether it was really sent.

    `channel`: `wechat` was led to WeChat's own menu, which does not tell chat and moments apart; `link` copied the
    address; `system` used the system's sharing; `poster` drew one. `chat` and `moments` are of older pages.
    """

    share_id: str
    account_id: str
    member_id: str
    post_id: str | None
    channel: Literal["chat", "moments", "poster", "wechat", "link", "system"]
    shared_at: datetime
