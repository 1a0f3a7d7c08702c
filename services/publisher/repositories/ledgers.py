"""The aggregates of publisher, each on its shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kit.mongo import Database, Document
from kit.transaction import Tx
from services.publisher.domain.account import OfficialAccount
from services.publisher.domain.follower import Follower
from services.publisher.domain.issue import Issue
from services.publisher.domain.mandate import Mandate
from services.publisher.domain.mass_send import MassSend
from services.publisher.domain.permit import Permit
from services.publisher.repositories.shelf import Shelf

MOST_ACCOUNTS = 5_000


class MongoAccounts(Shelf[OfficialAccount]):
    """Collection `accounts`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "accounts", OfficialAccount, "account_id")

    def shown(self, thing: OfficialAccount) -> Document:
        return {"connection": thing.connection}

    async def unit_accounts(self, tx: Tx, *, but: str) -> list[OfficialAccount]:
        query = {"is_group_account": False, "_id": {"$ne": but}}
        return await self.find(query, sort=[("_id", 1)], most=MOST_ACCOUNTS, tx=tx)

    async def to_check(self, now: datetime, most: int) -> list[str]:
        found = self.documents.find({"check_at": {"$lte": now}}, {"_id": 1}).sort([("check_at", 1)]).limit(most)
        return [document["_id"] for document in await found.to_list(most)]


class MongoIssues(Shelf[Issue]):
    """Collection `issues`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "issues", Issue, "issue_id")

    def shown(self, thing: Issue) -> Document:
        return {"digest": thing.digest}


class MongoPermits(Shelf[Permit]):
    """Collection `permits`. The id of a permit is unique, which is what makes it usable once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "permits", Permit, "permit_id")

    async def of_issue(self, tx: Tx, issue_id: str) -> list[Permit]:
        return await self.find({"subject_id": issue_id}, sort=[("noted_at", -1), ("_id", -1)], most=100, tx=tx)

    async def to_order(self, now: datetime, most: int) -> list[Permit]:
        return await self.find({"state": "granted", "order_at": {"$lte": now}}, sort=[("order_at", 1)], most=most)

    async def newest_of(self, issue_id: str) -> Permit | None:
        found = await self.find({"subject_id": issue_id}, sort=[("noted_at", -1), ("_id", -1)], most=1)
        return found[0] if found else None


class MongoMassSends(Shelf[MassSend]):
    """Collection `mass_sends`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "mass_sends", MassSend, "mass_send_id")

    async def due(self, now: datetime, most: int, without: Sequence[str]) -> list[MassSend]:
        query = {"due_at": {"$lte": now}, "_id": {"$nin": list(without)}}
        return await self.find(query, sort=[("due_at", 1)], most=most)

    async def of_job(self, account_id: str, msg_id: int) -> MassSend | None:
        return self.restored(await self.documents.find_one({"account_id": account_id, "msg_id": msg_id}))


class MongoMandates(Shelf[Mandate]):
    """Collection `mandates`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "mandates", Mandate, "mandate_id")

    async def overdue(self, now: datetime, most: int) -> list[str]:
        query = {"state": "open", "due_at": {"$lt": now}}
        found = self.documents.find(query, {"_id": 1}).sort([("due_at", 1)]).limit(most)
        return [document["_id"] for document in await found.to_list(most)]


class MongoFollowers(Shelf[Follower]):
    """Collection `followers`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "followers", Follower, "follower_id")
