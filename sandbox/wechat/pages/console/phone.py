"""The middle: the follower's phone, showing the chat with the chosen account."""

import re
from html import escape, unescape
from typing import Any

from sandbox.wechat import chat, menus
from sandbox.wechat.clock import beijing
from sandbox.wechat.pages.console.icons import icon
from sandbox.wechat.pages.console.markup import View, api_button, choice, field, picture_of
from sandbox.wechat.records import Account, Follower, Message

_LINK = re.compile(r"&lt;a\s+href=(?:&quot;|&#x27;)(https?://[^\s<]+?)(?:&quot;|&#x27;)[^<]*?&gt;(.*?)&lt;/a&gt;", re.S)
_PAUSE = 300.0
_SHOWN = 200


def bar(view: View) -> str:
    """The top of the chat: whose it is, and what time it is there."""
    now = beijing(view.world.clock.now()).strftime("%H:%M")
    title = view.account.name if view.account else "微信"
    person = view.world.person_of(view.follower).nickname if view.follower else ""
    as_whom = f"<small>以“{escape(person)}”的身份</small>" if person else ""
    return f'<span class="hour">{now}</span><b>{escape(title)}</b>{as_whom}'


def body(view: View) -> str:
    """The chat's lines, or what stands in their place."""
    if view.account is None or view.follower is None:
        return (
            '<div class="welcome"><p class="big">这是粉丝的手机</p>'
            "<p>从左边选一个公众号和一位粉丝，就可以在这里关注、发消息、点菜单、看文章、进入微社区。</p></div>"
        )
    lines = chat.lines(view.world, view.follower)[-_SHOWN:]
    shown, before = [], 0.0
    for line in lines:
        if line.at - before > _PAUSE:
            shown.append(f'<p class="when">{_when(view, line.at)}</p>')
        before = line.at
        shown.append(_line(view, view.account, view.follower, line))
    if not view.follower.subscribed:
        shown.append(_profile(view, view.account))
    elif not lines:
        shown.append('<p class="when">还没有消息</p>')
    return "".join(shown)


def _when(view: View, at: float) -> str:
    moment, today = beijing(at), beijing(view.world.clock.now())
    return moment.strftime("%H:%M" if moment.date() == today.date() else "%m月%d日 %H:%M")


def _profile(view: View, account: Account) -> str:
    follow = api_button("关注公众号", f"POST {view.acts()}", {"act": "follow"}, "follow")
    intro = escape(account.intro or "关注后可以收到消息和文章。")
    return (
        f'<div class="profile">{picture_of(account.name, account.avatar, "face large")}'
        f"<b>{escape(account.name)}</b><p>{intro}</p>{follow}</div>"
    )


def _line(view: View, account: Account, follower: Follower, line: Message) -> str:
    if line.sender == "platform":
        return f'<p class="notice {escape(line.kind)}">{escape(line.text)}</p>'
    content = _content(line, view.acts())
    if line.sender == "follower":
        person = view.world.person_of(follower)
        face = picture_of(person.nickname, view.world.avatar_url(person))
        return f'<div class="line mine"><div class="said">{content}</div>{face}</div>'
    if len(line.articles) > 1 or (line.articles and line.articles[0].get("picture")):
        return f'<div class="line wide">{content}</div>'
    return f'<div class="line">{picture_of(account.name, account.avatar)}<div class="said">{content}</div></div>'


def _content(line: Message, acts: str) -> str:
    if line.articles:
        return _notice_card(line) if line.kind == "notice_card" else _cards(line.articles)
    if line.image_url:
        url = escape(line.image_url)
        return f'<button class="picture" data-open="{url}"><img src="{url}" alt="图片"></button>'
    text = f'<div class="bubble">{_words(line.text or f"[{line.kind}]")}</div>'
    buttons = "".join(
        api_button(b["content"], f"POST {acts}", {"act": "text", "text": b["content"], "menu_id": b["id"]}, "chip")
        for b in line.buttons
    )
    tail = f'<div class="bubble">{_words(line.tail)}</div>' if line.tail else ""
    return text + (f'<div class="chips">{buttons}</div>{tail}' if buttons else "")


def _words(text: str) -> str:
    """Words with the one tag that the platform lets through in a text: a link."""

    def link(match: re.Match[str]) -> str:
        return f'<a href="{match[1]}" data-open="{match[1]}">{match[2]}</a>'

    return _LINK.sub(link, escape(text)).replace("\n", "<br>")


