"""Whether a service can work: what it needs outside of itself, and which of it is missing, by name."""

from __future__ import annotations

import asyncio

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from pymongo.errors import PyMongoError

from kit import mongo, streams
from kit.mongo import Database, Indexes

PATIENCE_SECONDS = 3.0


async def missing(service: str, indexes: Indexes, database: Database, jetstream: JetStreamContext) -> list[str]:
    """What the service lacks in MongoDB and NATS; a server that does not answer in time is missing too.

    `indexes` are all that it rests on, the kit's among them: without those of the outbox nothing is what it seems.
    """
    return await _in_mongodb(indexes, database) + await _in_nats(service, jetstream)


async def _in_mongodb(indexes: Indexes, database: Database) -> list[str]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [f"mongodb: index {lack}" for lack in await mongo.missing_indexes(database, indexes)]
    except (PyMongoError, TimeoutError) as error:
        return [f"mongodb: {type(error).__name__}"]


async def _in_nats(service: str, jetstream: JetStreamContext) -> list[str]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await streams.drift(jetstream, streams.read_plan(), service=service)
    except (NatsError, TimeoutError) as error:
        return [f"nats: {type(error).__name__}"]
