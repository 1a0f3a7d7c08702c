"""Messages to single followers, in `follower_messages`."""

from __future__ import annotations

from datetime import datetime

from kit.mongo import Database
from services.publisher.domain.follower_message import FollowerMessage
from services.publisher.repositories.shelf import Shelf


class MongoFollowerMessages(Shelf[FollowerMessage]):
    """Collection `follower_messages`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "follower_messages", FollowerMessage, "message_id")

    async def due(self, now: datetime, most: int) -> list[FollowerMessage]:
        return await self.find({"due_at": {"$lte": now}}, sort=[("due_at", 1)], most=most)
