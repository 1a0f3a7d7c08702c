"""Communities in `communities`, by account id."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.together import Together, finding
from kit.transaction import Tx
from services.micro_community.domain.community import Board, Community
from services.micro_community.domain.rules import Rules
from services.micro_community.queries.recent import Recent
from services.micro_community.repositories.documents import read, to_document

KEPT_SECONDS = 1.0


@dataclass(frozen=True)
class MongoCommunities:
    """Every request looks at its community, so each replica keeps what it read for a second, or until it is told."""

    database: Database
    _lately: Recent[str, Community | None] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        finding_them: Together[str, Community | None] = finding(self.database["communities"], _community)
        object.__setattr__(self, "_lately", Recent(finding_them, KEPT_SECONDS))

    async def of(self, account_id: str) -> Community:
        community = await self._lately(account_id)
        if community is None:
            raise NotFound
        return community

    def changed(self) -> None:
        """The rules or boards of one: what was found before holds no longer."""
        self._lately.forget()

    async def in_transaction(self, tx: Tx, account_id: str) -> Community | None:
        document = await tx.collection("communities").find_one({"_id": account_id}, session=tx.session)
        return _community(document) if document else None

    async def put(self, tx: Tx, community: Community) -> None:
        document = to_document(community, "account_id")
        document |= {"boards": [asdict(board) for board in community.boards], "rules": asdict(community.rules)}
        key = {"_id": community.account_id}
        await tx.collection("communities").replace_one(key, document, upsert=True, session=tx.session)


def _community(document: Document) -> Community:
    boards = tuple(Board(**board) for board in document["boards"])
    return read(Community, document, "account_id", boards=boards, rules=rules_of(document.get("rules") or {}))


def rules_of(document: Document) -> Rules:
    """Rules that were added later have their defaults."""
    words = tuple((word, action) for word, action in document.get("words", ()))
    values = {name: document[name] for name in Rules.__dataclass_fields__ if name in document}
    fields = tuple((keyword, name) for keyword, name in document.get("notice_fields", ()))
    hosts = tuple(document.get("allowed_hosts", Rules().allowed_hosts))
    return Rules(**(values | {"words": words, "notice_fields": fields, "allowed_hosts": hosts}))
