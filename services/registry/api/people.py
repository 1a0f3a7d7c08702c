"""People, their roles and passwords."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query, Request

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery
from services.registry.api.callers import Caller, Parts, UnitPathQuery, address_of, seen_paths, token_of
from services.registry.commands.grant_role import GrantRole, grant_role
from services.registry.commands.revoke_role import RevokeRole, revoke_role
from services.registry.domain.words import Role
from services.registry.processes.secrets import Newcomer, NewPassword, register_newcomer, set_password
from services.registry.processes.signing_in import digest_of_token
from services.registry.queries import people as queries
from services.registry.schemas.fields import PROBLEMS, RolePath
from services.registry.schemas.requests import ChangePasswordBody, GrantRoleBody, RegisterPersonBody
from services.registry.schemas.responses import Listing, PasswordChanged, PersonView, Registered, RoleChanged

router = Routes(prefix="/people", tags=["people"], responses=PROBLEMS)


@router.post("", response_model=Registered, status_code=201)
async def post_person(body: RegisterPersonBody, actor: Caller, once: OncePerCaller, deps: Parts) -> dict[str, Any]:
    """Register somebody with a first password. By an engineer or the communications office of the path."""
    newcomer = Newcomer(body.login, body.display_name, body.unit_path, body.password.get_secret_value())
    return await register_newcomer(deps, actor, newcomer, once)


@router.get("", response_model=Listing[PersonView])
async def get_people(
    actor: Caller,
    page: PageQuery,
    deps: Parts,
    unit_path: UnitPathQuery = None,
    role: Annotated[Role | None, Query()] = None,
) -> Listing[PersonView]:
    """People of the caller's part of the tree, those with a role in it, and the heads and officers above it."""
    return await queries.list_people(deps.database, seen_paths(actor, unit_path), page, role=role)


@router.get("/{person_id}", response_model=PersonView)
async def get_person(person_id: str, actor: Caller, deps: Parts) -> PersonView:
    """One person; everybody may look at themselves."""
    return await queries.show_person(deps.database, seen_paths(actor), person_id, viewer=actor.subject)


@router.post("/{person_id}/roles", response_model=RoleChanged, status_code=201)
async def post_role(
    person_id: str, body: GrantRoleBody, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Grant a role. Nobody grants above what they hold, nor to themselves."""
    command = GrantRole(actor, person_id, body.role, body.path)

    async def work(tx: Tx) -> dict[str, Any]:
        return await grant_role(tx, command, people=deps.registers.people, units=deps.registers.units)

    return await deps.store.transact(work, once=once)


@router.delete("/{person_id}/roles", response_model=RoleChanged)
async def delete_role(
    person_id: str,
    role: Annotated[Role, Query()],
    path: Annotated[RolePath, Query()],
    actor: Caller,
    once: OncePerCaller,
    deps: Parts,
) -> dict[str, Any]:
    """Revoke a role. At registry it ends at once, at the other services with the token."""
    command = RevokeRole(actor, person_id, role, path)

    async def work(tx: Tx) -> dict[str, Any]:
        return await revoke_role(tx, command, people=deps.registers.people)

    # What is asked for stands in the query, which the kit's fingerprint does not cover.
    return await deps.store.transact(work, once=replace(once, fingerprint=f"{role} {path}"))


@router.post("/{person_id}/password", response_model=PasswordChanged)
async def post_password(
    person_id: str, body: ChangePasswordBody, request: Request, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Change the own password, or reset somebody's. Sessions that the old one opened end."""
    wish = NewPassword(
        person_id=person_id,
        address=address_of(request),
        session=digest_of_token(token_of(request)),
        password=body.password.get_secret_value(),
        current=body.current_password.get_secret_value() if body.current_password else None,
    )
    return await set_password(deps, actor, wish, once)
