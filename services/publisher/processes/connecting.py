"""Take accounts into service: open the credentials, fetch a token with them, read the live menu."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from services.publisher.commands.note_connection_failed import NoteConnectionFailed, note_connection_failed
from services.publisher.commands.note_connection_held import NoteConnectionHeld, note_connection_held
from services.publisher.dependencies import Dependencies
from services.publisher.domain.account import OfficialAccount, StepName
from services.publisher.ports import CredentialsUnreadable, PlatformRefused, PlatformSilent

MOST_AT_ONCE = 20
log = structlog.get_logger("connecting")


class _StepFailed(Exception):
    """Carries which step, and why."""

    def __init__(self, step: StepName, code: str, detail: str) -> None:
        super().__init__(f"{step}: {code}")
        self.step, self.code, self.detail = step, code, detail


async def connect_accounts(deps: Dependencies) -> None:
    """Look at every account that waits for it, all at once: one that fails or is slow holds up no other."""
    waiting = await deps.records.accounts.to_check(deps.clock.now(), MOST_AT_ONCE)
    for outcome in await asyncio.gather(*(_look(deps, account_id) for account_id in waiting), return_exceptions=True):
        if isinstance(outcome, BaseException):
            log.error("account_not_checked", exc_info=outcome)


async def _look(deps: Dependencies, account_id: str) -> None:
    account = await deps.records.accounts.read(account_id)
    if account is not None and account.credentials is not None:
        await _connect(deps, account, account.credentials.number)


async def _connect(deps: Dependencies, account: OfficialAccount, number: int) -> None:
    settings = deps.settings
    try:
        if account.menu_read_at is not None and account.callback_seen_at is None:
            detail = "no handshake and no callback was signed with these credentials"
            raise _StepFailed("callback", "publisher.callback_not_seen", detail)
        await _open(deps, account)
        menu = await _check(deps, account.account_id)
    except _StepFailed as failed:
        log.warning("account_not_connected", account_id=account.account_id, step=failed.step, code=failed.code)
        retry = timedelta(seconds=settings.connect_retry_seconds)
        failure = NoteConnectionFailed(account.account_id, number, failed.step, failed.code, failed.detail, retry)
        await deps.store.transact(lambda tx: note_connection_failed(tx, failure, records=deps.records))
        return
    held = NoteConnectionHeld(account.account_id, number, menu, timedelta(seconds=settings.callback_patience_seconds))
    await deps.store.transact(lambda tx: note_connection_held(tx, held, records=deps.records))


async def _open(deps: Dependencies, account: OfficialAccount) -> None:
    assert account.credentials is not None
    try:
        deps.vault.open_credentials(account.credentials)
    except CredentialsUnreadable as error:
        raise _StepFailed("unseal", "publisher.credentials_unreadable", str(error)) from error


async def _check(deps: Dependencies, account_id: str) -> dict[str, object] | None:
    """The live menu, when a token could be fetched and the menu be read with it."""
    step: StepName = "token"
    try:
        await deps.wechat.verify(account_id)
        step = "menu"
        return await deps.wechat.live_menu(account_id)
    except PlatformRefused as refused:
        raise _StepFailed(step, f"wechat.{refused.code}", refused.text) from refused
    except PlatformSilent as silent:
        raise _StepFailed(step, "publisher.wechat_unreachable", str(silent)) from silent
