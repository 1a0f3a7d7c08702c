"""Menus: what a valid one is, which one a follower sees, and what tapping an entry does (§3.7)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sandbox.wechat import acting, chat
from sandbox.wechat.content import Menu
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.platform import Platform
from sandbox.wechat.pushxml import Node
from sandbox.wechat.records import Account, Follower, Push
from sandbox.wechat.world import World

DEFAULT = "default"
_SCANS = ("scancode_push", "scancode_waitmsg")
_PHOTOS = ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
_KEYED = ("click", *_SCANS, *_PHOTOS, "location_select")
_MEDIA = ("media_id", "view_limited")
_ARTICLE = ("article_id", "article_view_limited")


def check(buttons: Any) -> list[dict[str, Any]]:
    """A menu's buttons as given, or the refusal for the first thing wrong with them."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise WeChatError(40016)
    for button in buttons:
        if not isinstance(button, dict):
            raise WeChatError(40016)
        _check_name(button, 16, 40018)
        children = button.get("sub_button") or []
        if not isinstance(children, list) or len(children) > 5:
            raise WeChatError(40023)
        if not children:
            _check_action(button, (40017, 40019, 40020, 40054))
        elif button.get("type"):
            raise WeChatError(40017)
        for child in children:
            _check_name(child, 60, 40025)
            _check_action(child, (40024, 40026, 40027, 40055))
    return buttons


def _check_name(button: dict[str, Any], limit: int, code: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= limit:
        raise WeChatError(code)


def _check_action(button: dict[str, Any], codes: tuple[int, int, int, int]) -> None:
    wrong_type, wrong_key, wrong_url, wrong_domain = codes
    kind = button.get("type")
    if kind in _KEYED:
        key = button.get("key")
        if not isinstance(key, str) or not 1 <= len(key.encode()) <= 128:
            raise WeChatError(wrong_key)
    elif kind in ("view", "miniprogram"):
        url = button.get("url")
        if not isinstance(url, str) or not 1 <= len(url.encode()) <= 1024:
            raise WeChatError(wrong_url)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WeChatError(wrong_domain)
    elif kind in _MEDIA or kind in _ARTICLE:
        if not button.get("media_id" if kind in _MEDIA else "article_id"):
            raise WeChatError(40007)
    else:
        raise WeChatError(wrong_type)


def leaves(buttons: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for button in buttons:
        yield from button.get("sub_button") or [button]


def default_menu(world: World, appid: str) -> Menu | None:
    return world.menus.get(appid, DEFAULT)


def conditional_menus(world: World, appid: str) -> list[Menu]:
    """Newest first, as they are tried."""
    return [menu for menu in reversed(world.menus.all(appid)) if menu.matchrule]


def menu_for(world: World, account: Account, follower: Follower) -> Menu | None:
    """The newest menu whose rule the follower meets, else the default one."""
    last_tag = str(follower.tags[-1]) if follower.tags else ""
    for menu in conditional_menus(world, account.appid):
        tag = str(menu.matchrule.get("tag_id", "") or "")
        platform_type = str(menu.matchrule.get("client_platform_type", "") or "")
        if tag in ("", last_tag) and platform_type in ("", "2"):
            return menu
    return default_menu(world, account.appid)


def material_in_use(world: World, appid: str, media_id: str) -> bool:
    return any(button.get("media_id") == media_id for menu in world.menus.all(appid) for button in leaves(menu.button))


def tap(
    platform: Platform, account: Account, follower: Follower, path: list[int], result: str = ""
) -> tuple[Push | None, str]:
    """Tap the entry at `path` (indices from 0). Answers the push, if the entry makes one, and the URL to open."""
    world = platform.world
    menu = menu_for(world, account, follower)
    if not follower.subscribed or menu is None:
        raise acting.Impossible("看不到菜单：未关注，或公众号没有菜单")
    button = _entry(menu, path)
    kind = button.get("type")
    if kind in _MEDIA or kind in _ARTICLE:
        return None, _show_content(world, account, follower, button)
    key = str(button.get("key") or button.get("pagepath") or button.get("url") or "")
    event = {"click": "CLICK", "view": "VIEW", "miniprogram": "view_miniprogram"}.get(str(kind), str(kind))
    nodes: list[tuple[str, Node]] = [("EventKey", key)]
    if menu.matchrule or kind in ("view", "miniprogram"):
        nodes.append(("MenuId", menu.menu_id))
    nodes.extend(_gathered(str(kind), result))
    if kind in ("click", *_SCANS):
        chat.window_of_touch(world, follower, "menu")
    push = acting.event(platform, account, follower, event, *nodes, quiet=kind in ("view", "miniprogram"))
    return push, str(button.get("url", "")) if kind in ("view", "miniprogram") else ""


def _entry(menu: Menu, path: list[int]) -> dict[str, Any]:
    try:
        button = menu.button[path[0]]
        return button["sub_button"][path[1]] if len(path) > 1 else button
    except (IndexError, KeyError) as error:
        raise acting.Impossible("菜单里没有这一项") from error


def _gathered(kind: str, result: str) -> list[tuple[str, Node]]:
    """What the phone collected before the event: a scanned code, photos, a place."""
    if kind in _SCANS:
        return [("ScanCodeInfo", [("ScanType", "qrcode"), ("ScanResult", result)])]
    if kind in _PHOTOS:
        return [("SendPicsInfo", [("Count", 1), ("PicList", [("item", [("PicMd5Sum", result or "0" * 32)])])])]
    if kind == "location_select":
        place: list[tuple[str, Node]] = [("Location_X", "31.23"), ("Location_Y", "121.47")]
        return [("SendLocationInfo", [*place, ("Scale", "15"), ("Label", result), ("Poiname", "")])]
    return []


def _show_content(world: World, account: Account, follower: Follower, button: dict[str, Any]) -> str:
    """An entry that shows something of the account itself: no event, the thing appears in the chat."""
    media_id = str(button.get("media_id", ""))
    if media_id:
        chat.add(
            world,
            follower,
            "account",
            "image",
            image_url=chat.media_url(world, account.appid, media_id),
            origin="menu",
        )
        return ""
    for publication in world.publications.all(account.appid):
        if publication.article_id == button.get("article_id"):
            cards = [chat.article_card(world, page_id) for page_id in publication.page_ids]
            chat.add(world, follower, "account", "news", articles=cards, origin="menu")
            return str(cards[0]["url"]) if cards else ""
    raise acting.Impossible("菜单指向的文章已不存在")
