"""Passwords and credentials on their way in: hashed or sealed first, and only that goes into a transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from contracts.registry import WeChatCredentials
from kit.transaction import Once, Tx
from services.registry.commands.appoint_first_administrator import (
    LOGIN,
    AppointFirstAdministrator,
    appoint_first_administrator,
)
from services.registry.commands.change_password import ChangePassword, change_password
from services.registry.commands.entrust_credentials import EntrustCredentials, entrust_credentials
from services.registry.commands.register_person import RegisterPerson, register_person
from services.registry.dependencies import Dependencies
from services.registry.domain.authority import ADMINISTERS, Actor, RoleAboveOwn, admit, may_hand_out
from services.registry.domain.people import CurrentPasswordWrong, check_password, checked_login
from services.registry.processes.signing_in import Attempting
from services.registry.queries import people as people_queries
from services.registry.schemas.responses import PersonView


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be registered."""

    login: str
    display_name: str
    unit_path: str
    password: str = field(repr=False)


async def register_newcomer(deps: Dependencies, actor: Actor, newcomer: Newcomer, once: Once) -> dict[str, Any]:
    """Register them with a first password.

    Raises:
        Forbidden, LoginMalformed, PasswordTooWeak, PathUnknown, LoginTaken
    """
    actor.require(*ADMINISTERS, path=newcomer.unit_path)
    login = checked_login(newcomer.login)
    check_password(newcomer.password, login)
    keyed = _keyed(deps, once, login, newcomer.display_name, newcomer.unit_path, newcomer.password)
    before = await _done_before(deps, keyed)
    if before is not None:
        return before
    command = RegisterPerson(
        actor=actor,
        login=login,
        display_name=newcomer.display_name,
        unit_path=newcomer.unit_path,
        password_hash=await deps.passwords.hashed(newcomer.password),
    )

    async def work(tx: Tx) -> dict[str, Any]:
        return await register_person(tx, command, people=deps.registers.people, units=deps.registers.units)

    return await deps.store.transact(work, once=keyed)


@dataclass(frozen=True)
class NewPassword:
    """`current` is asked of who changes the own password; `session` is the digest of the session it is done in."""

    person_id: str
    address: str
    session: str
    password: str = field(repr=False)
    current: str | None = field(repr=False)


async def set_password(deps: Dependencies, actor: Actor, wish: NewPassword, once: Once) -> dict[str, Any]:
    """Change the own password, or reset somebody else's.

    Raises:
        NotFound, Forbidden, RoleAboveOwn, TooManyAttempts, CurrentPasswordWrong, PasswordTooWeak
    """
    own = actor.subject == wish.person_id
    target = await people_queries.show_self(deps.database, wish.person_id)
    if not own:
        _require_reset(actor, target)
    check_password(wish.password, target.login)
    keyed = _keyed(deps, once, wish.password, wish.current or "")
    before = await _done_before(deps, keyed)
    if before is not None:
        return before
    seen = await people_queries.password_hash_of(deps.database, wish.person_id)
    if own:
        await _require_current(deps, wish, seen)
    command = ChangePassword(
        person_id=wish.person_id,
        seen_hash=seen,
        password_hash=await deps.passwords.hashed(wish.password),
        keep_session=wish.session if own else None,
    )

    async def work(tx: Tx) -> dict[str, Any]:
        return await change_password(tx, command, people=deps.registers.people, sessions=deps.registers.sessions)

    return await deps.store.transact(work, once=keyed)


@dataclass(frozen=True)
class Handover:
    """Credentials as the custodian typed them."""

    actor: Actor
    account_id: str
    credentials: WeChatCredentials = field(repr=False)


async def hand_over(deps: Dependencies, handover: Handover, once: Once) -> dict[str, Any]:
    """Seal the credentials to publisher and keep the sealed box; nothing else of them is stored.

    Raises:
        NotFound, Forbidden, SealKeyMissing, AppIdTaken
    """
    content, app_id = handover.credentials.model_dump_json(), handover.credentials.app_id
    keyed = _keyed(deps, once, handover.account_id, content)
    box = await deps.seals.seal(content.encode())
    command = EntrustCredentials(handover.actor, handover.account_id, app_id, box)

    async def work(tx: Tx) -> dict[str, Any]:
        return await entrust_credentials(tx, command, ledger=deps.registers.ledger, boxes=deps.registers.boxes)

    return await deps.store.transact(work, once=keyed)


async def appoint_founder(deps: Dependencies, password: str) -> bool:
    """Make the first administrator, if nobody is registered. True if one was made.

    Raises:
        PasswordTooWeak
    """
    if await people_queries.anybody(deps.database):
        return False
    check_password(password, LOGIN)
    command = AppointFirstAdministrator(await deps.passwords.hashed(password))

    async def work(tx: Tx) -> bool:
        return await appoint_first_administrator(tx, command, people=deps.registers.people)

    # Several processes start at once: whoever comes second finds that it was done.
    return await deps.store.transact(work, once=Once("bootstrap|founder"))


class _NotBefore(Exception):
    """The request is new."""


async def _done_before(deps: Dependencies, once: Once) -> dict[str, Any] | None:
    """The answer to an earlier request with that key: its passwords may not fit any more, and need not."""

    async def work(tx: Tx) -> dict[str, Any]:
        raise _NotBefore

    try:
        return await deps.store.transact(work, once=once)
    except _NotBefore:
        return None


def _keyed(deps: Dependencies, once: Once, *parts: str) -> Once:
    return replace(once, fingerprint=deps.fingerprints.of(*parts))


def _require_reset(actor: Actor, target: PersonView) -> None:
    """Who resets a password can sign in as that person: so only who could have given them all that they hold."""
    admit(actor, *ADMINISTERS, path=target.unit_path)
    above = [held.role for held in target.roles if not may_hand_out(actor, held.role, held.path)]
    if above:
        raise RoleAboveOwn(roles=above)


async def _require_current(deps: Dependencies, wish: NewPassword, seen: str) -> None:
    attempts = Attempting(deps, wish.person_id, wish.address)
    await attempts.begin()
    if wish.current is None or not await deps.passwords.matches(wish.current, seen):
        raise CurrentPasswordWrong
    await attempts.succeed()
