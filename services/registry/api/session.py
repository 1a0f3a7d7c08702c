"""Signing in and out."""

from __future__ import annotations

from fastapi import Request, Response

from kit.routes import Routes
from kit.web import COOKIES, Person
from services.registry.api.callers import Parts, address_of, token_of
from services.registry.processes.signing_in import SignIn, show_session, sign_in, sign_out
from services.registry.schemas.fields import PROBLEMS
from services.registry.schemas.requests import SignInBody
from services.registry.schemas.responses import SessionView, SignedIn

router = Routes(prefix="/session", tags=["session"], responses=PROBLEMS)


@router.post("", response_model=SignedIn, status_code=201)
async def post_session(body: SignInBody, request: Request, response: Response, deps: Parts) -> SignedIn:
    """Sign in with login and password."""
    attempt = SignIn(body.login, address_of(request), body.password.get_secret_value())
    opened = await sign_in(deps, attempt)
    response.set_cookie(
        COOKIES["person"],
        opened.token,
        max_age=int(deps.settings.token_hours * 3600),
        path="/",
        secure=deps.settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )
    response.headers["cache-control"] = "no-store"
    return SignedIn(token=opened.token, expires_at=opened.expires_at, person=opened.person)


@router.get("", response_model=SessionView)
async def get_session(request: Request, _: Person, deps: Parts) -> SessionView:
    """Who is signed in, with today's roles, and until when."""
    return await show_session(deps, token_of(request))


@router.delete("", status_code=204)
async def delete_session(request: Request, response: Response, deps: Parts) -> None:
    """Sign out. Signing out twice is signing out once."""
    await sign_out(deps, token_of(request))
    response.delete_cookie(
        COOKIES["person"], path="/", secure=deps.settings.secure_cookies, httponly=True, samesite="strict"
    )
