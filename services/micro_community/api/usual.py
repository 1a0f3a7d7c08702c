"""The three requests that a community is made of, understood at once when they look as they usually do.

FastAPI solves a tree of dependencies and checks a dozen parameters for each request, which takes longer than all that
the service does for a page. A request of the usual form goes the short way, through the same guards, to the same
command or query; any other, and whatever is wrong, goes the way that the route declares, and is answered there.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias, TypeVar, get_args

from fastapi import Request, Response
from fastapi.routing import APIRoute

from kit.web import Page, member_or_guest
from services.micro_community.api.guards import reader, reading
from services.micro_community.dependencies import Dependencies
from services.micro_community.queries.feeds import FeedName, Wanted
from services.micro_community.queries.posts import Reading
from services.micro_community.queries.replies import Part

Short: TypeAlias = Callable[[Request], Awaitable[Response | None]]
"""Answers, or None: not of the usual form."""
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
USUAL_LIMIT = 20
FEEDS: frozenset[str] = frozenset(get_args(FeedName))
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_MOST = 100


class UsualRoute(APIRoute):
    """A route whose endpoint may have a short way."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        declared = super().get_route_handler()
        short: Short | None = getattr(self.endpoint, "short_way", None)
        if short is None:
            return declared

        async def handle(request: Request) -> Response:
            return await short(request) or await declared(request)

        return handle


def usually(short: Short) -> Callable[[Endpoint], Endpoint]:
    """Give an endpoint its short way."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.short_way = short  # type: ignore[attr-defined]
        endpoint.asked_most = True  # type: ignore[attr-defined]
        return endpoint

    return mark


async def short_feed(request: Request) -> Response | None:
    """The beginning of a feed, for anybody."""
    query = dict(request.query_params)
    limit, feed = _count(query.pop("limit", str(USUAL_LIMIT))), query.pop("feed", "latest")
    if query or limit is None or limit > _MOST or feed not in FEEDS or not _named(request, "account_id"):
        return None
    deps, access = await _reading(request)
    wanted = Wanted(access.account_id, feed)  # type: ignore[arg-type]
    return _json(await deps.pages.feed(wanted, access, Page(None, limit)))


async def short_replies(request: Request) -> Response | None:
    """Replies from the beginning, or from a floor on, for anybody."""
    query = dict(request.query_params)
    limit, floor = _count(query.pop("limit", str(USUAL_LIMIT))), query.pop("from_floor", None)
    from_floor, with_post = _count(floor) if floor else None, query.pop("with_post", "false")
    known = with_post in ("true", "false") and limit is not None and (floor is None or from_floor is not None)
    if query or not known or limit is None or limit > _MOST or not _named(request, "account_id", "post_id"):
        return None
    deps, access = await _reading(request)
    part = Part(Page(None, limit), newest_first=False, from_floor=from_floor)
    return _json(await deps.pages.replies(request.path_params["post_id"], access, part, with_post=with_post == "true"))


def usual_key(request: Request) -> str | None:
    """The idempotency key of a request for a post that has a JSON body; None when the form is another."""
    key = request.headers.get("idempotency-key", "")
    plain = request.headers.get("content-type", "") == "application/json" and not request.scope["query_string"]
    return key if plain and 8 <= len(key) <= 128 and _named(request, "account_id", "post_id") else None


async def _reading(request: Request) -> tuple[Dependencies, Reading]:
    deps: Dependencies = request.app.state.dependencies
    account_id = request.path_params["account_id"]
    visitor = await reader(account_id, await member_or_guest(request))
    return deps, await reading(request, account_id, visitor, deps)


def _named(request: Request, *names: str) -> bool:
    return all(_ID.fullmatch(request.path_params[name]) for name in names)


def _count(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None


def _json(text: bytes) -> Response:
    return Response(text, media_type="application/json")
