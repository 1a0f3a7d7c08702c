"""Live: server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from services.micro_community.adapters.hub import Listener, event, written
from services.micro_community.api.guards import PROBLEMS, Access, AccountId, Deps
from services.micro_community.dependencies import Dependencies
from services.micro_community.queries import activity
from services.micro_community.queries.viewer import Viewer, viewer_of

router = APIRouter(tags=["live"], responses=PROBLEMS)
RETRY_MILLISECONDS = 2_000
LASTS_SECONDS = 1_800  # then the browser comes back, and its session is looked at again
Position = Annotated[int | None, Query(ge=0)]


@router.get("/{account_id}/stream", response_class=StreamingResponse)
async def stream(
    account_id: AccountId,
    access: Access,
    deps: Deps,
    post_id: Annotated[str | None, Query(max_length=64)] = None,
    after: Position = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """What happens in the community, from `Last-Event-ID` (or `after`) on, else from now on."""
    resumed = int(last_event_id) if last_event_id and last_event_id.isdecimal() and len(last_event_id) < 16 else after
    viewer = await viewer_of(deps.database, access.reader)
    body = _events(deps, account_id, viewer, post_id, resumed)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(body, media_type="text/event-stream", headers=headers)


async def _events(
    deps: Dependencies, account_id: str, viewer: Viewer, post_id: str | None, resumed: int | None
) -> AsyncIterator[bytes]:
    async with deps.hub.listen(account_id, viewer.member_id, post_id, viewer) as listener:
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        if resumed is None or resumed > listener.start:
            yield event("hello", {}, seq=listener.start)
        else:
            for missed in await _missed(deps, account_id, listener, resumed):
                yield missed
        until = asyncio.get_running_loop().time() + LASTS_SECONDS
        while not listener.lagging and asyncio.get_running_loop().time() < until:
            yield await _next(listener, deps.settings.heartbeat_seconds)


async def _next(listener: Listener, seconds: float) -> bytes:
    """All that waits to be told, in one piece; after so many seconds a sign of life."""
    try:
        # Not `wait_for`, which makes a task each time: with a thousand pages that is most of what an event costs.
        async with asyncio.timeout(seconds):
            pieces = [await listener.queue.get()]
    except TimeoutError:
        return b": still here\n\n"
    while not listener.queue.empty():
        pieces.append(listener.queue.get_nowait())
    return b"".join(pieces)


async def _missed(deps: Dependencies, account_id: str, listener: Listener, resumed: int) -> list[bytes]:
    """What happened between the position and the listener's start; `reset` when that is too much, or forgotten."""
    rows = await activity.since(deps.database, account_id, resumed)
    rows = [row for row in rows if row["seq"] <= listener.start]
    if len(rows) != listener.start - resumed:
        return [event("reset", {}, seq=listener.start)]
    mine = await activity.still_shown(deps.database, [row for row in rows if listener.concerned(row)])
    seen = [written(row, listener.form_of(row)) for row in mine]
    return [*seen, event("hello", {}, seq=listener.start)]
