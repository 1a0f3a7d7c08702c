"""The usual form of the requests that a community is made of, and their short way (`kit.door`)."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from functools import lru_cache
from typing import get_args
from urllib.parse import parse_qsl

from fastapi import Request, Response

from kit.web import Page, member_or_guest
from services.micro_community.api.guards import reader, reading
from services.micro_community.dependencies import Dependencies
from services.micro_community.queries.feeds import FeedName, Wanted
from services.micro_community.queries.posts import Reading
from services.micro_community.queries.replies import Part

USUAL_LIMIT = 20
FEEDS: frozenset[str] = frozenset(get_args(FeedName))
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_MOST = 100
FORMS = 1024
"""So many query strings of the usual form are known at once."""
_LONGEST = 96
_UNKNOWN = "?"


def short_feed(request: Request, _: bytes) -> Awaitable[Response] | None:
    """The beginning of a feed, for anybody."""
    form = _feed_form(_short(request.scope["query_string"]))
    return _feed(request, *form) if form and named(request, "account_id") else None


@lru_cache(FORMS)
def _feed_form(query_string: str) -> tuple[FeedName, Page] | None:
    query = dict(parse_qsl(query_string, keep_blank_values=True))
    limit, feed = count(query.pop("limit", str(USUAL_LIMIT))), query.pop("feed", "latest")
    if query or limit is None or limit > _MOST or feed not in FEEDS:
        return None
    return feed, Page(None, limit)  # type: ignore[return-value]


async def _feed(request: Request, feed: FeedName, page: Page) -> Response:
    deps, access = await reading_here(request)
    return _json(await deps.pages.feed(Wanted(access.account_id, feed), access, page))


def short_replies(request: Request, _: bytes) -> Awaitable[Response] | None:
    """Replies from the beginning, or from a floor on, for anybody."""
    form = _part_form(_short(request.scope["query_string"]))
    if form is None or not named(request, "account_id", "post_id"):
        return None
    return _replies(request, form[0], with_post=form[1])


@lru_cache(FORMS)
def _part_form(query_string: str) -> tuple[Part, bool] | None:
    query = dict(parse_qsl(query_string, keep_blank_values=True))
    limit, floor = count(query.pop("limit", str(USUAL_LIMIT))), query.pop("from_floor", None)
    from_floor, with_post = count(floor) if floor else None, query.pop("with_post", "false")
    known = with_post in ("true", "false") and limit is not None and (floor is None or from_floor is not None)
    if query or not known or limit is None or limit > _MOST:
        return None
    return Part(Page(None, limit), newest_first=False, from_floor=from_floor), with_post == "true"


async def _replies(request: Request, part: Part, *, with_post: bool) -> Response:
    deps, access = await reading_here(request)
    return _json(await deps.pages.replies(request.path_params["post_id"], access, part, with_post=with_post))


def usual_key(request: Request) -> str | None:
    """The idempotency key of a request for a post that has a JSON body; None when the form is another."""
    key = request.headers.get("idempotency-key", "")
    plain = request.headers.get("content-type", "") == "application/json" and not request.scope["query_string"]
    return key if plain and 8 <= len(key) <= 128 and named(request, "account_id", "post_id") else None


async def reading_here(request: Request) -> tuple[Dependencies, Reading]:
    """Whoever reads here, by the same guards as on the declared way."""
    deps: Dependencies = request.app.state.dependencies
    account_id = request.path_params["account_id"]
    visitor = await reader(account_id, await member_or_guest(request))
    return deps, await reading(request, account_id, visitor, deps)


def _short(query_string: bytes) -> str:
    """The query if it may be of a usual form: nothing longer is looked at, or remembered."""
    return query_string.decode("latin-1") if len(query_string) <= _LONGEST else _UNKNOWN


def named(request: Request, *names: str) -> bool:
    """Whether these path parameters look like ids."""
    return all(is_id(request.path_params[name]) for name in names)


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def count(text: str) -> int | None:
    """A number from one on, or None."""
    return int(text) if _COUNT.fullmatch(text) else None


def _json(text: bytes) -> Response:
    return Response(text, media_type="application/json")
