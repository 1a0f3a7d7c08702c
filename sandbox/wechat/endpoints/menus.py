"""menu/*: the default menu, conditional menus, and what a given follower sees."""

from typing import Any

from sandbox.wechat import menus
from sandbox.wechat.calls import MENU, VERIFIED, Answer, Call, Endpoint, integer, ok, text
from sandbox.wechat.content import Menu
from sandbox.wechat.errors import WeChatError

_PRIVATE = ("sex", "country", "province", "city", "language")


def _new_id(call: Call) -> int:
    return 200_000_000 + call.world.number() % 700_000_000


def create(call: Call) -> Answer:
    """Replace the whole default menu."""
    button = menus.check(call.json().get("button"))
    call.world.menus.delete(call.appid, menus.DEFAULT)
    menu = Menu(menu_id=_new_id(call), button=button, created_at=call.now)
    call.world.menus.put(call.appid, menus.DEFAULT, menu)
    call.note("menu", button=button)
    return ok()


def get(call: Call) -> Answer:
    default = menus.default_menu(call.world, call.appid)
    if default is None:
        raise WeChatError(46003)
    conditional = menus.conditional_menus(call.world, call.appid)
    if not conditional:
        return {"menu": {"button": _padded(default)}}
    return {
        "menu": {"button": _padded(default), "menuid": default.menu_id},
        "conditionalmenu": [
            {"button": _padded(menu), "matchrule": menu.matchrule, "menuid": menu.menu_id} for menu in conditional
        ],
    }


def _padded(menu: Menu) -> list[dict[str, Any]]:
    """Every button with a `sub_button`, empty or not, as the platform answers."""
    return [{**button, "sub_button": button.get("sub_button") or []} for button in menu.button]


def delete(call: Call) -> Answer:
    """Delete the default menu and with it every conditional one."""
    call.world.menus.clear(call.appid)
    call.note("menu_deleted")
    return ok()


def current(call: Call) -> Answer:
    """get_current_selfmenu_info: the menu in use, children wrapped in `list`."""
    default = menus.default_menu(call.world, call.appid)
    if default is None:
        return {"is_menu_open": 0, "selfmenu_info": {"button": []}}
    shown = []
    for button in default.button:
        children = button.get("sub_button") or []
        entry = {key: value for key, value in button.items() if key != "sub_button"}
        shown.append({**entry, "sub_button": {"list": children}} if children else entry)
    return {"is_menu_open": 1, "selfmenu_info": {"button": shown}}


def add_conditional(call: Call) -> Answer:
    body = call.json()
    if menus.default_menu(call.world, call.appid) is None:
        raise WeChatError(65303)
    rule = body.get("matchrule")
    if not isinstance(rule, dict) or not any(rule.values()):
        raise WeChatError(65304)
    if any(rule.get(name) for name in _PRIVATE):
        raise WeChatError(65320)
    menu = Menu(menu_id=_new_id(call), button=menus.check(body.get("button")), matchrule=rule, created_at=call.now)
    call.world.menus.put(call.appid, str(menu.menu_id), menu)
    call.note("conditional_menu", menuid=menu.menu_id, matchrule=rule)
    return {"menuid": str(menu.menu_id)}


def delete_conditional(call: Call) -> Answer:
    menu_id = integer(call.json(), "menuid", wrong=65301)
    if call.world.menus.delete(call.appid, str(menu_id)) is None:
        raise WeChatError(65301)
    call.note("conditional_menu_deleted", menuid=menu_id)
    return ok()


def try_match(call: Call) -> Answer:
    """Which menu the follower with this openid, or of this name, sees."""
    user = text(call.json(), "user_id", 40003)
    follower = call.world.followers.get(call.appid, user) or next(
        (f for f in call.world.followers.all(call.appid) if call.world.person_of(f).nickname == user), None
    )
    if follower is None:
        raise WeChatError(46004)
    menu = menus.menu_for(call.world, call.account, follower)
    if menu is None:
        raise WeChatError(46003)
    return {"button": _padded(menu)}


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/menu/create", create, MENU, daily=1000, literal_escapes=True),
    Endpoint("GET", "/cgi-bin/menu/get", get, MENU, daily=10_000),
    Endpoint("GET", "/cgi-bin/menu/delete", delete, MENU, daily=1000),
    Endpoint("GET", "/cgi-bin/get_current_selfmenu_info", current, MENU, daily=10_000),
    Endpoint("POST", "/cgi-bin/menu/addconditional", add_conditional, VERIFIED, daily=2000, literal_escapes=True),
    Endpoint("POST", "/cgi-bin/menu/delconditional", delete_conditional, VERIFIED, daily=2000),
    Endpoint("POST", "/cgi-bin/menu/trymatch", try_match, VERIFIED, daily=20_000),
)
