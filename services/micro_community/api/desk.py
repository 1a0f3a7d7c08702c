"""The operators' page for live chat, until the console has it: a few files, served as they are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import Response

from kit.refusal import NotFound
from kit.routes import Routes
from services.micro_community.api.guards import AccountId, Deps

PARTS = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "parts.js": "text/javascript",
    "chats.js": "text/javascript",
    "talk.js": "text/javascript",
    "canned.js": "text/javascript",
}
router = Routes(include_in_schema=False)
# Its own script and style, its own service; nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("/{account_id}/desk")
async def desk(account_id: AccountId, deps: Deps) -> Response:
    """The page; it asks for what it shows, and whoever may not see that is asked to sign in."""
    await deps.repos.communities.of(account_id)
    return _file("desk.html", "text/html")


@router.get("/{account_id}/desk/{name}")
async def part(account_id: AccountId, name: str) -> Response:
    """Style and scripts: the same for every account."""
    if name not in PARTS:
        raise NotFound
    return _file(name, PARTS[name])


def _file(name: str, media_type: str) -> Response:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    return Response(_content(name), media_type=media_type, headers=headers)


@cache
def _content(name: str) -> bytes:
    return (files("services.micro_community.api") / "desk_page" / name).read_bytes()
