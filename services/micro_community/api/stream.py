"""Live: server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from kit import problems
from kit.door import WRITE_NOW, usually
from kit.routes import Routes
from services.micro_community.adapters.hub import Listener
from services.micro_community.adapters.telling import event, written
from services.micro_community.api.guards import PROBLEMS, Access, Deps
from services.micro_community.api.usual import count, is_id, named, reading_here
from services.micro_community.dependencies import Dependencies
from services.micro_community.queries import activity
from services.micro_community.queries.posts import Reading
from services.micro_community.queries.viewer import Viewer, viewer_of

router = Routes(tags=["live"], responses=PROBLEMS)
RETRY_MILLISECONDS = 2_000
LASTS_SECONDS = 1_800  # then the browser comes back, and its session is looked at again
Position = Annotated[int | None, Query(ge=0)]


@dataclass(frozen=True)
class Listening:
    """Who listens where, and from which position on."""

    deps: Dependencies
    access: Reading
    viewer: Viewer
    post_id: str | None
    resumed: int | None


class EventStream(Response):
    """Writes what the listener has to tell as it comes, without a layer in between: with a thousand open pages, what
    one event costs at one of them is what everybody waits for."""

    media_type = "text/event-stream"

    def __init__(self, listening: Listening) -> None:
        self.status_code = 200
        self.background = None
        self.listening = listening
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        account_id, viewer = self.listening.access.account_id, self.listening.viewer
        listening = self.listening.deps.hub.listen(account_id, viewer.member_id, self.listening.post_id, viewer)
        async with contextlib.AsyncExitStack() as ends:
            try:
                listener = await ends.enter_async_context(listening)
                beginning = await _beginning(self.listening, listener)
            except Exception as error:
                refused = await problems.answer(Request(scope), error)
                return await refused(scope, receive, send)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            ends.callback(asyncio.create_task(_ended(receive, listener)).cancel)
            await send(_piece(beginning))
            listener.write_now = scope.get("extensions", {}).get(WRITE_NOW) or _at_once(send)
            while piece := await listener.next():
                await send(_piece(piece))
        await send({"type": "http.response.body", "body": b""})


def short_stream(request: Request, _: bytes) -> Awaitable[Response] | None:
    """A page that listens, with or without the position it has come to."""
    query, position = dict(request.query_params), request.headers.get("last-event-id")
    post_id, after = query.pop("post_id", None), query.pop("after", None)
    resumed = count(position or after or "1")
    known = resumed is not None and (post_id is None or is_id(post_id)) and (after is None or count(after) is not None)
    if query or not known or not named(request, "account_id"):
        return None
    return _stream(request, post_id, resumed if position or after else None)


async def _stream(request: Request, post_id: str | None, resumed: int | None) -> Response:
    deps, access = await reading_here(request)
    return EventStream(Listening(deps, access, await viewer_of(deps.database, access.reader), post_id, resumed))


@router.get("/{account_id}/stream", response_class=StreamingResponse)
@usually(short_stream)
async def stream(
    access: Access,
    deps: Deps,
    post_id: Annotated[str | None, Query(max_length=64)] = None,
    after: Position = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """What happens in the community, from `Last-Event-ID` (or `after`) on, else from now on."""
    resumed = int(last_event_id) if last_event_id and last_event_id.isdecimal() and len(last_event_id) < 16 else after
    return EventStream(Listening(deps, access, await viewer_of(deps.database, access.reader), post_id, resumed))


async def _ended(receive: Receive, listener: Listener) -> None:
    """End the listening when the browser goes, or when it has lasted long enough."""
    try:
        async with asyncio.timeout(LASTS_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass
    except (TimeoutError, HTTPException):
        pass  # long enough; or a body came that is too large, which nobody asked for
    finally:
        listener.end()


def _piece(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _at_once(send: Send) -> Callable[[bytes], bool]:
    """Writes a piece without waiting, or not at all: a `send` that has to wait has written nothing yet."""

    def write(piece: bytes) -> bool:
        sending = send(_piece(piece)).__await__()
        try:
            next(sending)
        except StopIteration:
            return True
        except Exception:
            return False  # said where the connection is written to in turn
        sending.close()
        return False

    return write


async def _beginning(listening: Listening, listener: Listener) -> bytes:
    """How soon to come back, and what was missed."""
    retry, resumed = f"retry: {RETRY_MILLISECONDS}\n\n".encode(), listening.resumed
    if resumed is None or resumed > listener.start:
        return retry + event("hello", {}, seq=listener.start)
    return retry + b"".join(await _missed(listening.deps, listening.access.account_id, listener, resumed))


async def _missed(deps: Dependencies, account_id: str, listener: Listener, resumed: int) -> list[bytes]:
    """What happened between the position and the listener's start; `reset` when that is too much, or forgotten."""
    rows = await activity.since(deps.database, account_id, resumed)
    rows = [row for row in rows if row["seq"] <= listener.start]
    if len(rows) != listener.start - resumed:
        return [event("reset", {}, seq=listener.start)]
    mine = await activity.still_shown(deps.database, [row for row in rows if listener.concerned(row)])
    seen = [written(row, listener.form_of(row)) for row in mine]
    return [*seen, event("hello", {}, seq=listener.start)]
