"""MongoDB through motor: how a connection is opened, and the names the rest of the kit uses for its types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import IndexModel
from pymongo.errors import OperationFailure

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorCollection, AsyncIOMotorDatabase

Document: TypeAlias = dict[str, Any]
Client: TypeAlias = "AsyncIOMotorClient[Document]"
Database: TypeAlias = "AsyncIOMotorDatabase[Document]"
Collection: TypeAlias = "AsyncIOMotorCollection[Document]"
Session: TypeAlias = "AsyncIOMotorClientSession"
Indexes: TypeAlias = Mapping[str, Sequence[IndexModel]]

NAMESPACE_EXISTS = 48


def connect(url: str, *, app: str, answer_ms: int = 15_000) -> Client:
    """A client that reads and writes with a majority, journalled, and gives up when an answer takes too long."""
    return AsyncIOMotorClient(
        url,
        appname=app,
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=3_000,
        socketTimeoutMS=answer_ms,
        maxPoolSize=64,
    )


async def ensure_indexes(database: Database, indexes: Indexes) -> None:
    """Make collections and indexes that are missing. A differing index of the same name is an error, not a change."""
    present = set(await database.list_collection_names())
    for name, models in indexes.items():
        if name not in present:
            try:
                # Without a look of the driver's own first: that one raises something else, and comes too early anyway.
                await database.create_collection(name, check_exists=False)
            except OperationFailure as failure:  # another replica was first
                if failure.code != NAMESPACE_EXISTS:
                    raise
        if models:
            await database[name].create_indexes(list(models))


async def missing_indexes(database: Database, indexes: Indexes) -> list[str]:
    """`collection.index` of every index that should be there and is not."""
    missing: list[str] = []
    for name, models in indexes.items():
        present = set(await database[name].index_information())
        missing += [f"{name}.{model.document['name']}" for model in models if model.document["name"] not in present]
    return missing
