"""What registry's routes ask for besides the kit's: the parts, and the caller as they are now.

Every gateway believes a token until it ends. Registry, which has the sessions and the roles at hand, also looks whether
the session still stands, and goes by today's roles instead of those in the token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request

from kit.auth import Grant, Principal
from kit.web import COOKIES, Person
from services.registry.dependencies import Dependencies
from services.registry.domain import authority
from services.registry.processes.signing_in import show_session
from services.registry.queries.listing import narrowed
from services.registry.schemas.fields import UnitPath


async def parts(request: Request) -> Dependencies:
    found: Dependencies = request.app.state.dependencies
    return found


def token_of(request: Request) -> str:
    """The token that the request carries; empty if none."""
    header = request.headers.get("authorization", "")
    bearer = header[7:].strip() if header[:7].lower() == "bearer " else ""
    return bearer or request.cookies.get(COOKIES["person"], "")


def address_of(request: Request) -> str:
    """Where the request came from. The server in front fills it in from the edge's header."""
    return request.client.host if request.client else "unknown"


async def caller(request: Request, principal: Person) -> Principal:
    """The caller with the roles that they hold at this moment.

    Raises:
        Unauthenticated, TokenInvalid, TokenExpired, SessionEnded
    """
    session = await show_session(await parts(request), token_of(request))
    grants = tuple(Grant(held.role, held.path) for held in session.person.roles)
    return replace(principal, grants=grants, name=session.person.display_name)


Parts = Annotated[Dependencies, Depends(parts)]
Caller = Annotated[Principal, Depends(caller)]
UnitPathQuery = Annotated[UnitPath | None, Query(description="Only at this path and below.")]


def seen_paths(principal: Principal, unit_path: str | None = None) -> tuple[str, ...]:
    """Where the caller may look, narrowed to what is asked for."""
    return narrowed(principal.paths(*authority.SEES), unit_path)
