"""Writes: aggregates to documents and back, saved only over the version that was read."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING, IndexModel

from kit.mongo import Indexes

INDEXES: Indexes = {
    "units": (IndexModel([("path", ASCENDING)], name="path", unique=True),),
    "people": (
        IndexModel([("login", ASCENDING)], name="login", unique=True),
        IndexModel([("unit_path", ASCENDING), ("login", ASCENDING)], name="unit"),
        IndexModel([("roles.path", ASCENDING), ("login", ASCENDING)], name="role_path"),
    ),
    "opening_applications": (
        IndexModel([("unit_path", ASCENDING), ("_id", DESCENDING)], name="unit"),
        IndexModel([("state", ASCENDING), ("_id", DESCENDING)], name="state"),
    ),
    "official_accounts": (
        IndexModel([("details.original_id", ASCENDING)], name="original_id", unique=True),
        IndexModel(
            [("custody.app_id", ASCENDING)],
            name="app_id",
            unique=True,
            partialFilterExpression={"custody.app_id": {"$type": "string"}},
        ),
        IndexModel([("details.unit_path", ASCENDING), ("_id", DESCENDING)], name="unit"),
        IndexModel([("active_since", ASCENDING)], name="active_since"),
    ),
    "sealed_boxes": (),
    "filing_counters": (),
    "filings": (
        IndexModel([("year", DESCENDING), ("sequence", DESCENDING)], name="number", unique=True),
        IndexModel([("subject_id", ASCENDING)], name="subject"),
        IndexModel([("unit_path", ASCENDING), ("year", DESCENDING), ("sequence", DESCENDING)], name="unit"),
    ),
    "operating_processes": (
        IndexModel([("unit_path", ASCENDING), ("process_version", DESCENDING)], name="version", unique=True),
    ),
    "findings": (
        IndexModel(
            [("account_id", ASCENDING), ("rule", ASCENDING)],
            name="one_open",
            unique=True,
            partialFilterExpression={"state": "open"},
        ),
        IndexModel([("account_id", ASCENDING), ("_id", DESCENDING)], name="account"),
        IndexModel([("unit_path", ASCENDING), ("_id", DESCENDING)], name="unit"),
    ),
    "rules": (),
    "sessions": (
        IndexModel([("person_id", ASCENDING)], name="person"),
        IndexModel([("expires_at", ASCENDING)], name="ended", expireAfterSeconds=0),
    ),
    "attempts_to_sign_in": (IndexModel([("until", ASCENDING)], name="over", expireAfterSeconds=3600),),
}
