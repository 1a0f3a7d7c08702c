"""Likes, favourites, follows, votes and check-ins."""

from __future__ import annotations

from contracts.micro_community import (
    CheckedIn,
    FavouriteAdded,
    FavouriteDropped,
    FollowEnded,
    FollowStarted,
    LikeGiven,
    LikeWithdrawn,
    ReportResolved,
    VoteCast,
)
from services.micro_community.domain.consequences.model import Consequences, Document, Notice, Points

FOR_A_LIKE = 1
FOR_A_CHECK_IN = 2
MOST_FOR_A_CHECK_IN = 8


def like_given(found: Consequences, document: Document, event: LikeGiven) -> None:
    _like(found, event, 1)
    found.day(event.account_id, event.given_at).likes += 1
    if event.author_id is None or event.author_id == event.member_id:
        return
    reply_id = event.target_id if event.target_kind == "reply" else None
    at = event.given_at
    found.tell(
        Notice(
            event.account_id, event.author_id, "like", event.like_id, event.post_id, reply_id, event.member_id, "", at
        )
    )
    found.points.append(Points(event.account_id, event.author_id, FOR_A_LIKE, "liked", event.like_id, at))


def like_withdrawn(found: Consequences, document: Document, event: LikeWithdrawn) -> None:
    _like(found, event, -1)


def favourite_added(found: Consequences, document: Document, event: FavouriteAdded) -> None:
    found.posts[event.post_id].favourites += 1


def favourite_dropped(found: Consequences, document: Document, event: FavouriteDropped) -> None:
    found.posts[event.post_id].favourites -= 1


def follow_started(found: Consequences, document: Document, event: FollowStarted) -> None:
    _follow(found, event, 1)
    if event.followed_kind == "member":
        found.tell(
            Notice(
                event.account_id, event.followed_id, "follow", event.follow_id, None, None, event.member_id, "",
                event.started_at,
            )
        )  # fmt: skip


def follow_ended(found: Consequences, document: Document, event: FollowEnded) -> None:
    _follow(found, event, -1)


def vote_cast(found: Consequences, document: Document, event: VoteCast) -> None:
    tally = found.posts[event.post_id]
    tally.voters += 1
    for choice in event.choices:
        tally.votes[choice] += 1


def checked_in(found: Consequences, document: Document, event: CheckedIn) -> None:
    """Every day in a row is worth one more, up to a week's end."""
    amount = min(FOR_A_CHECK_IN + event.streak - 1, MOST_FOR_A_CHECK_IN)
    found.points.append(Points(event.account_id, event.member_id, amount, "check_in", event.check_in_id, event.made_at))
    tally = found.member(event.member_id, event.account_id)
    tally.streak, tally.checked_in_on = event.streak, event.day


def report_resolved(found: Consequences, document: Document, event: ReportResolved) -> None:
    found.tell(
        Notice(
            event.account_id, document["reporter_id"], "report", event.report_id, document["post_id"], None, None,
            "您举报的内容已处理。" if event.resolution == "upheld" else "您举报的内容经核查未发现违规。",
            event.resolved_at,
        )
    )  # fmt: skip


def _like(found: Consequences, event: LikeGiven | LikeWithdrawn, by: int) -> None:
    if event.target_kind == "post":
        found.posts[event.post_id].likes += by
    else:
        found.replies[event.target_id].likes += by
    if event.author_id and event.author_id != event.member_id:
        found.member(event.author_id, event.account_id).likes_received += by


def _follow(found: Consequences, event: FollowStarted | FollowEnded, by: int) -> None:
    found.member(event.member_id, event.account_id).following += by
    match event.followed_kind:
        case "member":
            found.member(event.followed_id, event.account_id).followers += by
        case "topic":
            tally = found.topics[(event.account_id, event.followed_id)]
            tally.account_id = event.account_id
            tally.followers += by
        case "post":
            found.posts[event.followed_id].followers += by
