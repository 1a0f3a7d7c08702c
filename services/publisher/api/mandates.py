"""/mandates: what the units' accounts have to carry on, and until when (§5.3.1)."""

from __future__ import annotations

from kit.refusal import NotFound
from kit.routes import Routes
from kit.web import PageQuery, Person
from services.publisher.api.parts import PROBLEMS, READERS, Deps, equal, require_visible
from services.publisher.domain.mandate import State
from services.publisher.queries import Listing
from services.publisher.schemas import Mandates, MandateView

router = Routes(prefix="/mandates", tags=["转发任务"], responses=PROBLEMS)


@router.get("", summary="转发任务列表")
async def list_mandates(
    deps: Deps,
    who: Person,
    page: PageQuery,
    account_id: str | None = None,
    state: State | None = None,
    source_mass_send_id: str | None = None,
) -> Mandates:
    """Mandates at and below the caller's units."""
    wanted = equal(account_id=account_id, state=state, source_mass_send_id=source_mass_send_id)
    return await deps.queries.mandates(Listing(who.paths(*READERS), wanted, page))


@router.get("/{mandate_id}", summary="查看转发任务")
async def read_mandate(mandate_id: str, deps: Deps, who: Person) -> MandateView:
    """One mandate, and the evidence that fulfilled it."""
    await require_visible(deps, who, "mandates", mandate_id)
    found = await deps.queries.mandate(mandate_id)
    if found is None:
        raise NotFound
    return found
