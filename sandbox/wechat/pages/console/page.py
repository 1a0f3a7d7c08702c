"""The whole control page and the panels that are drawn anew while it is open."""

from html import escape
from urllib.parse import urlencode

import httpx
from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from sandbox.wechat import acting
from sandbox.wechat.control.parts import Here
from sandbox.wechat.pages.console import machinery, people, phone
from sandbox.wechat.pages.console.markup import View
from sandbox.wechat.pages.routes import PERSON_COOKIE
from sandbox.wechat.platform import Platform

PANELS = {
    "accounts": people.accounts,
    "details": people.details,
    "followers": people.followers,
    "bar": phone.bar,
    "chat": phone.body,
    "menu": phone.menu,
    "community": phone.community,
    "clock": machinery.clock,
    "faults": machinery.faults,
    "waiting": machinery.waiting,
    "pushes": machinery.pushes,
    "calls": machinery.calls,
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; "
    "connect-src 'self'; frame-src http: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _view(here: Platform, appid: str, openid: str) -> View:
    """The chosen account (the only one, when there is one) and the person in it."""
    world = here.world
    known = world.accounts.all("")
    account = world.accounts.get("", appid) or (known[0] if len(known) == 1 else None)
    if account is None:
        return View(world, None, None)
    follower = world.followers.get(account.appid, openid)
    if follower is None and world.people.get("", openid):
        follower = acting.follower_of(here, account, openid)
    return View(world, account, follower)


def _live(view: View, name: str, *, tag: str = "div", css: str = "") -> str:
    """A place whose content is drawn anew when something changed."""
    return f'<{tag} class="{css}" data-live="{name}">{PANELS[name](view)}</{tag}>'


def _left(view: View) -> str:
    return (
        '<section class="side" data-tab="people">'
        "<header><b>微信公众平台沙箱</b><small>模拟环境，不连接真实微信</small></header>"
        f"<h2>公众号</h2>{_live(view, 'accounts')}{people.account_forms(view)}"
        f"<h2>粉丝</h2>{people.follower_form(view)}{_live(view, 'followers')}"
        f"<h2>公众号信息</h2>{_live(view, 'details', css='details')}</section>"
    )


def _middle(view: View) -> str:
    return (
        '<section class="middle" data-tab="phone"><div class="phone">'
        f"{_live(view, 'bar', tag='header')}{_live(view, 'community', css='way')}"
        f"{_live(view, 'chat', css='chat')}<footer>{_live(view, 'menu', css='menu')}{phone.forms(view)}</footer>"
        '<div class="viewer" hidden><header><button type="button" data-close aria-label="关闭">✕</button>'
        '<b></b><a target="_blank" rel="noreferrer">新窗口打开</a></header><iframe title="网页"></iframe></div>'
        "</div></section>"
    )


def _right(view: View) -> str:
    return (
        '<section class="side" data-tab="machinery">'
        f"<h2>时钟</h2>{_live(view, 'clock', css='clock')}<div class='chips'>{machinery.clock_buttons()}</div>"
        f"<h2>故障</h2>{machinery.fault_buttons()}{_live(view, 'faults')}"
        f"<h2>群发</h2>{_live(view, 'waiting')}<h2>推送记录</h2>{_live(view, 'pushes')}"
        f"<h2>接口调用</h2>{_live(view, 'calls')}</section>"
    )


async def control_page(here: Here, appid: str = "", openid: str = "") -> Response:
    """The page; whoever is chosen on it is from then on the holder of the phone (a cookie for the OAuth page)."""
    view = _view(here, appid, openid)
    chosen = urlencode(
        {
            "appid": view.account.appid if view.account else "",
            "openid": view.follower.openid if view.follower else "",
        }
    )
    tab = "phone" if view.follower else "people"
    markup = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>微信公众平台沙箱</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/_static/console.css">'
        '<script src="/_static/console.js" defer></script></head>'
        f'<body data-chosen="{escape(chosen)}" data-showing="{tab}">'
        f"<main>{_left(view)}{_middle(view)}{_right(view)}</main>"
        '<nav><button data-show="people">公众号</button><button data-show="phone">手机</button>'
        '<button data-show="machinery">平台</button></nav><div class="toast" role="status" hidden></div></body></html>'
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    response = HTMLResponse(markup, headers=headers)
    if view.follower:
        response.set_cookie(PERSON_COOKIE, view.follower.person_id, httponly=True, samesite="lax")
    return response


async def panels(here: Here, appid: str = "", openid: str = "") -> dict[str, str]:
    """All panels at once, by name."""
    view = _view(here, appid, openid)
    return {name: draw(view) for name, draw in PANELS.items()}


async def framable(url: str) -> dict[str, bool]:
    """Whether a page lets itself be shown inside the phone; if not, the browser opens it beside."""
    if not url.startswith(("http://", "https://")):
        return {"framable": False}
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as http:
            answer = await http.get(url)
    except (httpx.HTTPError, httpx.InvalidURL):
        return {"framable": True}
    policy = answer.headers.get("content-security-policy", "")
    return {"framable": "x-frame-options" not in answer.headers and "frame-ancestors" not in policy}


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", control_page, methods=["GET"])
    router.add_api_route("/_page/panels", panels, methods=["GET"])
    router.add_api_route("/_page/framable", framable, methods=["GET"])
    return router
