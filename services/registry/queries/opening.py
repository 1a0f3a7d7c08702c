"""Opening applications."""

from __future__ import annotations

from collections.abc import Sequence

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.registry.domain.opening import State
from services.registry.queries.listing import BY_ID, list_page, within
from services.registry.schemas.responses import Listing, OpeningSummary, OpeningView


async def list_applications(
    database: Database,
    paths: Sequence[str],
    page: Page,
    *,
    state: State | None = None,
) -> Listing[OpeningSummary]:
    """Applications that the caller may see, the newest first."""
    query: Document = {"$and": [within(paths, "unit_path"), {"state": state} if state else {}]}
    return await list_page(database["opening_applications"], query, page, BY_ID, _summary)


async def show_application(database: Database, paths: Sequence[str], application_id: str) -> OpeningView:
    """Raises NotFound: there is none, or the caller may not see it."""
    seen = within(paths, "unit_path")
    document = await database["opening_applications"].find_one({"$and": [{"_id": application_id}, seen]})
    if document is None:
        raise NotFound
    current = document["revisions"][-1]
    return OpeningView.model_validate(
        document | _summary(document).model_dump() | {"proposal": current["proposal"], "advice": current["advice"]}
    )


def _summary(document: Document) -> OpeningSummary:
    current = document["revisions"][-1]
    return OpeningSummary(
        application_id=document["_id"],
        unit_path=document["unit_path"],
        state=document["state"],
        revision=current["number"],
        account_name=current["proposal"]["account_name"],
        kind=current["proposal"]["kind"],
        account_id=document["account_id"],
        submitted_at=document["revisions"][0]["submitted_at"],
        changed_at=document["history"][-1]["at"],
    )
