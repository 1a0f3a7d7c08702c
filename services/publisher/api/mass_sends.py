"""/mass-sends: what was ordered, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from kit.refusal import NotFound
from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery, Person
from services.publisher.api.parts import PROBLEMS, READERS, Deps, equal, require_visible
from services.publisher.commands.resolve_mass_send import ResolveMassSend, resolve_mass_send
from services.publisher.domain.mass_send import State
from services.publisher.queries import Listing
from services.publisher.schemas import MassSends, MassSendView, ResolveBody

router = Routes(prefix="/mass-sends", tags=["群发"], responses=PROBLEMS)


@router.get("", summary="群发列表")
async def list_mass_sends(
    deps: Deps,
    who: Person,
    page: PageQuery,
    account_id: str | None = None,
    issue_id: str | None = None,
    state: State | None = None,
) -> MassSends:
    """Orders at and below the caller's units, the newest first."""
    wanted = equal(account_id=account_id, issue_id=issue_id, state=state)
    return await deps.queries.mass_sends(Listing(who.paths(*READERS), wanted, page))


@router.get("/{mass_send_id}", summary="查看群发")
async def read_mass_send(mass_send_id: str, deps: Deps, who: Person) -> MassSendView:
    """One order with its timeline and receipt."""
    await require_visible(deps, who, "mass_sends", mass_send_id)
    found = await deps.queries.mass_send(mass_send_id)
    if found is None:
        raise NotFound
    return found


@router.post("/{mass_send_id}/resolve", summary="人工核实群发结果")
async def resolve(mass_send_id: str, body: ResolveBody, deps: Deps, who: Person, once: OncePerCaller) -> MassSendView:
    """Say what the platform's console shows of an order that could not be resolved."""
    path = await require_visible(deps, who, "mass_sends", mass_send_id)
    who.require("communications", "engineer", path=path)
    command = ResolveMassSend(
        mass_send_id,
        int(body.msg_id) if body.msg_id else None,
        int(body.msg_data_id) if body.msg_data_id else None,
        body.note,
        timedelta(seconds=deps.settings.poll_after_seconds),
    )

    async def work(tx: Tx) -> str:
        return await resolve_mass_send(tx, command, records=deps.records, calendar=deps.calendar)

    await deps.store.transact(work, once=once)
    return await read_mass_send(mass_send_id, deps, who)
