"""The left side: accounts, the chosen one's settings, its followers."""

from html import escape

from sandbox.wechat.pages.console.markup import (
    View,
    api_button,
    badge,
    choice,
    field,
    folded,
    picture_of,
)
from sandbox.wechat.records import Account, Follower

KINDS = {"service": "服务号", "subscription": "订阅号"}
MODES = {"safe": "安全模式", "compatible": "兼容模式", "plain": "明文模式"}
_MANY = 200


def accounts(view: View) -> str:
    """The list of accounts."""
    rows = "".join(_account(view, account) for account in view.world.accounts.all(""))
    return rows or '<p class="empty">还没有公众号。用下面的“新建公众号”添加一个，或让程序通过控制接口创建。</p>'


def _account(view: View, account: Account) -> str:
    here = view.account is not None and view.account.appid == account.appid
    pushed = "on" if account.callback_enabled else "off"
    told = "服务器配置已启用" if account.callback_enabled else "未启用服务器配置"
    fans = sum(1 for follower in view.world.followers.all(account.appid) if follower.subscribed)
    kind = KINDS[account.kind] + ("" if account.verified else " · 未认证")
    return (
        f'<a class="row{" here" if here else ""}" href="{escape(view.link(appid=account.appid))}">'
        f'{picture_of(account.name, account.avatar)}<span class="what"><b>{escape(account.name)}</b>'
        f"<small>{kind} · {fans} 位粉丝</small></span>"
        f'<i class="dot {pushed}" title="{told}" aria-label="{told}"></i></a>'
    )


def details(view: View) -> str:
    """What the account's console shows of it."""
    account = view.account
    if account is None:
        return ""
    rows = {
        "AppID": account.appid,
        "原始 ID": account.original_id,
        "回调地址": account.callback_url or "未填写",
        "消息加解密": MODES[account.mode] if account.callback_enabled else "未启用",
        "网页授权域名": "、".join(account.oauth_domains) or "未填写",
        "JS 接口安全域名": "、".join(account.js_domains) or "未填写",
        "微社区地址": account.community_url or "未填写",
    }
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows.items())
    secrets = {"AppSecret": account.secret, "Token": account.token, "EncodingAESKey": account.encoding_aes_key}
    hidden = "".join(f"<dt>{name}</dt><dd><code>{escape(value)}</code></dd>" for name, value in secrets.items())
    return f"<dl>{listed}</dl>" + folded("secrets", "开发者密钥", f"<dl>{hidden}</dl>", css="quiet")


def account_forms(view: View) -> str:
    """Changing the chosen account, and making a new one."""
    new = (
        field("名称", "name", hint="例如：集团之声")
        + choice("类型", "kind", KINDS)
        + choice("认证", "verified", {"true": "已认证", "false": "未认证"})
        + '<button class="primary">创建</button>'
    )
    forms = ""
    if view.account is not None:
        forms = folded("console", "公众号后台设置", _settings_forms(view, view.account), css="tool")
    made = f'<form data-api="POST /_control/accounts" data-go="appid">{new}</form>'
    first = not view.world.accounts.all("")
    return forms + folded("new-account", "新建公众号", made, css="tool", opened=first)


def _settings_forms(view: View, account: Account) -> str:
    callback = (
        field("服务器地址 URL", "url", value=account.callback_url, hint="http://…/callback")
        + choice("消息加解密方式", "mode", MODES, account.mode)
        + '<button class="primary">提交并验证</button>'
    )
    other = (
        field("名称", "name", value=account.name)
        + field("网页授权域名（可带端口）", "oauth_domains", value=",".join(account.oauth_domains))
        + field("JS 接口安全域名", "js_domains", value=",".join(account.js_domains))
        + field("“进入微社区”地址", "community_url", value=account.community_url)
        + choice("群发保护", "mass_protection", {"false": "关", "true": "开"}, str(account.mass_protection).lower())
        + '<button class="primary">保存</button>'
    )
    return (
        f'<form data-api="PUT {view.api("/callback")}" data-tell="callback" data-keep>{callback}</form>'
        f'<form data-api="PATCH {view.api()}" data-lists="oauth_domains js_domains">{other}</form>'
    )


def followers(view: View) -> str:
    """The chosen account's followers and everybody else who has WeChat."""
    if view.account is None:
        return '<p class="empty">先选择一个公众号。</p>'
    related = {f.person_id: f for f in view.world.followers.all(view.account.appid)}
    people = view.world.people.all("")[-_MANY:]
    rows = "".join(_person(view, person.person_id, related.get(person.person_id)) for person in people)
    return rows or '<p class="empty">还没有人。添加一位，就能用中间的手机替 TA 操作。</p>'


def _person(view: View, person_id: str, follower: Follower | None) -> str:
    person = view.world.people.get("", person_id)
    if person is None or view.account is None:
        return ""
    here = view.follower is not None and view.follower.person_id == person_id
    state = badge("已关注", "good") if follower and follower.subscribed else badge("未关注")
    target = follower.openid if follower else person_id
    return (
        f'<a class="row{" here" if here else ""}" '
        f'href="{escape(view.link(appid=view.account.appid, openid=target))}">'
        f"{picture_of(person.nickname, view.world.avatar_url(person))}"
        f'<span class="what"><b>{escape(person.nickname)}</b></span>{state}</a>'
    )


def follower_form(view: View) -> str:
    if view.account is None:
        return ""
    inner = field("昵称", "nickname", hint="例如：粉丝甲") + '<button class="primary">添加并关注</button>'
    crowd = api_button("添加 100 位安静的粉丝", f"POST {view.api('/followers/crowd')}", {"count": 100}, "plain")
    return (
        f'<form class="inline" data-api="POST {view.api("/followers")}" data-go="openid">{inner}</form>'
        f'<div class="under">{crowd}</div>'
    )
