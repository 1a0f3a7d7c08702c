"""Writes: aggregates as documents, saved only over the version that was read, and the list of indexes."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING, IndexModel

from kit.mongo import Indexes
from services.publisher.repositories.calendar_days import MongoCalendarDays
from services.publisher.repositories.follower_messages import MongoFollowerMessages
from services.publisher.repositories.ledgers import (
    MongoAccounts,
    MongoFollowers,
    MongoIssues,
    MongoMandates,
    MongoMassSends,
    MongoPermits,
)
from services.publisher.repositories.pictures import MongoPictures, MongoUploads
from services.publisher.repositories.results import MongoJobResults
from services.publisher.repositories.secrets import MongoSharedSecrets

__all__ = [
    "INDEXES",
    "MongoAccounts",
    "MongoCalendarDays",
    "MongoFollowerMessages",
    "MongoFollowers",
    "MongoIssues",
    "MongoJobResults",
    "MongoMandates",
    "MongoMassSends",
    "MongoPermits",
    "MongoPictures",
    "MongoSharedSecrets",
    "MongoUploads",
]

MESSAGE_SECONDS = 30 * 24 * 3600

INDEXES: Indexes = {
    "accounts": (
        IndexModel([("check_at", ASCENDING)], name="to_check"),
        IndexModel([("unit_path", ASCENDING)], name="unit_path"),
    ),
    "issues": (
        IndexModel([("unit_path", ASCENDING), ("_id", DESCENDING)], name="unit_path"),
        IndexModel([("account_id", ASCENDING), ("_id", DESCENDING)], name="account"),
    ),
    "permits": (
        IndexModel([("order_at", ASCENDING)], name="granted", partialFilterExpression={"state": "granted"}),
        IndexModel([("subject_id", ASCENDING), ("noted_at", DESCENDING)], name="subject"),
    ),
    "mass_sends": (
        IndexModel([("due_at", ASCENDING)], name="due"),
        IndexModel([("unit_path", ASCENDING), ("ordered_at", DESCENDING), ("_id", DESCENDING)], name="unit_path"),
        IndexModel([("account_id", ASCENDING), ("msg_id", ASCENDING)], name="job"),
        IndexModel([("issue_id", ASCENDING)], name="issue"),
    ),
    "job_results": (),
    "mandates": (
        IndexModel([("state", ASCENDING), ("due_at", ASCENDING)], name="due"),
        IndexModel([("unit_path", ASCENDING), ("_id", DESCENDING)], name="unit_path"),
        IndexModel([("source_mass_send_id", ASCENDING)], name="source"),
    ),
    "followers": (IndexModel([("account_id", ASCENDING), ("following", ASCENDING)], name="account"),),
    "follower_messages": (
        IndexModel([("due_at", ASCENDING)], name="due"),
        IndexModel([("queued_at", ASCENDING)], name="kept", expireAfterSeconds=MESSAGE_SECONDS),
    ),
    "pictures": (),
    "uploads": (),
    "calendar_days": (),
    "shared_secrets": (),
}
