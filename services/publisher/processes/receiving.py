"""Callbacks: verified with the account's credentials, committed, and only then acknowledged."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from opentelemetry import propagate, trace
from opentelemetry.trace import Link

from contracts.registry import WeChatCredentials
from kit.refusal import NotFound
from kit.transaction import Once
from services.publisher.commands.finish_mass_send import FinishMassSend, finish_mass_send
from services.publisher.commands.note_handshake import NoteHandshake, note_handshake
from services.publisher.commands.receive_push import ReceivePush, receive_push
from services.publisher.dependencies import Dependencies
from services.publisher.domain.account import OfficialAccount
from services.publisher.domain.callback import CallbackForged, CallbackUnexpected
from services.publisher.ports import CallbackQuery, CredentialsUnreadable, Push

tracer = trace.get_tracer("publisher.receiving")
OVERLAP = timedelta(days=1)
"""How long callbacks that are sealed to the credentials before are still understood."""


async def shake_hands(deps: Dependencies, account_id: str, query: CallbackQuery) -> str:
    """WeChat asks whether this address is the account's: the echo, if it is WeChat that asks.

    Raises:
        NotFound, CallbackUnexpected, CallbackForged, CallbackStale
    """
    account = await _account(deps, account_id)
    assert account.credentials is not None
    credentials = _open(deps, account)[0][1]
    deps.callbacks.require_signature(credentials, query, deps.clock.now())
    await _note_handshake(deps, account, account.credentials.number)
    return query.echostr or ""


async def receive(deps: Dependencies, account_id: str, query: CallbackQuery, body: bytes) -> None:
    """Take a push in. When this returns, it is committed, or it concerns nobody.

    Raises:
        NotFound, CallbackUnexpected, CallbackForged, CallbackStale, CallbackMalformed
    """
    account = await _account(deps, account_id)
    number, push = _read(deps, account, query, body)
    await _note_handshake(deps, account, number)
    once = Once(f"callback|{account_id}|{push.key}")
    if push.kind == "job_finished":
        await _finish(deps, account_id, push, once)
    elif push.kind != "other":
        command = ReceivePush(account_id, push)
        await deps.store.transact(lambda tx: receive_push(tx, command, records=deps.records), once=once)


async def _finish(deps: Dependencies, account_id: str, push: Push, once: Once) -> None:
    """The end of a job belongs to the trace of the click that permitted it, not to the callback's own."""
    assert push.msg_id is not None
    assert push.result is not None
    order = await deps.records.mass_sends.of_job(account_id, push.msg_id)
    context = propagate.extract({"traceparent": order.trace}) if order and order.trace else None
    here = trace.get_current_span()
    if context is not None:
        here.add_link(trace.get_current_span(context).get_span_context())
    command = FinishMassSend(account_id, push.msg_id, push.result)
    links = [Link(here.get_span_context())]
    with tracer.start_as_current_span("receive wechat MASSSENDJOBFINISH", context=context, links=links):
        await deps.store.transact(
            lambda tx: finish_mass_send(tx, command, records=deps.records, calendar=deps.calendar), once=once
        )


def _read(deps: Dependencies, account: OfficialAccount, query: CallbackQuery, body: bytes) -> tuple[int, Push]:
    """The push, and the number of the credentials that it is signed with: the newest, or for a while those before."""
    now = deps.clock.now()
    refused = CallbackForged()
    for number, credentials in _open(deps, account):
        try:
            return number, deps.callbacks.read(credentials, query, body, now)
        except CallbackForged as error:
            refused = error
    raise refused


def _open(deps: Dependencies, account: OfficialAccount) -> list[tuple[int, WeChatCredentials]]:
    """The credentials to try, the newest first.

    Raises:
        CallbackUnexpected: none can be opened.
    """
    assert account.credentials is not None
    tried = [account.credentials]
    if account.previous is not None and deps.clock.now() - account.credentials.entrusted_at < OVERLAP:
        tried.append(account.previous)
    opened: list[tuple[int, WeChatCredentials]] = []
    for sealed in tried:
        with contextlib.suppress(CredentialsUnreadable):
            opened.append((sealed.number, deps.vault.open_credentials(sealed)))
    if not opened or opened[0][0] != account.credentials.number:
        raise CallbackUnexpected
    return opened


async def _account(deps: Dependencies, account_id: str) -> OfficialAccount:
    account = await deps.records.accounts.read(account_id)
    if account is None:
        raise NotFound
    if account.credentials is None:
        raise CallbackUnexpected
    return account


async def _note_handshake(deps: Dependencies, account: OfficialAccount, number: int) -> None:
    if account.callback_seen_at is None:
        command = NoteHandshake(account.account_id, number)
        await deps.store.transact(lambda tx: note_handshake(tx, command, records=deps.records))
