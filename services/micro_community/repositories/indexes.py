"""The indexes: every list is read in the order of one of them, a page's marks (`queries.viewer`) from them alone."""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from kit import embedded, outbox
from kit.mongo import Indexes

ACTIVITY_SECONDS = 7 * 24 * 3600
CODE_SECONDS = 24 * 3600
READING_SECONDS = 180 * 24 * 3600
PRESENCE_SECONDS = 400 * 24 * 3600
VISIBLE = {"state": "visible"}


def _up(name: str, *keys: str, **options: Any) -> IndexModel:
    return IndexModel([(key, ASCENDING) for key in keys], name=name, **options)


def _newest(name: str, *keys: str, by: str = "created_at", **options: Any) -> IndexModel:
    """Equal in `keys`, newest (or greatest) first, the id to tell rows of the same time apart."""
    order = [*((key, ASCENDING) for key in keys), (by, DESCENDING), ("_id", DESCENDING)]
    return IndexModel(order, name=name, **options)


INDEXES: Indexes = {
    "communities": (),
    "members": (
        _up("one_per_openid", "account_id", "openid", unique=True),
        _up("by_name", "account_id", "name_key"),
        _newest("by_points", "account_id", by="counts.points"),
        _up("erasing", "erase_until", partialFilterExpression={"erase_until": {"$type": "date"}}),
        _up("by_joining", "account_id", "joined_at"),
        _newest("muted", "account_id", by="muted_until", partialFilterExpression={"muted_until": {"$type": "date"}}),
        _newest("banned", "account_id", by="banned_at", partialFilterExpression={"banned_at": {"$type": "date"}}),
    ),
    "posts": (
        embedded.INDEX,
        _newest("latest", "account_id", partialFilterExpression=VISIBLE),
        _newest("latest_of_board", "account_id", "board_id", partialFilterExpression=VISIBLE),
        _newest("latest_of_topic", "account_id", "topics", partialFilterExpression=VISIBLE),
        _newest("hot", "account_id", by="heat", partialFilterExpression=VISIBLE),
        _newest("hot_of_board", "account_id", "board_id", by="heat", partialFilterExpression=VISIBLE),
        _newest("hot_of_topic", "account_id", "topics", by="heat", partialFilterExpression=VISIBLE),
        _newest("featured", "account_id", by="featured_at", partialFilterExpression={"featured_at": {"$type": "date"}}),
        _newest("pinned", "account_id", by="pinned_at", partialFilterExpression={"pinned_at": {"$type": "date"}}),
        _newest("by_author", "author_id"),
        _up("of_article", "account_id", "article.url", partialFilterExpression={"article.url": {"$gt": ""}}),
        _up("scheduled", "publish_at", partialFilterExpression={"state": "scheduled"}),
        _up("waiting", "account_id", "created_at", "_id", partialFilterExpression={"state": "waiting"}),
    ),
    "replies": (
        embedded.INDEX,
        _up("in_order", "thread_id", "created_at", "_id"),
        # A query for floors from a number on implies this filter; it would not imply `$type`.
        _up("from_floor", "thread_id", "floor", partialFilterExpression={"floor": {"$gte": 1}}),
        _newest("by_author", "author_id"),
        _up("waiting", "account_id", "created_at", "_id", partialFilterExpression={"state": "waiting"}),
    ),
    "likes": (
        embedded.INDEX,
        _newest("who", "target_id", by="at", partialFilterExpression={"active": True}),
        _newest("mine", "member_id", by="at", partialFilterExpression={"active": True}),
        _up("marked", "member_id", "target_id", "active"),
    ),
    "favourites": (
        embedded.INDEX,
        _newest("mine", "member_id", by="at", partialFilterExpression={"active": True}),
        _up("marked", "member_id", "post_id", "active"),
    ),
    "follows": (
        embedded.INDEX,
        _newest("mine", "member_id", "followed_kind", by="at", partialFilterExpression={"active": True}),
        _newest("who", "account_id", "followed_id", by="at", partialFilterExpression={"active": True}),
        _up("marked", "member_id", "followed_id", "active"),
    ),
    "votes": (embedded.INDEX, _up("of_member", "member_id", "post_id")),
    "check_ins": (embedded.INDEX, _up("by_member", "member_id", "day")),
    "topics": (
        _newest("popular", "account_id", by="posts"),
        _up("by_name", "account_id", "name"),
    ),
    "search": (_newest("by_token", "account_id", "tokens"),),
    "points": (_newest("mine", "member_id", by="at"), _up("of_week", "account_id", "at")),
    "pictures": (_up("unused", "uploaded_at", partialFilterExpression={"shown": None}), _up("mine", "member_id")),
    "notifications": (
        IndexModel([("member_id", ASCENDING), ("seq", DESCENDING)], name="list"),
        _up("unread", "member_id", partialFilterExpression={"read": False}),
        _up("outside", "outside_at", partialFilterExpression={"outside_at": {"$type": "date"}}),
        _newest("of_member", "member_id", by="seq", partialFilterExpression={"outside_at": {"$type": "date"}}),
    ),
    "followers_to_tell": (_up("next", "at"),),
    "notice_quotas": (_up("by_member", "member_id"),),
    "lexicons": (),
    "days": (_up("of_account", "account_id", "day"),),
    "presences": (_up("of_day", "account_id", "day"), _up("kept", "at", expireAfterSeconds=PRESENCE_SECONDS)),
    "drafts": (_newest("mine", "member_id", by="at"),),
    "readings": (
        _up("read_to", "member_id", "post_id", "floor"),
        _up("kept", "at", expireAfterSeconds=READING_SECONDS),
    ),
    "acts": (_newest("log", "account_id", by="at"),),
    "reports": (
        embedded.INDEX,
        _newest("queue", "account_id", "state", by="filed_at"),
        _up("about", "target_id", "state"),
        _up("by_reporter", "reporter_id"),
    ),
    "activity": (
        _up("in_order", "account_id", "seq", unique=True),
        _up("kept", "at", expireAfterSeconds=ACTIVITY_SECONDS),
    ),
    "chats": (_newest("by_state", "account_id", "state", by="last_at"), _up("by_member", "member_id")),
    "chat_lines": (_newest("transcript", "chat_id", by="at"),),
    "desk_presences": (
        _newest("of_account", "account_id", by="at"),
        _up("kept", "at", expireAfterSeconds=CODE_SECONDS),
    ),
    "canned_answers": (_up("of_account", "account_id", "title"),),
    "webhooks": (_up("of_account", "account_id", "_id"),),
    "deliveries": (
        _up("in_order", "state", "webhook_id", "next_at", "_id"),
        _up("of_webhook", "webhook_id", "state"),
        _up("oldest", "at", partialFilterExpression={"state": "due"}),
        # Only what is done or was given up, and then is still to be seen for a while.
        _up("settled", "settled_at", expireAfterSeconds=ACTIVITY_SECONDS),
    ),
    "outbox": (*outbox.INDEXES["outbox"], _up("untold", "type", "told")),
    "sequences": (),
    "oauth_codes": (_up("kept", "at", expireAfterSeconds=CODE_SECONDS),),
}