def _cards(articles: list[dict[str, Any]]) -> str:
    first, *others = articles
    digest = "" if others else f"<small>{escape(str(first.get('description', '')))}</small>"
    head = (
        f'<button class="cover" data-open="{escape(str(first["url"]))}">{_cover(first)}'
        f"<b>{escape(str(first['title']))}</b>"
        f"{digest}</button>"
    )
    rest = "".join(
        f'<button class="sub" data-open="{escape(str(card["url"]))}"><span>{escape(str(card["title"]))}</span>'
        f"{_cover(card)}</button>"
        for card in others
    )
    return f'<div class="cards">{head}{rest}</div>'


def _cover(card: dict[str, Any]) -> str:
    return f'<img src="{escape(str(card["picture"]))}" alt="">' if card.get("picture") else ""


def _notice_card(line: Message) -> str:
    card = line.articles[0]
    rows = "".join(f"<p>{escape(row)}</p>" for row in str(card["description"]).splitlines())
    more = f'<button class="plain" data-open="{escape(card["url"])}">查看详情</button>' if card["url"] else ""
    return f'<div class="card"><b>{escape(str(card["title"]))}</b>{rows}{more}</div>'


def menu(view: View) -> str:
    """The menu bar, if this follower sees one."""
    if view.account is None or view.follower is None or not view.follower.subscribed:
        return ""
    found = menus.menu_for(view.world, view.account, view.follower)
    if found is None:
        return '<p class="none">这个公众号没有菜单</p>'
    return "".join(_entry(view, index, button) for index, button in enumerate(found.button))


def _entry(view: View, index: int, button: dict[str, Any]) -> str:
    children = button.get("sub_button") or []
    if not children:
        return _tap(view, button, [index])
    inner = "".join(_tap(view, child, [index, number]) for number, child in enumerate(children))
    name = escape(unescape(str(button["name"])))
    return f'<details class="entry" name="menu"><summary>{icon("list")}{name}</summary><div>{inner}</div></details>'


def _tap(view: View, button: dict[str, Any], path: list[int]) -> str:
    return api_button(str(button["name"]), f"POST {view.acts()}", {"act": "menu", "path": path}, "entry")


def community(view: View) -> str:
    """The way into the micro-community, if the account tells one."""
    if view.account is None or not view.account.community_url:
        return ""
    address = escape(view.account.community_url)
    return f'<button type="button" class="community" data-open="{address}">{icon("people")}进入微社区</button>'


def forms(view: View) -> str:
    """What can be typed or sent on this phone. Not drawn anew by itself: somebody may be typing."""
    if view.account is None or view.follower is None:
        return ""
    pictures = view.api(f"/followers/{view.follower.openid}/pictures")
    return (
        f'<form class="say" data-api="POST {view.acts()}" data-fixed=\'{{"act":"text"}}\'>'
        f'<button type="button" class="round" data-toggle="menu" aria-label="显示或隐藏菜单">{icon("keyboard")}'
        '</button><input name="text" autocomplete="off" aria-label="消息" placeholder="发消息" required>'
        f'<button type="button" class="round" data-toggle="more" aria-label="更多">{icon("plus")}</button>'
        '<button class="send">发送</button></form>'
        f'<div class="more">{_more(view, pictures)}</div>'
    )


def _more(view: View, pictures: str) -> str:
    act = f"POST {view.acts()}"
    codes = {
        code.ticket: f"场景 {code.scene_str or code.scene_id}"
        for code in view.world.qrcodes.all("")
        if view.account and code.appid == view.account.appid
    }
    notices = {t.template_id: t.title for t in view.world.templates.all(view.account.appid if view.account else "")}
    scan = field("扫场景二维码", "scene", hint="场景值") + '<button class="plain">扫码</button>'
    if codes:
        scan = choice("扫场景二维码", "ticket", codes) + '<button class="plain">扫码</button>'
    asked = choice("订阅通知", "template_id", notices) + '<button class="plain">同意一次</button>' if notices else ""
    notice = f'<form data-api="{act}" data-fixed=\'{{"act":"notice"}}\'>{asked}</form>' if asked else ""
    place = {"act": "location", "text": "集团总部"}
    return (
        f'<label class="tile">{icon("picture")}图片'
        f'<input type="file" accept="image/*" data-upload="{pictures}"></label>'
        f"{api_button('位置', act, place, 'tile')}"
        f"{api_button('撤回网页授权', act, {'act': 'withdraw_authorisation'}, 'tile')}"
        f"{api_button('取消关注', act, {'act': 'unfollow'}, 'tile danger', '确定取消关注？')}"
        f'<form data-api="{act}" data-fixed=\'{{"act":"scan"}}\'>{scan}</form>{notice}'
    )
