"""Where an accepted order and the callback about its job meet."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import TypeAdapter
from pymongo import ReturnDocument

from kit.mongo import Document
from kit.transaction import Tx
from services.publisher.domain.mass_send import JobResult


@dataclass(frozen=True)
class MongoJobResults:
    """Collection `job_results`: `_id` account|msg_id, `mass_send_id`, `result`."""

    _adapter: TypeAdapter[JobResult] = field(default_factory=lambda: TypeAdapter(JobResult))

    async def accepted(self, tx: Tx, account_id: str, msg_id: int, mass_send_id: str) -> JobResult | None:
        found = await self._change(tx, account_id, msg_id, {"mass_send_id": mass_send_id})
        return self._adapter.validate_python(found["result"]) if found.get("result") else None

    async def finished(self, tx: Tx, account_id: str, msg_id: int, result: JobResult) -> str | None:
        found = await self._change(tx, account_id, msg_id, {"result": self._adapter.dump_python(result), "at": tx.now})
        mass_send_id: str | None = found.get("mass_send_id")
        return mass_send_id

    async def _change(self, tx: Tx, account_id: str, msg_id: int, change: Document) -> Document:
        found: Document = await tx.collection("job_results").find_one_and_update(
            {"_id": f"{account_id}|{msg_id}"},
            {"$set": change},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=tx.session,
        )
        return found
