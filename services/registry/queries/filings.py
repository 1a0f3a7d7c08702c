"""Filings, operating processes and rules."""

from __future__ import annotations

from collections.abc import Sequence

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.registry.domain.filings import FilingKind
from services.registry.queries.listing import BY_ID, Order, list_page, within
from services.registry.schemas.responses import FilingView, Listing, ProcessView, RuleView

BY_NUMBER = Order(("year", "sequence"), (int, int))
BY_RULE = Order(("_id",), (str,), newest_first=False)


async def list_filings(
    database: Database,
    paths: Sequence[str],
    page: Page,
    *,
    kind: FilingKind | None = None,
    year: int | None = None,
) -> Listing[FilingView]:
    """Filings at or below the paths, the highest number first."""
    conditions = [within(paths, "unit_path")]
    conditions += [{"kind": kind}] if kind else []
    conditions += [{"year": year}] if year else []
    return await list_page(database["filings"], {"$and": conditions}, page, BY_NUMBER, filing_view)


async def list_processes(database: Database, paths: Sequence[str], page: Page) -> Listing[ProcessView]:
    """Every version of the processes at or below the paths, the newest first."""
    query = within(paths, "unit_path")
    return await list_page(database["operating_processes"], query, page, BY_ID, _process_view)


async def show_process(database: Database, paths: Sequence[str], process_id: str) -> ProcessView:
    """Raises NotFound: there is none, or the caller may not see it."""
    seen = within(paths, "unit_path")
    document = await database["operating_processes"].find_one({"$and": [{"_id": process_id}, seen]})
    if document is None:
        raise NotFound
    return _process_view(document)


async def list_rules(database: Database, page: Page) -> Listing[RuleView]:
    """All house rules that registry applies, by id; they are no secret."""
    return await list_page(database["rules"], {}, page, BY_RULE, _rule_view)


def filing_view(filing: Document) -> FilingView:
    return FilingView.model_validate({**filing, "filing_id": filing["_id"]})


def _process_view(document: Document) -> ProcessView:
    return ProcessView.model_validate({**document, **document["roster"], "process_id": document["_id"]})


def _rule_view(document: Document) -> RuleView:
    return RuleView.model_validate({**document, "rule_id": document["_id"]})
