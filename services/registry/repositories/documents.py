"""An aggregate as a document: the dataclass's fields, its id as `_id`, and the version that saving checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from kit.mongo import Document
from kit.refusal import NotFound, Refusal
from kit.transaction import Tx, save_over

T = TypeVar("T")


@dataclass(frozen=True)
class Documents(Generic[T]):
    """One collection of one kind of aggregate. `id_field` is the dataclass's id.

    `taken` names, by index, the refusal for a value that must be unique and is not.
    """

    collection: str
    id_field: str
    shape: TypeAdapter[T]
    taken: tuple[tuple[str, type[Refusal]], ...] = ()

    async def find(self, tx: Tx, identity: str) -> T | None:
        return await self.find_where(tx, {"_id": identity})

    async def find_where(self, tx: Tx, query: Document) -> T | None:
        found = await tx.collection(self.collection).find_one(query, session=tx.session)
        return None if found is None else self.read(found)

    async def load(self, tx: Tx, identity: str) -> T:
        """Raises NotFound."""
        found = await self.find(tx, identity)
        if found is None:
            raise NotFound
        return found

    async def all_where(self, tx: Tx, query: Document, *, most: int) -> Sequence[T]:
        found = await tx.collection(self.collection).find(query, session=tx.session).limit(most).to_list(most)
        return [self.read(document) for document in found]

    async def add(self, tx: Tx, aggregate: T, **derived: object) -> None:
        """Store a new one. `derived` are fields for queries, which reading leaves out.

        Raises:
            Refusal: one of `taken`.
        """
        try:
            await tx.collection(self.collection).insert_one(self.write(aggregate) | derived, session=tx.session)
        except DuplicateKeyError as error:
            raise self._refusal(error) from error

    async def save(self, tx: Tx, aggregate: T, **derived: object) -> None:
        """Store it over the version that was read.

        Raises:
            StaleVersion, and one of `taken`.
        """
        document = self.write(aggregate)
        version = document["version"]
        changed = document | derived | {"version": version + 1}
        try:
            await save_over(tx.collection(self.collection), changed, version=version, session=tx.session)
        except DuplicateKeyError as error:
            raise self._refusal(error) from error

    def read(self, document: Document) -> T:
        fields = dict(document)
        fields[self.id_field] = fields.pop("_id")
        return self.shape.validate_python(fields)

    def write(self, aggregate: T) -> Document:
        fields: Document = self.shape.dump_python(aggregate)
        return {"_id": fields.pop(self.id_field), **fields}

    def _refusal(self, error: DuplicateKeyError) -> Exception:
        message = str((error.details or {}).get("errmsg", ""))
        for index, refusal in self.taken:
            if f" index: {index} " in message:
                return refusal()
        return error
