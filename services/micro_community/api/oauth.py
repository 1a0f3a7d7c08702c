"""Sign-in with WeChat. Codes work once, so every address a browser may come back to leads somewhere safe."""

from __future__ import annotations

import html
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kit.refusal import Refusal
from kit.routes import Routes
from kit.web import COOKIES, Visitor
from services.micro_community.adapters import oauth_state
from services.micro_community.adapters.oauth_state import SignIn
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.landing import own_path
from services.micro_community.processes.sign_in import CodeUsed, SignInWithCode, sign_in

router = Routes(tags=["sign-in"], responses=PROBLEMS, default_response_class=RedirectResponse)
STATE_COOKIE = "guanwei_oauth"
Scope = Literal["snsapi_base", "snsapi_userinfo"]


@router.get("/{account_id}/oauth/start", status_code=302, response_model=None)
async def start(
    account_id: AccountId,
    request: Request,
    deps: Deps,
    return_to: Annotated[str | None, Query(max_length=512)] = None,
    scope: Annotated[Scope, Query()] = "snsapi_base",
    attempt: Annotated[int, Query(ge=1, le=9)] = 1,
) -> Response:
    """To WeChat's page, which comes back with a code."""
    landing = _landing(deps, account_id)
    try:
        landing = own_path(return_to) if return_to else landing
        return await _leave(deps, account_id, landing, scope, attempt)
    except Refusal as refusal:
        return _told(request, refusal, landing)


async def _leave(deps: Dependencies, account_id: str, landing: str, scope: Scope, attempt: int) -> Response:
    """Raises NotFound, SignInNotReady, SignInLoops."""
    app_id = (await deps.repos.communities.of(account_id)).app()
    ends_at = int(deps.clock.now().timestamp()) + oauth_state.LASTS_SECONDS
    under_way = SignIn(account_id, oauth_state.new_state(attempt), landing, ends_at)
    # The order of the parameters is the one that WeChat's page checks.
    query = urlencode(
        {
            "appid": app_id,
            "redirect_uri": f"{deps.settings.public_url}/community/{account_id}/oauth/callback",
            "response_type": "code",
            "scope": scope,
            "state": under_way.state,
        }
    )
    answer = _redirect(f"{deps.settings.wechat_open_url}/connect/oauth2/authorize?{query}#wechat_redirect")
    _put(deps, answer, STATE_COOKIE, deps.states.write(under_way), _oauth_path(account_id), oauth_state.LASTS_SECONDS)
    return answer


@router.get("/{account_id}/oauth/callback", status_code=302, response_model=None)
async def callback(
    account_id: AccountId,
    request: Request,
    visitor: Visitor,
    deps: Deps,
    code: Annotated[str, Query(max_length=256)] = "",
    state: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    """From WeChat's page: sign in, then on to a clean address. Coming here twice does no harm."""
    cookie = request.cookies.get(STATE_COOKIE)
    under_way = deps.states.read(cookie, account_id=account_id, state=state, now=deps.clock.now().timestamp())
    if under_way is None or not code:
        signed_in = visitor is not None and visitor.tenant == account_id
        return await _again(deps, account_id, code, state, signed_in=signed_in)
    try:
        token, seconds = await sign_in(deps, SignInWithCode(account_id, code, under_way.return_to))
    except CodeUsed:
        return _restart(account_id, under_way.return_to, under_way.attempt + 1)
    except Refusal as refusal:
        return _told(request, refusal, under_way.return_to)
    answer = _redirect(under_way.return_to)
    _put(deps, answer, COOKIES["member"], token, f"/community/{account_id}", seconds)
    answer.delete_cookie(STATE_COOKIE, path=_oauth_path(account_id))
    return answer


async def _again(deps: Dependencies, account_id: str, code: str, state: str, *, signed_in: bool) -> Response:
    """No sign-in of this browser is under way with that state: a refresh, the back button, or a foreign link."""
    before = await deps.repos.codes.return_to(account_id, code) if code else None
    landing = before or _landing(deps, account_id)
    if signed_in:
        return _redirect(landing)
    return _restart(account_id, landing, oauth_state.attempt_of(state) + 1)


def _restart(account_id: str, return_to: str, attempt: int) -> Response:
    query = urlencode({"return_to": return_to, "attempt": min(attempt, 9)})
    return _redirect(f"/community/{account_id}/oauth/start?{query}")


def _landing(deps: Dependencies, account_id: str) -> str:
    return deps.settings.page_path.format(account_id=quote(account_id))


def _oauth_path(account_id: str) -> str:
    return f"/community/{account_id}/oauth"


def _redirect(to: str) -> Response:
    return RedirectResponse(to, 302, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _put(deps: Dependencies, answer: Response, name: str, value: str, path: str, seconds: int) -> None:
    secure = deps.settings.public_url.startswith("https://")
    answer.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="lax")


def _told(request: Request, refusal: Refusal, landing: str) -> Response:
    """What went wrong: a page for people, with a way back to what can be read without signing in."""
    if "text/html" not in request.headers.get("accept", ""):
        raise refusal
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>无法登录</title><main><h1>无法登录</h1><p>{html.escape(refusal.shown)}</p>"
        f'<p><a href="{html.escape(landing)}">先看看</a></p></main></html>'
    )
    return HTMLResponse(page, refusal.status, {"Cache-Control": "no-store"})
