"""What routes ask for: the caller, the idempotency key, a page."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request

from contracts.identity import Kind
from kit.auth import Principal
from kit.refusal import Refusal, Unauthenticated
from kit.transaction import Once

COOKIES: dict[Kind, str] = {"person": "guanwei_person", "member": "guanwei_member"}
MOST_PER_PAGE = 100


class IdempotencyKeyMissing(Refusal):
    """A request that changes something came without a key; it is also what keeps other sites' forms out."""

    code = "http.idempotency_key_missing"
    status = 400
    text = "缺少 Idempotency-Key 请求头，请刷新页面后重试。"


class CursorInvalid(Refusal):
    """The cursor is not one that we gave."""

    code = "http.cursor_invalid"
    status = 400
    text = "翻页位置已失效，请从第一页重新开始。"


async def _principal(request: Request, kinds: tuple[Kind, ...]) -> Principal | None:
    header = request.headers.get("authorization", "")
    token = header[7:].strip() if header[:7].lower() == "bearer " else ""
    for kind in kinds:
        token = token or request.cookies.get(COOKIES[kind], "")
    if not token:
        return None
    principal: Principal = await request.app.state.tokens.verify(token, kinds)
    return principal


async def signed_in_person(request: Request) -> Principal:
    """Somebody of the group, signed in at registry."""
    principal = await _principal(request, ("person",))
    if principal is None:
        raise Unauthenticated
    return principal


async def signed_in_member(request: Request) -> Principal:
    """A follower, signed in at micro_community."""
    principal = await _principal(request, ("member",))
    if principal is None:
        raise Unauthenticated
    return principal


async def member_or_guest(request: Request) -> Principal | None:
    """A follower, or nobody: an expired token counts as nobody."""
    try:
        return await _principal(request, ("member",))
    except Unauthenticated:
        return None


async def once_per_caller(
    request: Request, idempotency_key: Annotated[str | None, Header(min_length=8, max_length=128)] = None
) -> Once:
    """The request's idempotency key, bound to the caller, the route and the body."""
    if idempotency_key is None:
        raise IdempotencyKeyMissing
    principal = await _principal(request, ("person", "member"))
    body = b"" if "multipart/" in request.headers.get("content-type", "") else await request.body()
    return once_of(request, principal.subject if principal else "-", idempotency_key, body)


def once_of(request: Request, caller: str, idempotency_key: str, body: bytes) -> Once:
    """The same, where all of it is known already."""
    fingerprint = hashlib.sha256(body).hexdigest()
    return Once(f"http|{caller}|{request.method} {request.scope['path']}|{idempotency_key}", fingerprint)


Person = Annotated[Principal, Depends(signed_in_person)]
Member = Annotated[Principal, Depends(signed_in_member)]
Visitor = Annotated[Principal | None, Depends(member_or_guest)]
OncePerCaller = Annotated[Once, Depends(once_per_caller)]


@dataclass(frozen=True)
class Page:
    """Which part of a list: after the position `after` (values of the sort keys), at most `limit` rows."""

    after: tuple[Any, ...] | None
    limit: int


async def page(
    cursor: Annotated[str | None, Query(max_length=512)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 20,
) -> Page:
    """The page that the query asks for."""
    return Page(read_cursor(cursor) if cursor else None, limit)


PageQuery = Annotated[Page, Depends(page)]


def write_cursor(*position: Any) -> str:
    """A position as an opaque string. Values: strings, integers, instants."""
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in position]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[Any, ...]:
    """The position of a cursor.

    Raises:
        CursorInvalid
    """
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list) or not plain:
            raise CursorInvalid
        return tuple(_read_value(value) for value in plain)
    except (ValueError, OverflowError, RecursionError) as error:
        raise CursorInvalid from error


def _read_value(value: Any) -> Any:
    """One value, if MongoDB can compare with it: integers have 64 bits there, and texts no half characters."""
    if isinstance(value, dict) and set(value) == {"t"} and isinstance(value["t"], str):
        instant = datetime.fromisoformat(value["t"])
        if instant.tzinfo is None:
            raise CursorInvalid
        return instant.astimezone(UTC)
    if isinstance(value, str):
        value.encode()
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    raise CursorInvalid
