"""What follows from events: counters, notices to members, points, and what open pages are told.

Pure: the same events give the same consequences. They are applied once, by whoever harvests the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from contracts import micro_community as events
from contracts.envelope import Event
from services.micro_community.domain.consequences import marks, posts, replies
from services.micro_community.domain.consequences.model import (
    Consequences,
    Happening,
    MemberTally,
    Notice,
    Points,
    PostTally,
    ReplyTally,
    TopicTally,
    told,
)

__all__ = [
    "Consequences",
    "Happening",
    "MemberTally",
    "Notice",
    "Points",
    "PostTally",
    "ReplyTally",
    "TopicTally",
    "consequences_of",
    "told",
]


def consequences_of(changes: Iterable[tuple[dict[str, Any], Event]]) -> Consequences:
    """`changes` are events with the document that carried them, in order."""
    found = Consequences()
    follow = _table()
    for document, event in changes:
        if type(event) in follow:
            follow[type(event)](found, document, event)
    return found


def _table() -> dict[type[Event], Callable[[Consequences, dict[str, Any], Any], None]]:
    return {
        events.PostCreated: posts.post_created,
        events.PostHeld: posts.post_held,
        events.PostScheduled: posts.post_scheduled,
        events.PostEdited: posts.post_edited,
        events.PostRemoved: posts.post_removed,
        events.PostRestored: posts.post_restored,
        events.PostMarked: posts.post_marked,
        events.ReplyCreated: replies.reply_created,
        events.ReplyHeld: replies.reply_held,
        events.ReplyRemoved: replies.reply_removed,
        events.ReplyRestored: replies.reply_restored,
        events.LikeGiven: marks.like_given,
        events.LikeWithdrawn: marks.like_withdrawn,
        events.FavouriteAdded: marks.favourite_added,
        events.FavouriteDropped: marks.favourite_dropped,
        events.FollowStarted: marks.follow_started,
        events.FollowEnded: marks.follow_ended,
        events.VoteCast: marks.vote_cast,
        events.CheckedIn: marks.checked_in,
        events.ReportResolved: marks.report_resolved,
    }
