"""How an aggregate is kept: its fields as a document, its id as `_id`, saved over the version that was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError, OperationFailure

from kit.mongo import Collection, Database, Document
from kit.transaction import Tx, save_over

WRITE_CONFLICT = 112


class Versioned(Protocol):
    version: int


A = TypeVar("A", bound=Versioned)


@dataclass(frozen=True)
class Shelf(Generic[A]):
    """One collection of aggregates of one kind; `key` names the field that identifies one."""

    database: Database
    collection: str
    kind: type[A]
    key: str

    @cached_property
    def _adapter(self) -> TypeAdapter[A]:
        return TypeAdapter(self.kind)

    @property
    def documents(self) -> Collection:
        return self.database[self.collection]

    async def get(self, tx: Tx, key: str) -> A | None:
        """The aggregate as this transaction sees it."""
        document = await tx.collection(self.collection).find_one({"_id": key}, session=tx.session)
        return self.restored(document)

    async def read(self, key: str) -> A | None:
        """The aggregate as it is now, outside of any transaction: to look at, not to save."""
        return self.restored(await self.documents.find_one({"_id": key}))

    async def save(self, tx: Tx, thing: A) -> None:
        """Keep it over the version that was read; a new one has version 0."""
        version, thing.version = thing.version, thing.version + 1
        document: Document = {**self.shown(thing), **self._adapter.dump_python(thing)}
        document["_id"] = document.pop(self.key)
        collection = tx.collection(self.collection)
        if version:
            await save_over(collection, document, version=version, session=tx.session)
            return
        try:
            await collection.insert_one(document, session=tx.session)
        except DuplicateKeyError as error:
            # A twin was faster, after our snapshot was taken. The next attempt of the transaction sees it.
            details = {"errorLabels": ["TransientTransactionError"]}
            raise OperationFailure("inserted by a twin", WRITE_CONFLICT, details) from error

    def shown(self, thing: A) -> Document:
        """What else the document holds for those who only read: values that follow from the fields."""
        return {}

    async def find(self, query: Document, *, sort: list[tuple[str, int]], most: int, tx: Tx | None = None) -> list[A]:
        found = self.documents.find(query, session=tx.session if tx else None).sort(sort).limit(most)
        return [self._restore(document) for document in await found.to_list(most)]

    def restored(self, document: Any) -> A | None:
        return None if document is None else self._restore(document)

    def _restore(self, document: Document) -> A:
        return self._adapter.validate_python({**document, self.key: document["_id"]})
