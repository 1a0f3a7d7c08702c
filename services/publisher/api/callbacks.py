"""/wechat/{account_id}/callback: the address that WeChat knows an account by.

WeChat tries a push three times, but only when it gets no answer within five seconds; a wrong answer is final. So
`success` is said after the commit, and while nothing can be stored, nothing is said at all.
"""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import structlog
from fastapi import Query, Request
from fastapi.responses import PlainTextResponse

from kit.refusal import Refusal
from kit.routes import Routes
from services.publisher.api.parts import PROBLEMS, Deps
from services.publisher.domain.callback import CallbackTooLarge
from services.publisher.ports import CallbackQuery
from services.publisher.processes.receiving import receive, shake_hands

router = Routes(prefix="/wechat", tags=["微信回调"], responses=PROBLEMS)
log = structlog.get_logger("callbacks")

Word = Annotated[str, Query(min_length=1, max_length=128)]
MaybeWord = Annotated[str | None, Query(max_length=128)]


@router.get("/{account_id}/callback", summary="回调地址验证", response_class=PlainTextResponse)
async def verify(
    account_id: str, deps: Deps, signature: Word, timestamp: Word, nonce: Word, echostr: Word
) -> PlainTextResponse:
    """The handshake: the exact echo, to whoever knows the account's token."""
    query = CallbackQuery(signature, timestamp, nonce, echostr=echostr)
    return PlainTextResponse(await shake_hands(deps, account_id, query))


@router.post("/{account_id}/callback", summary="接收微信推送", response_class=PlainTextResponse)
async def push(  # noqa: PLR0913 - WeChat's parameters
    account_id: str,
    request: Request,
    deps: Deps,
    signature: Word,
    timestamp: Word,
    nonce: Word,
    encrypt_type: MaybeWord = None,
    msg_signature: MaybeWord = None,
) -> PlainTextResponse:
    """A message or event, in clear or sealed. `success` means that it is committed."""
    begun = time.monotonic()
    body = await _body(request, deps.settings.callback_most_bytes)
    query = CallbackQuery(signature, timestamp, nonce, encrypt_type=encrypt_type, msg_signature=msg_signature)
    try:
        await receive(deps, account_id, query, body)
    except Exception as error:
        if not isinstance(error, Refusal):
            log.warning("callback_not_stored", account_id=account_id, error=repr(error))
            await asyncio.sleep(max(0.0, deps.settings.callback_silence_seconds - (time.monotonic() - begun)))
        raise
    return PlainTextResponse("success")


async def _body(request: Request, most_bytes: int) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise CallbackTooLarge(most_bytes=most_bytes)
    return body
