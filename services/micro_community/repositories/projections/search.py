"""What search finds: the tokens of posts that are shown."""

from __future__ import annotations

from pymongo import DeleteOne, ReplaceOne

from kit.mongo import Document
from kit.transaction import Tx
from services.micro_community.ports import SearchTokens


async def refresh(tx: Tx, searchable: dict[str, Document | None], tokens: SearchTokens) -> None:
    changes: list[DeleteOne | ReplaceOne[Document]] = []
    for post_id, document in searchable.items():
        if document is None:
            changes.append(DeleteOne({"_id": post_id}))
            continue
        entry = {name: document[name] for name in ("account_id", "board_id", "author_id", "created_at")}
        entry |= {"topics": list(document.get("topics", ())), "pictured": bool(document.get("pictures"))}
        entry["tokens"] = tokens.of_text(f"{document['title'] or ''}\n{document['text']}")
        changes.append(ReplaceOne({"_id": post_id}, entry, upsert=True))
    if changes:
        await tx.collection("search").bulk_write(changes, ordered=False, session=tx.session)
